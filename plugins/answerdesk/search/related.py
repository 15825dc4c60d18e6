"""Find articles that speak of the same things: the cosine of their most telling terms, from the index itself."""

import math
from collections import defaultdict
from heapq import nsmallest

from answerdesk.search.index import Index
from answerdesk.search.rank import rarity

MOST_TERMS = 30  # an article's most telling terms; more cost time and change nothing
MOST_ARTICLES = 150  # a term that so many share says little, and following it would make the work quadratic


class Relations:
    """Which articles of an index are close to each other."""

    def __init__(self, index: Index) -> None:
        self._rows = _telling_terms(index)
        self._columns: dict[int, list[tuple[int, float]]] = {}
        for article, row in enumerate(self._rows):
            for weight, term in row:
                self._columns.setdefault(term, []).append((article, weight))

    def related(self, article: int, count: int) -> list[int]:
        """Return the numbers of the closest articles, closest first."""
        scores: defaultdict[int, float] = defaultdict(float)
        for weight, term in self._rows[article]:
            for other, other_weight in self._columns[term]:
                scores[other] += weight * other_weight
        scores.pop(article, None)
        return [other for _, other in nsmallest(count, ((-score, other) for other, score in scores.items()))]


def _telling_terms(index: Index) -> list[list[tuple[float, int]]]:
    """Return each article's terms that are strong in it and rare elsewhere, as (weight, term), weights of length 1."""
    rows: list[list[tuple[float, int]]] = [[] for _ in index.documents]
    for number, (name, term) in enumerate(index.terms.items()):
        if 1 < term.articles <= MOST_ARTICLES and name[0] not in "#=":
            rare = rarity(index.rarities, term.articles)
            for article, level in term.postings:
                rows[article].append((rare * index.impacts[level], number))
    return [_normalise(sorted(row, reverse=True)[:MOST_TERMS]) for row in rows]


def _normalise(row: list[tuple[float, int]]) -> list[tuple[float, int]]:
    length = math.sqrt(sum(weight * weight for weight, _ in row))
    return [(weight / length, term) for weight, term in row]
