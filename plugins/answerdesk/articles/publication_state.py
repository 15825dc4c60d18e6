"""Derive the state of an article from its front matter, the day and the site's grace period."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

UNPUBLISHED = frozenset({"draft", "future"})


class PublicationState(StrEnum):
    """What readers may expect of an article."""

    DRAFT = "draft"  # its author is still at it
    FUTURE = "future"  # its day has not come
    CURRENT = "current"
    OVERDUE = "overdue"  # nobody has reviewed it in time
    ARCHIVED = "archived"  # nor in the grace time after that

    @property
    def is_published(self) -> bool:
        """Tell whether readers may see it at all."""
        return self not in UNPUBLISHED


class Dated(Protocol):
    """What of an article decides its state."""

    @property
    def draft(self) -> bool: ...  # noqa: D102 - see Article
    @property
    def publish(self) -> date | None: ...  # noqa: D102
    @property
    def reviewed(self) -> date: ...  # noqa: D102
    @property
    def review_every(self) -> int: ...  # noqa: D102


def state_of(article: Dated, today: date, grace_days: int) -> PublicationState:
    """Return an article's state; no grace days at all mean that nothing is ever archived."""
    if article.draft:
        return PublicationState.DRAFT
    if article.publish and today < article.publish:
        return PublicationState.FUTURE
    late = days_late(article, today)
    if late <= 0:
        return PublicationState.CURRENT
    return PublicationState.ARCHIVED if 0 < grace_days < late else PublicationState.OVERDUE


def days_late(article: Dated, today: date) -> int:
    """Return for how many days a review has been due; below zero, in how many days it will be."""
    return (today - article.reviewed).days - article.review_every


def due_on(article: Dated) -> date:
    """Return the last day on which an article is current without another review."""
    try:
        return article.reviewed + timedelta(days=article.review_every)
    except OverflowError:  # a thousand years are never over
        return date.max
