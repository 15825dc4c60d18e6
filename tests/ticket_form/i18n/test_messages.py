"""The words of the pages."""

import re
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from werkzeug.datastructures import FileStorage

import ticket_form
from ticket_form.errors import ConfigurationError
from ticket_form.i18n.messages import Words, load_words, plural_form, plural_forms, words_for
from ticket_form.tickets.ticket import FieldError, FieldProblem, read_draft
from ticket_form.tickets.uploads import FileLimits, read_files

WORDS = load_words()
SCRIPTS = sorted((Path(ticket_form.__file__).parent / "web/static").glob("*.js"))
TEMPLATES = sorted((Path(ticket_form.__file__).parent / "web/templates").glob("*.html"))


def texts(words: Words) -> dict[str, list[str]]:
    return {key: [text] if isinstance(text, str) else list(text.values()) for key, text in words.texts.items()}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_there_are_six_languages() -> None:
    assert set(WORDS) == {"en", "zh-Hans", "zh-Hant", "ko", "tr", "ar"}


@pytest.mark.parametrize("code", WORDS)
def test_all_languages_have_the_same_words(code: str) -> None:
    assert list(WORDS[code].texts) == list(WORDS["en"].texts)
    assert all(isinstance(text, str) and text.strip() for found in texts(WORDS[code]).values() for text in found)


@pytest.mark.parametrize("code", WORDS)
def test_all_languages_fill_in_the_same_values(code: str) -> None:
    for key, english in texts(WORDS["en"]).items():
        wanted = set().union(*map(fields, english))
        # A plural form may leave its number out: "one ticket" says it.
        for text in texts(WORDS[code])[key]:
            assert fields(text) == wanted or (wanted == {"count"} and not fields(text)), key


@pytest.mark.parametrize("code", WORDS)
def test_words_that_count_have_the_plural_forms_of_the_language(code: str) -> None:
    for key, text in WORDS[code].texts.items():
        assert isinstance(text, str) == isinstance(WORDS["en"].texts[key], str)
        if not isinstance(text, str):
            assert list(text) == plural_forms(code)


@pytest.mark.parametrize("code", [code for code in WORDS if code != "en"])
def test_nothing_is_left_in_english(code: str) -> None:
    left = [key for key, found in texts(WORDS[code]).items() if set(found) & set(texts(WORDS["en"])[key])]
    assert left == []


def test_every_word_is_used_and_every_used_word_exists() -> None:
    source = "\n".join(template.read_text("utf-8") for template in TEMPLATES)
    called = set(re.findall(r'(?:say|plain)\("(\w+)"(?! ~)', source))
    starts = set(re.findall(r'(?:say|plain)\("(\w+_)" ~', source))
    keys = set(WORDS["en"].texts)
    assert {"error_", "notice_", "failure_", "field_", "hint_", "state_"} == starts
    assert called - keys - {"required", "optional"} == set()
    # Acknowledgements are e-mails, and what the server itself answers is written without a template.
    unused = {key for key in keys - called if not key.startswith((*starts, "ack_", "busy", "late"))}
    assert unused <= {"required", "optional"}


def test_every_field_error_has_its_words() -> None:
    long = {
        "subject": ["x" * 999],
        "description": ["x" * 99_999],
        "name": ["x" * 999],
        "email": ["x"],
        "service": ["x"],
    }
    found = [*read_draft({}, categories=[], languages=[]), *read_draft(long, categories=[], languages=[])]  # type: ignore[misc]
    small = FileLimits(count=4, size=9, total=12)
    files = [
        FileStorage(BytesIO(b"%PDF-1.7"[:size]), name) for name, size in (("a.pdf", 8), ("a.exe", 8), ("b.pdf", 0))
    ]
    large, wrong = FileStorage(BytesIO(bytes(10)), "a.pdf"), FileStorage(BytesIO(b"x"), "a.png")
    macros = FileStorage(BytesIO(rb"{\rtf1\objdata"), "a.rtf")
    found.extend(read_files([macros], FileLimits()).errors)
    for uploads in (files, [large], [wrong], [files[0]] * 2, [files[0]] * 5):
        found.extend(read_files(uploads, small).errors)
    used = {f"error_{error.field}_{error.problem}" for error in found if isinstance(error, FieldError)}
    said = {key for key in WORDS["en"].texts if key.startswith("error_") and key.endswith(tuple(FieldProblem))}
    assert used == said


def test_templates_hold_no_words_of_their_own() -> None:
    for template in TEMPLATES:
        text = template.read_text("utf-8")
        for pattern in (r"\{#.*?#\}", r"\{%.*?%\}", r"\{\{.*?\}\}", r"<[^>]*>", r'[\w-]+="[^"]*"'):
            text = re.sub(pattern, "", text, flags=re.DOTALL)
        assert re.findall(r"[^\W\d_]{2,}", text) == [], template.name


def test_templates_never_switch_escaping_off() -> None:
    for template in TEMPLATES:
        assert not re.search(r"\|\s*safe|autoescape|Markup", template.read_text("utf-8")), template.name


def test_scripts_never_make_markup_of_text() -> None:
    assert len(SCRIPTS) > 5
    for script in SCRIPTS:
        # DOMParser is for pages of our own server, and runs nothing of them.
        found = re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|HTMLUnsafe", script.read_text("utf-8")
        )
        assert found == [], script.name


def test_values_are_escaped_and_keep_their_own_direction() -> None:
    words = Words(code="en", texts={"found": "<i> & {text}"})
    assert words.markup("found", text="<b>") == "&lt;i&gt; &amp; <bdi>&lt;b&gt;</bdi>"
    assert words.markup("found", text="+1 555") == '&lt;i&gt; &amp; <bdi dir="ltr">+1 555</bdi>'
    assert words.plain("found", text="<b>") == "<i> & <b>"
    assert words.plain("found", text="{text.__class__}") == "<i> & {text.__class__}"


COUNTS = {
    "en": {"one": [1], "other": [0, 2, 101]},
    "tr": {"one": [1], "other": [0, 2, 101]},
    "ko": {"other": [0, 1, 2, 100]},
    "zh-Hans": {"other": [0, 1, 2, 100]},
    "zh-Hant": {"other": [0, 1, 2, 100]},
    "ar": {
        "zero": [0],
        "one": [1],
        "two": [2],
        "few": [3, 10, 103, 1010],
        "many": [11, 26, 99, 111],
        "other": [100, 101, 102, 200, 1002],
    },
    "pl": {"one": [1], "few": [2, 22], "many": [0, 5, 12, 21]},  # a site may add a language
}


@pytest.mark.parametrize("code", COUNTS)
def test_counts_take_the_plural_category_of_the_language(code: str) -> None:
    for form, counts in COUNTS[code].items():
        assert [plural_form(code, count) for count in counts] == [form] * len(counts)


def test_numbers_are_said_with_the_words_of_their_category() -> None:
    assert WORDS["ar"].plain("queue_count", count=2) == WORDS["ar"].texts["queue_count"]["two"]  # type: ignore[index]
    assert WORDS["ar"].plain("queue_count", count=7) == "7 تذاكر"
    assert WORDS["en"].plain("queue_count", count=1) != WORDS["en"].plain("queue_count", count=0).replace("0", "1")
    assert {WORDS["tr"].plain("queue_count", count=n).replace(str(n), "#") for n in (1, 5)} == {"# talep"}


def test_a_plural_category_that_is_missing_or_unknown_is_told(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text("found:\n  one: One page\n  other: '{count} pages'\n", "utf-8")
    (tmp_path / "ar.yml").write_text("found:\n  one: a\n  two: b\n  few: c\n  many: d\n  other: e\n", "utf-8")
    (tmp_path / "ko.yml").write_text("found:\n  one: a\n  other: b\n", "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_words(tmp_path)
    assert caught.value.problems == (
        f'{tmp_path}/ar.yml: found lacks the plural category zero. Add "zero: …" below found.',
        f"{tmp_path}/ko.yml: found has one, which is no plural category of ko. Take it out; there are other.",
    )


def test_a_language_without_words_uses_its_base_language_or_english() -> None:
    assert words_for("tr-CY", WORDS).code == "tr"
    assert words_for("de", WORDS).code == "en"
