"""Keep a translation from having more readers than its source: internal and unpublished stay so.

An article in one language only, or a translation without a source, has nothing to be compared with.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from answerdesk.articles.article import Article
from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.publication_state import Dated, PublicationState, state_of

AUDIENCE = re.compile(r"^audience[ \t]*:(?![ \t]*[\"']?public\b)", re.MULTILINE)
PENDING = {PublicationState.DRAFT: "a draft", PublicationState.FUTURE: "not published yet"}
INTERNAL_CURE = (
    "Add “audience: internal” to this file's front matter; or, if everyone may read it, take that out of the source's."
)
PENDING_CURES = {
    PublicationState.DRAFT: (
        "Add “draft: true” to this file's front matter; or, if the source is done, take that out of it."
    ),
    PublicationState.FUTURE: (
        "Give this file's front matter the source's “publish” day; or take that out of the source's."
    ),
}


class Guarded(Dated, Protocol):
    """What of an article decides who may read it, and when."""

    @property
    def audience(self) -> str: ...  # noqa: D102 - see Article


class Closed(NamedTuple):
    """Why not everyone may read an article of the source language."""

    is_internal: bool
    state: PublicationState


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """Translations that are more open than their source: to more readers, or earlier."""

    leaks: tuple[ContentProblem, ...] = ()
    """What is for staff would be public: no build may go on."""
    early: tuple[ContentProblem, ...] = ()


def closed_of(front: Guarded, today: date, grace_days: int) -> Closed | None:
    """Return why not everyone may read an article today, or nothing if they may."""
    state = state_of(front, today, grace_days)
    is_internal = front.audience != "public"
    return Closed(is_internal, state) if is_internal or not state.is_published else None


def closed_in_doubt(text: str) -> Closed | None:
    """Return why not everyone may read a file, by a look at its text: what may be for staff is."""
    return Closed(True, PublicationState.CURRENT) if AUDIENCE.search(text) else None


def compare(
    articles: Iterable[Article], closed: Mapping[str, Closed], folder: str, today: date, grace_days: int
) -> Visibility:
    """Compare a language's own articles with those of the source, whose folder messages call `folder`."""
    leaks, early = [], []
    for article in articles:
        if source := closed.get(article.path):
            state = state_of(article, today, grace_days)
            name = f"{folder}/{article.path}.md"
            if source.is_internal and article.is_public:
                leaks.append(leak(article.path, name))
            if state.is_published and not source.state.is_published:
                early.append(early_bird(article.path, name, source.state))
    return Visibility(leaks=tuple(leaks), early=tuple(early))


def leak(path: str, source: str) -> ContentProblem:
    """Return the problem of a translation that is public though its source is internal."""
    what = f"audience is public, and its source {source} is internal"
    return ContentProblem(file=f"{path}.md", field="audience", value="public", what=what, cure=INTERNAL_CURE)


def early_bird(path: str, source: str, state: PublicationState) -> ContentProblem:
    """Return the problem of a translation that is published before its source."""
    what = f"readers see this translation, and its source {source} is {PENDING[state]}"
    field = "draft" if state is PublicationState.DRAFT else "publish"
    return ContentProblem(file=f"{path}.md", field=field, value=None, what=what, cure=PENDING_CURES[state])
