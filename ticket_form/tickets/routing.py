"""Route tickets to queues and channels by the rules of the routing file."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ticket_form.errors import ConfigurationError
from ticket_form.yaml_file import read_yaml, show

LEVELS = ("L1", "L2", "L3", "L4")
PARTS = ("channels", "services", "queues", "rules", "default", "acknowledge_by", "report_to")
Known = Mapping[str, Collection[str] | None]  # allowed values of each condition of a rule; None if unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A team's queue of tickets."""

    id: str
    names: Mapping[str, str]
    level: str
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of the company that a visitor may choose; `category` limits where it is offered."""

    id: str
    names: Mapping[str, str]
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """A channel as the routing file declares it; its kind interprets the options."""

    id: str
    kind: str
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: conditions on category, language and service, and a queue; None matches everything."""

    category: str | None
    language: str | None
    queue: str
    service: str | None = None
    channels: tuple[str, ...] | None = None
    """Override the queue's channels; None keeps them."""

    def fits(self, category: str, language: str, service: str) -> bool:
        """Return whether the rule matches a ticket."""
        wanted = ((self.category, category), (self.language, language), (self.service, service))
        return all(part in (None, value) for part, value in wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The destination of a ticket: its queue, and the channels in addition to the built-in queue.

    `rule` is the number of the matching rule, from 1; None is the default.
    """

    queue: Queue
    channels: tuple[str, ...] = ()
    rule: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """The content of a routing file."""

    queues: Mapping[str, Queue]
    rules: tuple[Rule, ...]
    default: str
    services: tuple[Service, ...] = ()
    channels: Mapping[str, ChannelSettings] = field(default_factory=dict)
    acknowledge_by: str | None = None
    """The channel that sends acknowledgements; None sends none."""
    report_to: str | None = None
    """The channel that sends operator reports; None only logs them."""

    def route(self, category: str, language: str, service: str = "") -> Route:
        """Return the route by the first matching rule, else the default."""
        for number, rule in enumerate(self.rules, start=1):
            if rule.fits(category, language, service):
                queue = self.queues[rule.queue]
                return Route(
                    queue=queue, channels=queue.channels if rule.channels is None else rule.channels, rule=number
                )
        queue = self.queues[self.default]
        return Route(queue=queue, channels=queue.channels, rule=None)


def load_routing(path: Path, *, categories: Collection[str] | None, languages: Collection[str] | None) -> Routing:
    """Read the routing file, and validate it against the site's categories and languages where they are known."""
    try:
        document = read_yaml(path)
    except OSError as error:
        raise ConfigurationError(
            f"{path}: the routing file cannot be read ({error.strerror}). Set TICKET_FORM_ROUTING to an existing file."
        ) from error
    return read_routing(document, path=path, categories=categories, languages=languages)


def read_routing(
    document: object, *, path: Path, categories: Collection[str] | None, languages: Collection[str] | None
) -> Routing:
    """Convert the content of a routing file, or raise all its problems."""
    if not isinstance(document, dict):
        raise ConfigurationError(f'{path}: has no queues. Write "queues:", "rules:" and "default:".')
    problems = [f"{show(key)} is unknown. Write {', '.join(PARTS)}." for key in document if key not in PARTS]
    channels = _read_channels(document.get("channels"), problems)
    services = _read_services(document.get("services"), categories, problems)
    queues = _read_queues(document.get("queues"), channels, problems)
    known: Known = {
        "category": categories,
        "language": languages,
        "service": tuple(service.id for service in services),
        "queue": tuple(queues),
    }
    rules = _read_rules(document.get("rules"), known, channels, problems)
    default = document.get("default")
    writing = {part: document.get(part) for part in ("acknowledge_by", "report_to")}
    problems += [
        f"{part}: {_unknown('channel', name, channels)}"
        for part, name in writing.items()
        if name is not None and not _is_one_of(name, channels)
    ]
    if default is None:
        problems.append('default is missing. Add "default: <queue>" for tickets that no rule takes.')
    elif not _is_one_of(default, queues):
        problems.append(f"default: {_unknown('queue', default, queues)}")
    if problems:
        raise ConfigurationError(*(f"{path}: {problem}" for problem in problems))
    return Routing(
        queues=queues, rules=rules, default=str(default), services=services, channels=channels,
        acknowledge_by=writing["acknowledge_by"], report_to=writing["report_to"],
    )  # fmt: skip


def _read_channels(entries: object, problems: list[str]) -> dict[str, ChannelSettings]:
    channels: dict[str, ChannelSettings] = {}
    if not isinstance(entries, list | None):
        problems.append("channels is no list. Begin each channel with a dash.")
        return channels
    for number, entry in enumerate(entries or (), start=1):
        options = dict(entry) if isinstance(entry, dict) else {}
        name, kind = options.pop("id", None), options.pop("kind", None)
        if not isinstance(name, str) or not isinstance(kind, str):
            problems.append(
                f'channel {number}: {show(entry)} lacks id or kind. Write "{{id: <word>, kind: email, …}}".'
            )
        elif name in channels:
            problems.append(f"channel {number}: id {show(name)} is taken. Give each channel its own id.")
        else:
            channels[name] = ChannelSettings(id=name, kind=kind, options=options)
    return channels


def _read_services(entries: object, categories: Collection[str] | None, problems: list[str]) -> tuple[Service, ...]:
    services: dict[str, Service] = {}
    if not isinstance(entries, list | None):
        problems.append("services is no list. Begin each service with a dash.")
        return ()
    for number, entry in enumerate(entries or (), start=1):
        names = _read_names(entry)
        if isinstance(names, str):
            problems.append(f"service {number}: {names}")
            continue
        category = entry.get("category")
        if category is not None and categories is not None and category not in categories:
            problems.append(f"service {number}: {_unknown('category', category, categories)}")
        elif entry["id"] in services:
            problems.append(f"service {number}: id {entry['id']!r} is taken. Give each service its own id.")
        else:
            services[entry["id"]] = Service(id=entry["id"], names=names, category=category)
    return tuple(services.values())


def _read_queues(entries: object, channels: Collection[str], problems: list[str]) -> dict[str, Queue]:
    queues: dict[str, Queue] = {}
    if not isinstance(entries, list) or not entries:
        problems.append("queues is missing or no list. Declare at least one queue with id, name and level.")
        return queues
    for number, entry in enumerate(entries, start=1):
        queue = _read_queue(entry, channels)
        if isinstance(queue, str):
            problems.append(f"queue {number}: {queue}")
        elif queue.id in queues:
            problems.append(f"queue {number}: id {queue.id!r} is taken. Give each queue its own id.")
        else:
            queues[queue.id] = queue
    return queues


def _read_queue(entry: Any, channels: Collection[str]) -> Queue | str:
    """Return a queue, or its problem."""
    names = _read_names(entry)
    if isinstance(names, str):
        return names
    level = entry.get("level", "L1")
    if level not in LEVELS:
        return f"level of {entry['id']!r} is {show(level)}. Write one of {', '.join(LEVELS)}."
    chosen = _read_chosen(entry.get("channels", []), channels)
    if isinstance(chosen, str):
        return f"{entry['id']!r}: {chosen}"
    return Queue(id=entry["id"], names=names, level=level, channels=chosen)


def _read_names(entry: Any) -> dict[str, str] | str:
    """Return the names in an entry by language, or the problem of its id or name."""
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        return f'id is missing or no text in {show(entry)}. Write "id: <word>", with quotes if need be.'
    name = entry.get("name", entry["id"])
    names: Mapping[object, object] = name if isinstance(name, dict) else {"": name}
    if not names or not all(isinstance(text, str) and isinstance(code, str) for code, text in names.items()):
        return f"name of {entry['id']!r} is {show(name)}. Write one text, or one text for each language."
    return {str(code): str(text) for code, text in names.items()}


def _read_chosen(value: object, channels: Collection[str]) -> tuple[str, ...] | str:
    """Return the channels of a queue or a rule, or their problem."""
    if not isinstance(value, list):
        return (
            f'channels is {show(value)}. Write a list, such as "channels: [mail]", or [] for the built-in queue alone.'
        )
    for name in value:
        if not _is_one_of(name, channels):
            return _unknown("channel", name, channels)
    return tuple(dict.fromkeys(value))


def _read_rules(entries: object, known: Known, channels: Collection[str], problems: list[str]) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    if not isinstance(entries, list | None):
        problems.append("rules is no list. Begin each rule with a dash.")
        return ()
    for number, entry in enumerate(entries or (), start=1):
        found = _rule_problems(entry, known)
        chosen = _read_chosen(entry["channels"], channels) if isinstance(entry, dict) and "channels" in entry else None
        found += [chosen] if isinstance(chosen, str) else []
        problems.extend(f"rule {number}: {problem}" for problem in found)
        if not found and not isinstance(chosen, str):
            parts = {part: entry.get(part) for part in ("category", "language", "service")}
            rules.append(Rule(**parts, queue=entry["queue"], channels=chosen))
    return tuple(rules)


def _rule_problems(entry: object, known: Known) -> list[str]:
    if not isinstance(entry, dict):
        return [f'{show(entry)} is no rule. Write "{{category: <category>, queue: <queue>}}".']
    parts = (*known, "channels")
    problems = [f"{show(key)} is no part of a rule. Write {', '.join(parts)}." for key in entry if key not in parts]
    for part, choices in known.items():
        if choices is not None and part in entry and entry[part] not in choices:
            problems.append(_unknown(part, entry[part], choices))
    if "queue" not in entry:
        problems.append('queue is missing. Add "queue: <queue>".')
    if not {"category", "language", "service"} & set(entry):
        problems.append("names neither category, language nor service. Name one, or make its queue the default.")
    return problems


def _is_one_of(value: object, choices: Collection[str]) -> bool:
    """Return whether a value is one of the choices; YAML may yield any type, unhashable ones included."""
    return isinstance(value, str) and value in choices


def _unknown(part: str, value: object, choices: Collection[str]) -> str:
    declared = {"queue": "queues", "service": "services", "channel": "channels"}.get(part)
    cure = f"Declare it under {declared}, or use" if declared else "Use"
    return f"{part} {show(value)} is unknown. {cure} one of: {', '.join(choices)}."
