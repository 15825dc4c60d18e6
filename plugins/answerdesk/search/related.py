"""Find articles that speak of the same things: the cosine of their most telling terms, from the index itself."""

import math
from collections import defaultdict
from heapq import nsmallest

from answerdesk.search.index import Index
from answerdesk.search.rank import rarity

MOST_TERMS = 30  # an article's most telling terms; more cost time and change nothing
MOST_ARTICLES = 150  # a term that so many share says little, and following it would make the work quadratic

Row = list[tuple[float, str]]  # weight and term


class Relations:
    """Which articles of an index are close to each other.

    What was found in those of an index before is taken over where nothing close to an article has changed.
    """

    def __init__(self, index: Index, before: "Relations | None" = None) -> None:
        self._urls = [document.url for document in index.documents]
        self._rows = _telling_terms(index)
        self._columns: dict[str, list[tuple[int, float]]] = {}
        for article, row in enumerate(self._rows):
            for weight, term in row:
                self._columns.setdefault(term, []).append((article, weight))
        self._found: dict[tuple[int, int], list[int]] = {}
        if before and before._urls == self._urls:
            self._take_over(before)

    def related(self, article: int, count: int) -> list[int]:
        """Return the numbers of the closest articles, closest first."""
        key = article, count
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._find(article, count)
        return found

    def _find(self, article: int, count: int) -> list[int]:
        scores: defaultdict[int, float] = defaultdict(float)
        for weight, term in self._rows[article]:
            for other, other_weight in self._columns[term]:
                scores[other] += weight * other_weight
        scores.pop(article, None)
        return [other for _, other in nsmallest(count, ((-score, other) for other, score in scores.items()))]

    def _take_over(self, before: "Relations") -> None:
        touched = set()
        for number, (row, old) in enumerate(zip(self._rows, before._rows, strict=True)):
            if row != old:
                touched.add(number)
                for _, term in (*row, *old):
                    touched.update(article for article, _ in self._columns.get(term, ()))
        self._found = {key: found for key, found in before._found.items() if key[0] not in touched}


def _telling_terms(index: Index) -> list[Row]:
    """Return each article's terms that are strong in it and rare elsewhere, with weights that make its length 1."""
    rows: list[Row] = [[] for _ in index.documents]
    for name, term in index.terms.items():
        if 1 < term.articles <= MOST_ARTICLES and name[0] not in "#=":
            rare = rarity(index.rarities, term.articles)
            for article, level in term.postings:
                rows[article].append((rare * index.impacts[level], name))
    return [_normalise(sorted(row, reverse=True)[:MOST_TERMS]) for row in rows]


def _normalise(row: Row) -> Row:
    length = math.sqrt(sum(weight * weight for weight, _ in row))
    return [(weight / length, term) for weight, term in row]
