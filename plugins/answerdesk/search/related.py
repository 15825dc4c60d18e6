"""Find articles that speak of the same things: shared rare terms, from the index itself."""

from collections.abc import Sequence

from answerdesk.search.index import Index
from answerdesk.search.rank import rarity

MOST_TERMS = 16  # an article's most telling terms; more cost time and change nothing
COMMON = 5  # a term in more than every fifth article says nothing of what it is about


class Relations:
    """Which articles of an index are close to each other."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._terms = _telling_terms(index)

    def related(self, article: int, count: int) -> list[int]:
        """Return the numbers of the closest articles, closest first."""
        scores: dict[int, int] = {}
        for weight, term in self._terms[article]:
            for other, impact in self._index.postings[term]:
                scores[other] = scores.get(other, 0) + weight * impact
        scores.pop(article, None)
        return sorted(scores, key=lambda other: (-scores[other], other))[:count]


def _telling_terms(index: Index) -> Sequence[list[tuple[int, int]]]:
    """Return each article's terms that are strong in it and rare elsewhere, as (weight, term)."""
    rows: list[list[tuple[int, int]]] = [[] for _ in index.articles]
    for term, postings in enumerate(index.postings):
        if 1 < len(postings) <= max(8, len(index.articles) // COMMON) and index.terms[term][0] not in "#=":
            rare = rarity(index, len(postings))
            for article, impact in postings:
                rows[article].append((rare * rare * impact, term))
    return [sorted(row, reverse=True)[:MOST_TERMS] for row in rows]
