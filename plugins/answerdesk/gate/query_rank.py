"""Find in which place a query finds its article, who stands above it, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from answerdesk.gate.queries import LAST_PLACE_SEEN, Query
from answerdesk.search import Explanation, Reason, Searcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An article in the results of a query: its score, its weakest kind of match, and what each word counted."""

    path: str
    place: int
    score: int
    tier: str
    reasons: tuple[Reason, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What became of a query: where its article stands, if search found it, and the best that stand above it."""

    query: Query
    own: Standing | None
    above: tuple[Standing, ...]

    @property
    def place(self) -> int | None:
        """Return the article's place, from 1, or None if search did not find it."""
        return self.own.place if self.own else None

    @property
    def is_kept(self) -> bool:
        """Tell whether the article stands where it must."""
        return self.own is not None and self.own.place <= self.query.within


def place_query(query: Query, searcher: Searcher, paths: Sequence[str]) -> Placed:
    """Ask a query; `paths` are those of the index's articles, by number."""
    explanation = searcher.explain(query.text)
    found = [paths[match.article] for match in explanation.matches]
    at = found.index(query.finds) if query.finds in found else len(found)
    standings = [_standing(explanation, number, found[number]) for number in range(min(at, LAST_PLACE_SEEN))]
    own = _standing(explanation, at, query.finds) if at < len(found) else None
    return Placed(query=query, own=own, above=tuple(standings))


def _standing(explanation: Explanation, number: int, path: str) -> Standing:
    match = explanation.matches[number]
    return Standing(
        path=path,
        place=number + 1,
        score=match.score,
        tier=match.tier,
        reasons=explanation.reasons(match.article),
        lacks=explanation.lacks(match.article),
    )
