"""The interface words."""

import re
from pathlib import Path

import pytest

from answerdesk.articles.errors import ContentError
from answerdesk.articles.ui_messages import load_words

PORTAL = Path(__file__).parents[2] / "portal"
LANGUAGES = ["zh-Hans", "zh-Hant", "ko", "tr", "ar"]
ENGLISH = load_words(PORTAL / "words", "en")


def test_there_are_words_for_six_languages() -> None:
    assert sorted(file.stem for file in (PORTAL / "words").iterdir()) == sorted(["en", *LANGUAGES])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words(language: str) -> None:
    assert sorted(load_words(PORTAL / "words", language)) == sorted(ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_has_the_same_placeholders(language: str) -> None:
    words = load_words(PORTAL / "words", language)
    assert {name: sorted(re.findall(r"\{\w+\}", text)) for name, text in words.items()} == {
        name: sorted(re.findall(r"\{\w+\}", text)) for name, text in ENGLISH.items()
    }


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_no_word_is_empty_or_holds_markup(language: str) -> None:
    words = load_words(PORTAL / "words", language)
    assert {name: text for name, text in words.items() if not text.strip() or re.search("[<>]", text)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_translated(language: str) -> None:
    words = load_words(PORTAL / "words", language)
    assert [name for name, text in words.items() if len(ENGLISH[name]) > 12 and text == ENGLISH[name]] == []


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("ko", "ltr"), ("en", "ltr")])
def test_a_language_says_its_direction(language: str, direction: str) -> None:
    assert load_words(PORTAL / "words", language)["direction"] == direction


def test_templates_ask_for_no_word_that_there_is_not() -> None:
    texts = [file.read_text("utf-8") for file in [*PORTAL.glob("*.html"), *PORTAL.glob("*.xml")]]
    asked = {name for text in texts for name in re.findall(r"\bwords\.([a-z_]+)", text)}
    asked |= {name for text in texts for name in re.findall(r"words\[[^\]]*\.code\]\.([a-z_]+)", text)}
    assert len(asked) > 30
    assert asked - set(ENGLISH) == set()


def test_every_word_is_text(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text("solved_yes: Yes\nphone: 5\n", "utf-8")
    assert all(isinstance(text, str) for text in load_words(tmp_path, "en").values())


def test_missing_words_name_the_file_and_what_there_is(tmp_path: Path) -> None:
    for code in ("ko", "en"):
        (tmp_path / f"{code}.yml").write_text("a: b\n", "utf-8")
    with pytest.raises(ContentError) as caught:
        load_words(tmp_path, "xx")
    cure = "there are words for: en, ko. Copy one and translate it."
    assert str(caught.value) == f"{tmp_path / 'xx.yml'} is missing; {cure}"


@pytest.mark.parametrize("text", ["a: [", "", "- a"], ids=["no YAML", "empty", "list"])
def test_misshapen_words_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "en.yml").write_text(text, "utf-8")
    with pytest.raises(ContentError, match=r"en\.yml"):
        load_words(tmp_path, "en")
