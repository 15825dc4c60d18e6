"""Say why articles stand where they stand: what each word of a query found in them, and what it counted."""

from dataclasses import dataclass

from answerdesk.search.constants import MATCH_TIERS
from answerdesk.search.index import MARKS
from answerdesk.search.rank import Answer, Group, Match, Scale, worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What a word of a query found in an article: which words, by which kind of match, for how many points."""

    word: str
    found: str
    kind: str  # in MATCH_TIERS
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All articles that answer a query, best first, with what the ranking went by."""

    groups: tuple[Group, ...]
    scale: Scale
    matches: tuple[Match, ...]

    def reasons(self, article: int) -> tuple[Reason, ...]:
        """Return what the query found in an article, what counted most first.

        A score is the sum of these points, less what the article leaves out of the query.
        """
        found = [reason for group in self.groups if (reason := _reason(group, self.scale, article))]
        return tuple(sorted(found, key=lambda reason: -reason.points))

    def lacks(self, article: int) -> tuple[str, ...]:
        """Return the words of the query that found nothing in an article."""
        return tuple(group.word for group in self.groups if group.is_main and not _reason(group, self.scale, article))


def _reason(group: Group, scale: Scale, article: int) -> Reason | None:
    best: tuple[int, Answer] | None = None
    for answer in group.answers:
        levels = [level for term in answer.terms for other, level in term.postings if other == article]
        if len(levels) < len(answer.terms):
            continue
        impact = answer.share * scale.impacts[min(levels)]
        if best is None or impact > best[0]:
            best = impact, answer
    if best is None:
        return None
    impact, answer = best
    return Reason(
        word=group.word,
        found=" ".join(term.spelling.lstrip(MARKS) for term in answer.terms),
        kind=MATCH_TIERS[answer.kind],
        points=worth(group, scale) * impact,
    )
