"""Choosing the language of a page."""

import pytest

from ticket_form.i18n.languages import Language, choose_language, match_language

OFFERED = [Language(code=code, name=code, direction="ltr") for code in ("en", "zh-Hans", "zh-Hant", "ko", "pt-BR")]


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("ko", "ko"),
        ("KO-kr", "ko"),
        ("en_GB", "en"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-Hans-TW", "zh-Hans"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("fr", None),
        ("*", None),
        ("", None),
        ("-", None),
        ("../etc", None),
    ],
)
def test_a_tag_finds_the_closest_language(tag: str, code: str | None) -> None:
    found = match_language(tag, OFFERED)
    assert (found.code if found else None) == code


def test_the_first_wanted_language_that_there_is_wins() -> None:
    assert choose_language(["fr", "zh-TW", "en"], OFFERED).code == "zh-Hant"


def test_the_first_offered_language_is_the_default() -> None:
    assert choose_language(["fr"], OFFERED).code == "en"
    assert choose_language([], OFFERED[3:]).code == "ko"
