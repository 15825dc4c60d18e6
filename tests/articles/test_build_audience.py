"""Which articles an edition has, and on which day it is built."""

from datetime import date

import pytest

from answerdesk.articles.build_audience import Edition, read_today
from answerdesk.articles.errors import ContentError
from answerdesk.articles.publication_state import PublicationState

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("audience", "is_preview", "shown"),
    [
        ("public", False, {"public current", "public overdue", "public archived"}),
        ("public", True, {f"public {state}" for state in PublicationState}),
        (
            "internal",
            False,
            {f"{who} {state}" for who in ("public", "internal") for state in list(PublicationState)[2:]},
        ),
        ("internal", True, {f"{who} {state}" for who in ("public", "internal") for state in PublicationState}),
    ],
)
def test_an_edition_has_what_its_readers_may_see(audience: str, is_preview: bool, shown: set[str]) -> None:
    edition = Edition(today=TODAY, audience=audience, is_preview=is_preview)
    every = [(who, state) for who in ("public", "internal") for state in PublicationState]
    assert {f"{who} {state}" for who, state in every if edition.has(who, state)} == shown


def test_only_the_public_site_lies_in_the_public_folder() -> None:
    editions = [
        Edition(today=TODAY, audience=who, is_preview=is_it)
        for who in ("public", "internal")
        for is_it in (False, True)
    ]
    assert [edition.suffix for edition in editions] == ["", "-preview", "-internal", "-internal-preview"]
    assert [edition.is_open for edition in editions] == [True, False, False, False]


def test_the_environment_may_name_the_day() -> None:
    assert read_today({"ANSWERDESK_TODAY": "2027-03-01"}) == date(2027, 3, 1)
    assert read_today({}) == date.today()


def test_a_day_that_is_none_is_named() -> None:
    with pytest.raises(ContentError, match=r"ANSWERDESK_TODAY is 'tomorrow'\. Write a day as YYYY-MM-DD\."):
        read_today({"ANSWERDESK_TODAY": "tomorrow"})
