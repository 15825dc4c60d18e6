"""The form's YAML files hold what is written in them."""

from pathlib import Path

import pytest

from ticket_form.errors import ConfigurationError
from ticket_form.i18n.messages import load_words
from ticket_form.tickets.routing import load_routing
from ticket_form.yaml_file import parse_yaml, read_yaml, show

FILE = Path("a.yml")
ROUTING = "queues:\n  - {id: desk, name: Desk}\ndefault: desk\n"


@pytest.mark.parametrize(
    "text",
    ["no", "yes", "on", "off", "y", "0123", "0x1F", "1_000", "1:30", "8:30:00", "1.10", ".5", "1e3", "2026-10-01"],
)
def test_a_text_is_what_is_written(text: str) -> None:
    assert parse_yaml(f"a: {text}\nb: [{text}]\n{text}: c\n", FILE) == {"a": text, "b": [text], text: "c"}


def test_numbers_switches_and_nothing_keep_their_kinds() -> None:
    assert parse_yaml("[25, -1, 0, true, false, null, ~]", FILE) == [25, -1, 0, True, False, None, None]
    assert parse_yaml("a:\nb: &x {c: 1}\nd: {<<: *x, e: '2'}\n", FILE) == {
        "a": None, "b": {"c": 1}, "d": {"c": 1, "e": "2"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "a.yml:3: a is written twice. Keep one of them."),
        ("a:\n  - {b: 1, b: 2}\n", "a.yml:2: b is written twice. Keep one of them."),
        ("a: b\nname: Desk #2\n", 'a.yml:2: "#2" would be a comment. Put the text in quotes: "Desk #2".'),
        ("a: [\n", "a.yml:2: is not valid YAML (did not find expected node content). Correct that line."),
        ("a: !!python/name:os.system x\n", "a.yml:1: is not valid YAML (could not determine a constructor"),
        ("? [a]\n: b\n", "a.yml:1: is not valid YAML (found unhashable key). Correct that line."),
    ],
)
def test_what_would_be_lost_or_is_no_yaml_is_told_with_its_line_and_cure(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_yaml(text, FILE)
    assert any(problem.startswith(said) for problem in caught.value.problems), caught.value.problems


@pytest.mark.parametrize("text", ["a: 'b #2' # why\n", "a: b # why\n", "a: C#\n", "a: |\n  b #2\n", "", "# a\n"])
def test_comments_are_comments(text: str) -> None:
    parse_yaml(text, FILE)


def test_everything_that_is_lost_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_yaml("a: b #1\nc: d #2\na: x\n", FILE)
    assert len(caught.value.problems) == 3


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="Save it as UTF-8"):
        read_yaml(tmp_path / "a.yml")


def test_messages_speak_yaml() -> None:
    values = ["a", 1, True, None, ["a", False], {"b": "c", "a": None}]
    assert [show(value) for value in values] == ["'a'", "1", "true", "empty", "[a, false]", "{b: c, a: null}"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: Desk", "name: Desk, name: Help", "routing.yml:2: name is written twice"),
        ("default: desk", "default: desk\ndefault: desk", "routing.yml:4: default is written twice"),
        ("default: desk", "default: desk #2", 'routing.yml:3: "#2" would be a comment'),
        ("name: Desk", "name: 2026", "name of 'desk' is 2026. Write one text"),
    ],
)
def test_a_routing_file_is_told_what_it_would_lose(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "routing.yml"
    path.write_text(ROUTING.replace(old, new), "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_routing(path, categories=None, languages=None)
    assert said in str(caught.value)


def test_a_queue_may_have_a_name_that_yaml_once_took_for_another_value(tmp_path: Path) -> None:
    path = tmp_path / "routing.yml"
    path.write_text("queues:\n  - {id: no, name: {en: On, no: 0123}}\ndefault: no\n", "utf-8")
    routing = load_routing(path, categories=None, languages=None)
    assert routing.queues["no"].names == {"en": "On", "no": "0123"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: One\na: Two\n", "en.yml:2: a is written twice"),
        ("a: Ticket #{count}\n", 'en.yml:1: "#{count}" would be a comment'),
        ("a: 5\n", "en.yml: a is 5. Put the text in quotes."),
        ("a:\n  one: true\n  other: b\n", "en.yml: a is true. Put the text in quotes."),
        ("- a\n", "en.yml: has no words."),
    ],
)
def test_a_words_file_is_told_what_it_would_lose(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "en.yml").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_words(tmp_path)
    assert said in str(caught.value)
