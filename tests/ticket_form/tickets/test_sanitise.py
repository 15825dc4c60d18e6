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


@pytest.mark.parametrize("text", ["\0", "\n", "\t", "\r", "\x85", "\ud800", "\u2028"])
def test_control_characters_are_noticed(text: str) -> None:
    assert has_control_characters(f"a{text}b")
    assert not has_control_characters("a b 가 é")
