"""Which queue takes a ticket."""

from pathlib import Path

import pytest
import yaml

from ticket_form.errors import ConfigurationError
from ticket_form.routing import Routing, load_routing, read_routing
from ticket_form.settings import PACKAGED_ROUTING
from ticket_form.site import load_site
from ticket_form.tickets import OTHER_CATEGORY

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


def read(text: str) -> Routing:
    return read_routing(
        yaml.safe_load(text), path=Path("my.yml"), categories=["network", "email", "other"], languages=["en", "ko"]
    )


@pytest.mark.parametrize(
    ("category", "language", "queue"),
    [("network", "ko", "desk-ko"), ("network", "en", "network"), ("email", "ko", "desk-ko"), ("other", "en", "desk")],
)
def test_the_first_rule_that_fits_takes_the_ticket(category: str, language: str, queue: str) -> None:
    assert read(RULES).route(category, language) == queue


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
        ("{language: ko, queue", "{language: no, queue", "rule 3: language False is unknown. Use one of: en, ko."),
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
            "rule 3: names neither category nor language. Name one, or make its queue the default.",
        ),
        ("{language: ko, queue: desk-ko}", "{language: ko}", 'rule 3: queue is missing. Add "queue: <queue>".'),
        (
            "{language: ko, queue",
            "{langauge: ko, category: email, queue",
            "rule 3: 'langauge' is no part of a rule. Write category, language, queue.",
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
    with pytest.raises(ConfigurationError, match="is not valid YAML"):
        load_routing(path, categories=None, languages=None)


def test_the_packaged_file_fits_the_site_and_sends_unknowns_to_the_service_desk(site: Path) -> None:
    built = load_site(site)
    categories = [category.id for category in built.categories]
    routing = load_routing(
        PACKAGED_ROUTING,
        categories=[*categories, OTHER_CATEGORY],
        languages=[language.code for language in built.languages],
    )
    assert routing.route("account", "ko") == "identity"
    assert routing.route("security", "en") == "security"
    assert routing.route(OTHER_CATEGORY, "ar") == "service-desk"
    assert {queue.level for queue in routing.queues.values()} == {"L1"}
    assert all(set(queue.names) == {language.code for language in built.languages} for queue in routing.queues.values())
