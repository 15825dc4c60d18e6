"""The report in words: who has what to review, as lines for a terminal or a mail."""

from collections.abc import Iterator, Sequence
from datetime import date

from answerdesk.articles.publication_state import PublicationState
from answerdesk.freshness.report import Owner, Row

KINDS = {
    "archived": "archived",
    "overdue": "overdue",
    "soon": "due soon",
    "current": "current",
    "future": "to be published",
    "draft": "draft",
}


def report_lines(owners: Sequence[Owner], today: date) -> Iterator[str]:
    """Yield the report's lines."""
    yield f"Freshness on {today}"
    for owner in owners:
        yield ""
        yield f"{owner.name}: {count_words(owner)}"
        width = max((len(row.file) for row in owner.asked), default=0)
        for row in owner.asked:
            yield f"  {row.file:{width}}  {standing(row)}"
    asked = sum(len(owner.asked) for owner in owners)
    yield ""
    yield f"{articles(asked)} to review." if asked else "Nothing is to be reviewed."


def count_words(owner: Owner) -> str:
    """Return how many articles an owner has in each state."""
    counts = owner.counts
    return ", ".join(f"{counts[kind]} {word}" for kind, word in KINDS.items() if counts.get(kind))


def standing(row: Row) -> str:
    """Return how an article's review stands."""
    if row.state == PublicationState.ARCHIVED:
        return f"archived; due on {row.due}, {days(row.late)} ago"
    if row.state == PublicationState.OVERDUE:
        return f"overdue for {days(row.late)}, due on {row.due}"
    return f"due on {row.due}, in {days(-row.late)}" if row.late else f"due today, {row.due}"


def articles(count: int) -> str:
    """Return a number of articles in words."""
    return "1 article" if count == 1 else f"{count} articles"


def days(count: int) -> str:
    """Return a number of days in words."""
    return "1 day" if count == 1 else f"{count} days"
