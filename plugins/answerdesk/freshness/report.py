"""Say for each owner which articles are to be reviewed on a day."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from answerdesk.articles.article import Article
from answerdesk.articles.publication_state import PublicationState, days_late, due_on, state_of

URGENCY = {
    PublicationState.ARCHIVED: 0,
    PublicationState.OVERDUE: 1,
    PublicationState.CURRENT: 2,
    PublicationState.FUTURE: 3,
    PublicationState.DRAFT: 4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An article in a language, and how its review stands."""

    language: str
    article: Article
    state: PublicationState
    due: date
    late: int  # days; below zero, the days that are left

    @property
    def file(self) -> str:
        """Return its file, below the content's folder."""
        return f"{self.language}/{self.article.path}.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """An owner's articles, most urgent first."""

    name: str
    rows: tuple[Row, ...]
    soon: int  # days before it is due that a review is asked for

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many articles are in each state; current ones that are due soon are counted as `soon`."""
        return Counter("soon" if self._is_soon(row) else str(row.state) for row in self.rows)

    @property
    def asked(self) -> tuple[Row, ...]:
        """Return the articles that are to be reviewed: archived, overdue, or due soon."""
        return tuple(row for row in self.rows if row.state.is_published and row.late >= -self.soon)

    def _is_soon(self, row: Row) -> bool:
        return row.state == PublicationState.CURRENT and row.late >= -self.soon


def make_report(
    articles: Mapping[str, Iterable[Article]], today: date, *, grace_days: int, soon: int
) -> tuple[Owner, ...]:
    """Return all owners of articles, given by language, in the order of the alphabet."""
    rows = [
        Row(
            language=language,
            article=article,
            state=state_of(article, today, grace_days),
            due=due_on(article),
            late=days_late(article, today),
        )
        for language, some in articles.items()
        for article in some
    ]
    rows.sort(key=lambda row: (row.article.owner, URGENCY[row.state], -row.late, row.file))
    return tuple(
        Owner(name=name, rows=tuple(group), soon=soon) for name, group in groupby(rows, lambda row: row.article.owner)
    )
