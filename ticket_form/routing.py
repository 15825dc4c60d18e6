"""Decide which L1 queue takes a ticket, by the rules of the routing file."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from ticket_form.errors import ConfigurationError

LEVELS = ("L1", "L2", "L3", "L4")
Known = Mapping[str, Collection[str] | None]  # what each part of a rule may name; None when that is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A team's list of tickets."""

    id: str
    names: Mapping[str, str]
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Send tickets of a category, a language, or both to a queue; None fits everything."""

    category: str | None
    language: str | None
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """The whole routing file."""

    queues: Mapping[str, Queue]
    rules: tuple[Rule, ...]
    default: str

    def route(self, category: str, language: str) -> str:
        """Return the id of the queue for a ticket: the first rule that fits, else the default."""
        for rule in self.rules:
            if rule.category in (None, category) and rule.language in (None, language):
                return rule.queue
        return self.default


def load_routing(path: Path, *, categories: Collection[str] | None, languages: Collection[str] | None) -> Routing:
    """Read the routing file and check it against the site, as far as the site is known."""
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"{path}: the routing file cannot be read ({error.strerror}). Set TICKET_FORM_ROUTING to an existing file."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ConfigurationError(f"{path}: is not valid YAML ({reason}). Correct that line.") from error
    return read_routing(document, path=path, categories=categories, languages=languages)


def read_routing(
    document: object, *, path: Path, categories: Collection[str] | None, languages: Collection[str] | None
) -> Routing:
    """Turn the content of a routing file into rules, or raise every problem it has."""
    if not isinstance(document, dict):
        raise ConfigurationError(f'{path}: has no queues. Write "queues:", "rules:" and "default:".')
    problems: list[str] = []
    queues = _read_queues(document.get("queues"), problems)
    known: Known = {"category": categories, "language": languages, "queue": tuple(queues)}
    rules = _read_rules(document.get("rules"), known, problems)
    default = document.get("default")
    if default is None:
        problems.append('default is missing. Add "default: <queue>" for tickets that no rule takes.')
    elif default not in queues:
        problems.append(f"default: {_unknown('queue', default, queues)}")
    if problems:
        raise ConfigurationError(*(f"{path}: {problem}" for problem in problems))
    return Routing(queues=queues, rules=rules, default=str(default))


def _read_queues(entries: object, problems: list[str]) -> dict[str, Queue]:
    queues: dict[str, Queue] = {}
    if not isinstance(entries, list) or not entries:
        problems.append("queues is missing or no list. Declare at least one queue with id, name and level.")
        return queues
    for number, entry in enumerate(entries, start=1):
        queue = _read_queue(entry)
        if isinstance(queue, str):
            problems.append(f"queue {number}: {queue}")
        elif queue.id in queues:
            problems.append(f"queue {number}: id {queue.id!r} is taken. Give each queue its own id.")
        else:
            queues[queue.id] = queue
    return queues


def _read_queue(entry: object) -> Queue | str:
    """Return a queue, or what is wrong with it."""
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        return f'id is missing or no text in {entry!r}. Write "id: <word>", with quotes if need be.'
    name = entry.get("name", entry["id"])
    names: Mapping[object, object] = name if isinstance(name, dict) else {"": name}
    if not names or not all(isinstance(text, str) and isinstance(code, str) for code, text in names.items()):
        return f"name of {entry['id']!r} is {name!r}. Write one text, or one text for each language."
    level = entry.get("level", "L1")
    if level not in LEVELS:
        return f"level of {entry['id']!r} is {level!r}. Write one of {', '.join(LEVELS)}."
    return Queue(id=entry["id"], names={str(code): str(text) for code, text in names.items()}, level=level)


def _read_rules(entries: object, known: Known, problems: list[str]) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    if not isinstance(entries, list | None):
        problems.append("rules is no list. Begin each rule with a dash.")
        return ()
    for number, entry in enumerate(entries or (), start=1):
        found = _rule_problems(entry, known)
        problems.extend(f"rule {number}: {problem}" for problem in found)
        if not found:
            rules.append(Rule(category=entry.get("category"), language=entry.get("language"), queue=entry["queue"]))
    return tuple(rules)


def _rule_problems(entry: object, known: Known) -> list[str]:
    if not isinstance(entry, dict):
        return [f'{entry!r} is no rule. Write "{{category: <category>, queue: <queue>}}".']
    problems = [f"{key!r} is no part of a rule. Write {', '.join(known)}." for key in entry if key not in known]
    for field, choices in known.items():
        if choices is not None and field in entry and entry[field] not in choices:
            problems.append(_unknown(field, entry[field], choices))
    if "queue" not in entry:
        problems.append('queue is missing. Add "queue: <queue>".')
    if "category" not in entry and "language" not in entry:
        problems.append("names neither category nor language. Name one, or make its queue the default.")
    return problems


def _unknown(field: str, value: object, choices: Collection[str]) -> str:
    cure = "Declare it under queues, or use" if field == "queue" else "Use"
    return f"{field} {value!r} is unknown. {cure} one of: {', '.join(choices)}."
