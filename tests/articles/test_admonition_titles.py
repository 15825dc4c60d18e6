"""Boxes without a title of their own have one in the language of their text."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from markdown import Markdown

from answerdesk.articles.admonition_titles import BoxTitles
from answerdesk.articles.build_audience import Edition
from answerdesk.articles.ui_messages import load_words
from answerdesk.authoring.translation_pairs import Translations
from answerdesk.build.language_build import BuildState, build_language, refresh_page
from answerdesk.build.site_build import build_site

WORDS = Path(__file__).parents[2] / "portal" / "words"
TITLES = {"en": "Warning", "zh-Hans": "警告", "zh-Hant": "警告", "ko": "경고", "tr": "Uyarı", "ar": "تحذير"}
EXTENSIONS = ["admonition", "pymdownx.details", "pymdownx.superfences"]


def html_of(text: str, language: str = "ko", extensions: list[Any] = EXTENSIONS) -> str:
    return Markdown(extensions=[*extensions, BoxTitles(load_words(WORDS, language))]).convert(text)


@pytest.mark.parametrize(("language", "title"), TITLES.items())
def test_the_title_is_in_the_language_and_the_classes_stay(language: str, title: str) -> None:
    box = f'<div class="admonition warning">\n<p class="admonition-title">{title}</p>\n<p>Text.</p>\n</div>'
    assert html_of("!!! warning\n    Text.\n", language) == box
    fold = f'<details class="warning">\n<summary>{title}</summary>\n<p>Text.</p>\n</details>'
    assert html_of("??? warning\n    Text.\n", language) == fold
    assert f"<summary>{title}</summary>" in html_of("???+ warning\n    Text.\n", language)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ('!!! tip "Own"\n    Text.\n', ["Own"]),
        ('!!! tip "Tip"\n    Text.\n', ["Tip"]),
        ('!!! tip ""\n    Text.\n', []),
        ("!!! tip inline end\n    Text.\n", ["팁"]),
        ("!!! TIP\n    Text.\n", ["팁"]),
        ("!!!note\n    Text.\n", ["참고"]),
        ("!!! house-rule\n    Text.\n", ["House-rule"]),
        ("!!! note\n    One.\n!!! danger\n    Two.\n", ["참고", "위험"]),
        ("!!! note\n    One.\n\n    !!! danger\n        Two.\n", ["참고", "위험"]),
        ("1. One\n\n    !!! note\n        Two.\n", ["참고"]),
        ("Text.\n!!! note\n    One.\n", ["참고"]),
    ],
)
def test_only_boxes_without_a_title_get_one(text: str, titles: list[str]) -> None:
    parts = html_of(text).split('class="admonition-title">')[1:]
    assert [part.partition("<")[0] for part in parts] == titles


@pytest.mark.parametrize("text", ["```\n!!! note\n    x\n```\n", "Text.\n\n    !!! note\n", "Say !!! note\n"])
def test_code_and_text_stay_as_they_are(text: str) -> None:
    assert html_of(text) == Markdown(extensions=EXTENSIONS).convert(text)


def test_a_site_without_boxes_has_none() -> None:
    assert html_of("!!! note\n    x\n", extensions=[]) == Markdown().convert("!!! note\n    x\n")


@pytest.mark.parametrize("kind", ["note", "abstract", "info", "tip", "success", "question", "warning", "failure",
                                  "danger", "bug", "example", "quote"])  # fmt: skip
def test_all_kinds_of_material_have_a_title_in_every_language(kind: str) -> None:
    for language in TITLES:
        title = load_words(WORDS, language)[f"box_{kind}"]
        assert '"' not in title  # it is put in quotes
        assert (title == load_words(WORDS, "en")[f"box_{kind}"]) == (language == "en")


BOX = "Text.\n\n!!! warning\n    Mind.\n"
TODAY = date(2026, 11, 20)


def build(made: Any, **options: Any) -> dict[str, bytes]:
    assert all(
        outcome.is_built for outcome in build_site(made.config, strict=True, edition=Edition(today=TODAY), **options)
    )
    return {
        file.relative_to(made.site).as_posix(): file.read_bytes() for file in made.site.rglob("*") if file.is_file()
    }


def title(made: Any, page: str) -> str:
    return made.page(page).partition('class="admonition-title">')[2].partition("<")[0]


@pytest.fixture
def site(tree: Callable[..., Any], article: Callable[..., str]) -> Any:
    files = {
        "en/account/a.md": article("A", BOX),
        "ko/account/a.md": article("가", BOX),
        "en/account/b.md": article("B", BOX),
    }
    return tree(files, languages=["en", "ko"])


def test_a_page_has_its_own_language_and_one_that_is_lent_has_the_sources(site: Any) -> None:
    build(site)
    assert title(site, "en/account/a/index.html") == "Warning"
    assert title(site, "ko/account/a/index.html") == "경고"
    assert title(site, "ko/account/b/index.html") == "Warning"


def test_a_translation_in_the_place_of_what_was_lent_is_that_of_a_clean_build(
    site: Any, article: Callable[..., str]
) -> None:
    build(site)
    site.write({"ko/account/b.md": article("B", BOX)})  # the same text, but Korean now
    made = build(site)
    assert title(site, "ko/account/b/index.html") == "경고"
    assert build(site, is_forced=True) == made


def test_a_piece_of_the_source_beside_an_outdated_translation_has_the_sources(
    site: Any, article: Callable[..., str]
) -> None:
    desk = Translations(site.config)
    source = desk.text("en", "account/a")
    assert source
    desk.record("ko", "account/a", source.hashes)
    desk.save("ko")
    site.write({"en/account/a.md": article("A", BOX.replace("Mind.", "Mind it."))})
    made = build(site)
    titles = [part.partition("<")[0] for part in site.page("ko/account/a/index.html").split('admonition-title">')[1:]]
    assert titles == ["경고", "Warning"]
    assert build(site, is_forced=True) == made


def test_the_preview_of_a_saved_article_has_it_too(site: Any, article: Callable[..., str]) -> None:
    state = BuildState()
    assert build_language(site.config, "ko", basis="", state=state, strict=True).is_built
    site.write({"ko/account/a.md": article("가", BOX.replace("Mind.", "Mind it."))})
    assert refresh_page(state, "account/a.md")
    assert "Mind it." in site.page("ko/account/a/index.html")
    assert title(site, "ko/account/a/index.html") == "경고"
