"""An article's state is a rule of its dates, the day and the grace time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.articles.article import Article
from answerdesk.articles.publication_state import PublicationState, days_late, due_on, state_of

REVIEWED = date(2026, 1, 1)


def an_article(**fields: object) -> Article:
    values = {"path": "a/b", "title": "T", "summary": "S", "category": "a", "owner": "o", "reviewed": REVIEWED}
    return Article(**(values | {"review_every": 30} | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (0, "current"), (30, "current"),
        (31, "overdue"), (90, "overdue"),
        (91, "archived"), (5000, "archived"),
        (-1, "current"),
    ],
)  # fmt: skip
def test_a_review_lasts_its_days_and_the_grace_time_begins_after_them(day: int, state: str) -> None:
    assert state_of(an_article(), REVIEWED + timedelta(days=day), 60) == state


def test_without_grace_days_nothing_is_archived() -> None:
    assert state_of(an_article(), date(2090, 1, 1), 0) == "overdue"


def test_a_draft_is_a_draft_whatever_the_day() -> None:
    assert state_of(an_article(draft=True, publish=date(2026, 5, 1)), date(2090, 1, 1), 60) == "draft"


@pytest.mark.parametrize(("day", "state"), [(date(2026, 1, 19), "future"), (date(2026, 1, 20), "current")])
def test_an_article_is_published_on_its_day(day: date, state: str) -> None:
    assert state_of(an_article(publish=date(2026, 1, 20)), day, 60) == state


def test_only_drafts_and_future_articles_are_unpublished() -> None:
    assert [state for state in PublicationState if not state.is_published] == ["draft", "future"]


def test_the_day_it_is_due_is_the_last_current_one() -> None:
    article = an_article()
    assert due_on(article) == date(2026, 1, 31)
    assert days_late(article, due_on(article)) == 0


@given(st.dates(), st.integers(1, 10**9), st.dates(), st.integers(0, 10**6))
def test_no_dates_are_too_far_apart(reviewed: date, review_every: int, today: date, grace_days: int) -> None:
    article = an_article(reviewed=reviewed, review_every=review_every)
    state = state_of(article, today, grace_days)
    assert (state == "current") == (today <= due_on(article))
