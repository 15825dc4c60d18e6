"""Cleaning visitor text."""

import pytest

from ticket_form.tickets.sanitise import clean_line, clean_text, has_control_characters


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb", "a\tb"),
        ("a\0b\x07\x1b[1m\x7f\x85c", "ab[1mc"),
        ("a\ud800b\udfffc", "abc"),
        ("  around \n", "around"),
        ("가\u0301 e\u0301 \u200f\u200d🙂", "가\u0301 e\u0301 \u200f\u200d🙂"),
        ("", ""),
    ],
)
def test_text_keeps_all_but_control_characters(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_a_line_has_no_line_breaks() -> None:
    assert clean_line("a\r\nb\tc\u2028d\u2029e\n") == "a b c d e"


@pytest.mark.parametrize(
    "typed",
    [
        "\u200b",
        "\u200c\u200d",
        "\ufeff \u2060",
        "\u00ad",
        "\u115f\u1160",
        "\u3164",
        "\uffa0",
        "\u2800 \u2800",
        "\ufe0f\U000e0100",
        "\U000e0001\U000e0041",
        "\u202e\u2066\u200f\u061c",
        "\u034f\u17b4\u180e\u180b",
        "\u2061\u2064\u206a",
        "\u3000\u00a0\u2003",
        "\u2028\u2029",
        "\U0001d173\U0001bca0",
        "\ufff9\ufffb\ufffc",
        "\u200b\0\ud800\n\u200b",
    ],
)
def test_text_that_shows_nothing_is_empty(typed: str) -> None:
    assert clean_text(typed) == clean_line(typed) == ""


@pytest.mark.parametrize(
    "typed",
    [
        "می\u200cخواهم",
        "👩\u200d👩\u200d👧",
        "क्\u200dष",
        "❤\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0065\U000e007f",
        "\u0601",
        "\ue000",
        "。",
        "a\u00adb",
    ],
)
def test_what_can_be_seen_is_kept_with_its_joiners(typed: str) -> None:
    assert clean_text(typed) == clean_line(typed) == typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\u202etxt.exe", "atxt.exe"),
        ("\u202d123\u202c", "123\u202c"),
        ("\u202a+90 555\u202c", "\u202a+90 555\u202c"),
        ("\u202babc", "\u202babc\u202c"),
        ("\u2067a\u202bb", "\u2067a\u202bb\u202c\u2069"),
        ("\u2068a\u202bb\u2069", "\u2068a\u202bb\u2069"),
        ("\u2069a", "\u2069a"),
    ],
)
def test_a_line_does_not_turn_around_what_stands_behind_it(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept
    assert clean_line(kept) == kept


@pytest.mark.parametrize("text", ["\0", "\n", "\t", "\r", "\x85", "\ud800", "\u2028"])
def test_control_characters_are_noticed(text: str) -> None:
    assert has_control_characters(f"a{text}b")
    assert not has_control_characters("a b 가 é")
