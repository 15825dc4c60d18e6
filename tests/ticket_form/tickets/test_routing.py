"""Which queue takes a ticket."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticket_form.errors import ConfigurationError
from ticket_form.portal.portal_site import load_site
from ticket_form.settings import PACKAGED_ROUTING
from ticket_form.tickets.routing import Routing, load_routing, read_routing
from ticket_form.tickets.ticket import OTHER_CATEGORY
from ticket_form.yaml_file import parse_yaml

RULES = """
queues:
  - {id: desk, name: Desk, level: L1}
  - {id: desk-ko, name: {en: Korean desk, ko: 한국어 데스크}, level: L1}
  - {id: network, name: Network, level: L2}
rules:
  - {category: network, language: ko, queue: desk-ko}
  - {category: network, queue: network}
  - {language: ko, queue: desk-ko}
default: desk
"""


def parsed(text: str) -> Any:
    return parse_yaml(text, Path("my.yml"))


def read(text: str) -> Routing:
    return read_routing(
        parsed(text), path=Path("my.yml"), categories=["network", "email", "other"], languages=["en", "ko"]
    )


@pytest.mark.parametrize(
    ("category", "language", "queue"),
    [("network", "ko", "desk-ko"), ("network", "en", "network"), ("email", "ko", "desk-ko"), ("other", "en", "desk")],
)
def test_the_first_rule_that_fits_takes_the_ticket(category: str, language: str, queue: str) -> None:
    assert read(RULES).route(category, language).queue.id == queue


def test_queues_have_names_and_levels() -> None:
    queues = read(RULES).queues
    assert queues["desk-ko"].names["ko"] == "한국어 데스크"
    assert queues["desk"].names == {"": "Desk"}
    assert queues["network"].level == "L2"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "category: network, queue",
            "category: kitchen, queue",
            "rule 2: category 'kitchen' is unknown. Use one of: network, email, other.",
        ),
        ("{language: ko, queue", "{language: kr, queue", "rule 3: language 'kr' is unknown. Use one of: en, ko."),
        ("{language: ko, queue", "{language: no, queue", "rule 3: language 'no' is unknown. Use one of: en, ko."),
        (
            "queue: network}",
            "queue: nets}",
            "rule 2: queue 'nets' is unknown. Declare it under queues, or use one of: desk, desk-ko, network.",
        ),
        (
            "default: desk",
            "default: none-such",
            "default: queue 'none-such' is unknown. Declare it under queues, or use one of: desk, desk-ko, network.",
        ),
        ("default: desk", "", 'default is missing. Add "default: <queue>" for tickets that no rule takes.'),
        (
            "{language: ko, queue: desk-ko}",
            "{queue: desk-ko}",
            "rule 3: names neither category, language nor service. Name one, or make its queue the default.",
        ),
        ("{language: ko, queue: desk-ko}", "{language: ko}", 'rule 3: queue is missing. Add "queue: <queue>".'),
        (
            "{language: ko, queue",
            "{langauge: ko, category: email, queue",
            "rule 3: 'langauge' is no part of a rule. Write category, language, service, queue, channels.",
        ),
        (
            "{language: ko, queue: desk-ko}",
            "just words",
            "rule 3: 'just words' is no rule. Write \"{category: <category>, queue: <queue>}\".",
        ),
        ("id: network,", "id: desk,", "queue 3: id 'desk' is taken. Give each queue its own id."),
        ("level: L2", "level: 2", "queue 3: level of 'network' is 2. Write one of L1, L2, L3, L4."),
    ],
)
def test_a_mistake_is_named_with_file_place_value_and_cure(old: str, new: str, said: str) -> None:
    assert old in RULES
    with pytest.raises(ConfigurationError) as caught:
        read(RULES.replace(old, new))
    assert f"my.yml: {said}" in caught.value.problems


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "words",
        "queues: 5\ndefault: x",
        "queues: [5]\ndefault: x",
        "{queues: [{id: a}], rules: 7, default: a}",
    ],
)
def test_what_is_no_routing_file_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"my\.yml"):
        read(text)


def test_all_mistakes_are_told_at_once() -> None:
    broken = RULES.replace("category: network", "category: kitchen").replace("default: desk", "default: nobody")
    with pytest.raises(ConfigurationError) as caught:
        read(broken)
    assert len(caught.value.problems) == 3


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "routing.yml"
    with pytest.raises(ConfigurationError, match="TICKET_FORM_ROUTING"):
        load_routing(path, categories=None, languages=None)
    path.write_text("queues: [\n")
    with pytest.raises(ConfigurationError, match="is not valid YAML") as caught:
        load_routing(path, categories=None, languages=None)
    assert "\n" not in str(caught.value)
    path.write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match="byte 0 is no UTF-8"):
        load_routing(path, categories=None, languages=None)


def test_the_packaged_file_fits_the_site_and_sends_unknowns_to_the_service_desk(site: Path) -> None:
    built = load_site(site)
    categories = [category.id for category in built.categories]
    routing = load_routing(
        PACKAGED_ROUTING,
        categories=[*categories, OTHER_CATEGORY],
        languages=[language.code for language in built.languages],
    )
    assert routing.route("account", "ko").queue.id == "identity"
    assert routing.route("security", "en").queue.id == "security"
    assert routing.route(OTHER_CATEGORY, "ar").queue.id == "service-desk"
    assert {queue.level for queue in routing.queues.values()} == {"L1"}
    assert all(set(queue.names) == {language.code for language in built.languages} for queue in routing.queues.values())


MORE = """
channels:
  - {id: mail, kind: email, to: desk@example.com}
  - {id: rt, kind: request-tracker, queues: {L1: General}}
services:
  - {id: vpn, name: {en: VPN, ko: 가상 사설망}, category: network}
  - {id: printing, name: Printing}
queues:
  - {id: desk, name: Desk, channels: [mail, rt, mail]}
  - {id: vpn-team, name: VPN team, level: L2}
rules:
  - {service: vpn, queue: vpn-team, channels: [rt]}
  - {service: printing, language: ko, queue: desk, channels: []}
default: desk
acknowledge_by: mail
report_to: mail
"""


@pytest.mark.parametrize(
    ("language", "service", "queue", "channels", "rule"),
    [
        ("en", "", "desk", ("mail", "rt"), None),
        ("en", "vpn", "vpn-team", ("rt",), 1),
        ("ko", "printing", "desk", (), 2),
        ("en", "printing", "desk", ("mail", "rt"), None),
    ],
)
def test_a_route_names_the_queue_the_channels_and_the_rule(
    language: str, service: str, queue: str, channels: tuple[str, ...], rule: int | None
) -> None:
    route = read(MORE).route("network", language, service)
    assert (route.queue.id, route.channels, route.rule) == (queue, channels, rule)


def test_channels_and_services_are_read_as_declared() -> None:
    routing = read(MORE)
    assert (routing.acknowledge_by, routing.report_to) == ("mail", "mail")
    rt = routing.channels["rt"]
    assert (rt.id, rt.kind, rt.options) == ("rt", "request-tracker", {"queues": {"L1": "General"}})
    vpn, printing = routing.services
    assert (vpn.id, vpn.names["ko"], vpn.category) == ("vpn", "가상 사설망", "network")
    assert (printing.names, printing.category) == ({"": "Printing"}, None)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: email, ", "", "channel 1: {id: mail, to: desk@example.com} lacks id or kind. Write "),
        ("id: rt,", "id: mail,", "channel 2: id 'mail' is taken. Give each channel its own id."),
        ("[mail, rt, mail]", "[fax]", "queue 1: 'desk': channel 'fax' is unknown. Declare it under channels, or use"),
        ("[mail, rt, mail]", "mail", "queue 1: 'desk': channels is 'mail'. Write a list, such as "),
        ("[mail, rt, mail]", "[[mail]]", "queue 1: 'desk': channel [mail] is unknown. Declare it under channels"),
        ("channels: [rt]", "channels: [fax]", "rule 1: channel 'fax' is unknown. Declare it under channels, or use"),
        ("service: vpn", "service: wifi", "rule 1: service 'wifi' is unknown. Declare it under services, or use one"),
        ("id: printing", "id: vpn", "service 2: id 'vpn' is taken. Give each service its own id."),
        ("category: network}", "category: kitchen}", "service 1: category 'kitchen' is unknown. Use one of: network"),
        ("acknowledge_by: mail", "acknowledge_by: fax", "acknowledge_by: channel 'fax' is unknown. Declare it under"),
        ("report_to: mail", "report_to: fax", "report_to: channel 'fax' is unknown. Declare it under channels, or use"),
        ("report_to: mail", "report_to: {a: b}", "report_to: channel {a: b} is unknown. Declare it under"),
        ("acknowledge_by: mail", "acknowledge_by: [mail]", "acknowledge_by: channel [mail] is unknown. Declare it"),
        ("default: desk", "default: {id: desk}", "default: queue {id: desk} is unknown. Declare it under queues"),
        ("acknowledge_by", "acknowledge", "'acknowledge' is unknown. Write channels, services, queues, rules,"),
    ],
)
def test_a_mistake_in_channels_and_services_is_named_with_its_cure(old: str, new: str, said: str) -> None:
    assert old in MORE
    with pytest.raises(ConfigurationError) as caught:
        read(MORE.replace(old, new))
    assert any(problem.startswith(f"my.yml: {said}") for problem in caught.value.problems), caught.value.problems


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["id", "desk", "mail"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "kind", "queue", "channels", "category", "level"]), inner)
    ),
    max_leaves=8,
)


@given(st.sampled_from(["channels", "services", "queues", "rules", "default", "acknowledge_by"]), ANYTHING)
def test_whatever_stands_in_the_file_is_read_or_explained(part: str, value: object) -> None:
    document = {**parsed(MORE), part: value}
    with suppress(ConfigurationError):  # anything else is a fault
        read_routing(document, path=Path("my.yml"), categories=["network"], languages=["en", "ko"])
