"""A translation has no more readers than its source."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from answerdesk.articles.article import Article
from answerdesk.articles.publication_state import PublicationState
from answerdesk.articles.visibility import Closed, closed_in_doubt, closed_of, compare

TODAY = date(2026, 11, 20)
OPEN: Mapping[str, Any] = {}
INTERNAL = {"audience": "internal"}
DRAFT = {"draft": True}
FUTURE = {"publish": date(2026, 12, 1)}
PAST = {"publish": date(2026, 11, 20)}


def made(**fields: Any) -> Article:
    day = date(2026, 10, 1)
    given = {"title": "A", "summary": "S.", "category": "account", "owner": "o", "reviewed": day, "review_every": 180}
    return Article(path="account/a", **given | fields)


def found(source: Mapping[str, Any], translation: Mapping[str, Any]) -> tuple[int, int]:
    closed = closed_of(made(**source), TODAY, 180)
    visibility = compare([made(**translation)], {"account/a": closed} if closed else {}, "content/en", TODAY, 180)
    return len(visibility.leaks), len(visibility.early)


@pytest.mark.parametrize("source", [OPEN, PAST, {"reviewed": date(2020, 1, 1)}], ids=["open", "past", "archived"])
def test_of_what_everyone_may_read_a_translation_may_be_anything(source: Mapping[str, Any]) -> None:
    assert [found(source, fields) for fields in (OPEN, INTERNAL, DRAFT, FUTURE)] == [(0, 0)] * 4


def test_an_internal_article_is_internal_in_every_language() -> None:
    assert found(INTERNAL, OPEN) == (1, 0)
    assert found(INTERNAL, DRAFT) == (1, 0)  # it would leak on the day when it is done
    assert found(INTERNAL, INTERNAL) == (0, 0)


@pytest.mark.parametrize("source", [DRAFT, FUTURE], ids=["draft", "future"])
def test_a_translation_is_published_no_sooner_than_its_source(source: Mapping[str, Any]) -> None:
    assert found(source, OPEN) == (0, 1)
    assert found(source, INTERNAL) == (0, 1)
    assert [found(source, fields) for fields in (DRAFT, FUTURE)] == [(0, 0)] * 2
    assert found({**source, **INTERNAL}, OPEN) == (1, 1)


def test_an_article_without_a_source_is_compared_with_nothing() -> None:
    others = {"account/other": Closed(True, PublicationState.DRAFT)}
    assert compare([made()], others, "content/en", TODAY, 180).leaks == ()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("---\ntitle: a: b\naudience: internal\n---\n", True),
        ("---\naudience: staff\n---\n", True),
        ('---\naudience: "public"\n---\n', False),
        ("---\ntitle: The audience: internal\n---\n", False),
        ("No front matter.\n", False),
    ],
)
def test_what_cannot_be_read_and_may_be_internal_is_taken_for_it(text: str, answer: bool) -> None:
    assert (closed_in_doubt(text) is not None) == answer


def test_the_problem_names_both_files_and_the_cure() -> None:
    closed = {"account/a": Closed(True, PublicationState.FUTURE)}
    visibility = compare([made()], closed, "content/en", TODAY, 180)
    assert [str(problem) for problem in (*visibility.leaks, *visibility.early)] == [
        "account/a.md: audience is public, and its source content/en/account/a.md is internal. Add “audience: "
        "internal” to this file's front matter; or, if everyone may read it, take that out of the source's.",
        "account/a.md: readers see this translation, and its source content/en/account/a.md is not published yet. Give "
        "this file's front matter the source's “publish” day; or take that out of the source's.",
    ]
