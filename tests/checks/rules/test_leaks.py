"""Translations that more readers see than their source."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from answerdesk.checks.report.finding import Finding

Find = Callable[..., list[Finding]]
TODAY = {"today": date(2026, 11, 20)}


def test_a_public_translation_of_an_internal_article_is_an_error_at_its_audience(
    find: Find, article: Callable[..., str]
) -> None:
    files = {
        "en/account/a.md": article("A", audience="internal"),
        "ko/account/a.md": article("가", audience="public"),
        "tr/account/a.md": article("A", audience="internal"),
        "ar/account/a.md": article("أ"),
        "ar/account/b.md": article("ب"),
    }
    arabic, korean = find("leak", files, **TODAY)
    assert str(korean) == (
        "content/ko/account/a.md:2: error leak: audience is public, and its source content/en/account/a.md is "
        "internal. Every reader of the public site would see what is for staff, so no build goes on. Add “audience: "
        "internal” to this file's front matter; or, if everyone may read it, take that out of the source's."
    )
    assert (arabic.file, arabic.line) == ("content/ar/account/a.md", 1)


@pytest.mark.parametrize("fields", [{"draft": True}, {"publish": date(2026, 12, 1)}], ids=["draft", "future"])
def test_a_translation_that_is_published_before_its_source_is_a_warning(
    find: Find, article: Callable[..., str], fields: dict[str, Any]
) -> None:
    files = {"en/account/a.md": article("A", **fields), "ko/account/a.md": article("가")}
    (found,) = find("leak", files, **TODAY)
    assert (found.level, found.file) == ("warning", "content/ko/account/a.md")
    files["ko/account/a.md"] = article("가", **fields)
    assert find("leak", files, **TODAY) == []


def test_an_internal_source_that_cannot_be_read_is_internal_all_the_same(
    find: Find, article: Callable[..., str]
) -> None:
    files = {"en/account/a.md": article("A", audience="internal", owner=None), "ko/account/a.md": article("가")}
    assert [found.level for found in find("leak", files, **TODAY)] == ["error"]


def test_an_article_in_one_language_alone_is_no_leak(find: Find, article: Callable[..., str]) -> None:
    files = {"en/account/a.md": article("A", audience="internal"), "ko/account/b.md": article("나")}
    assert find("leak", files, **TODAY) == []
