"""Find articles that speak of the same things: the cosine of their most telling terms, from the index itself."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Set
from operator import itemgetter

from answerdesk.search.index import Index, Term
from answerdesk.search.rank import rarity

MOST_TERMS = 30  # an article's most telling terms; more cost time and change nothing
MOST_ARTICLES = 150  # a term that so many share says little, and following it would make the work quadratic
ARTICLE = itemgetter(0)  # of a posting

Row = list[tuple[float, str]]  # weight and term
Found = list[tuple[float, int]]  # score below zero, and article: closest first


class Relations:
    """Which articles of an index are close to each other.

    What was found in those of an index before is taken over; only scores of articles that changed are worked out anew.
    """

    def __init__(self, index: Index, before: "Relations | None" = None) -> None:
        self._basis = [document.url for document in index.documents], index.rarities, index.impacts
        self._terms = index.terms
        self._rows: list[Row] = []
        self._columns: dict[str, list[tuple[int, float]]] = {}
        self._found: dict[tuple[int, int], Found] = {}
        self.anew = 0
        """How many articles were compared with all others."""
        if before and before._basis == self._basis:
            self._rows, self._columns = list(before._rows), dict(before._columns)
            self._found = self._still_found(before, self._replace_rows(index, before))
        else:
            self._rows = [[] for _ in index.documents]
            self._put_rows(_telling_terms(index, range(len(index.documents))))

    def related(self, article: int, count: int) -> list[int]:
        """Return the numbers of the closest articles, closest first."""
        key = article, count
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._find(article, count)
        return [other for _, other in found]

    def _find(self, article: int, count: int) -> Found:
        self.anew += 1
        scores: defaultdict[int, float] = defaultdict(float)
        for weight, term in self._rows[article]:
            for other, other_weight in self._columns[term]:
                scores[other] += weight * other_weight
        scores.pop(article, None)
        least = min(sorted(scores.values(), reverse=True)[:count], default=0.0)
        return sorted((-score, other) for other, score in scores.items() if score >= least)[:count]

    def _put_rows(self, rows: Mapping[int, Row]) -> None:
        for article, row in rows.items():
            self._rows[article] = row
            for weight, term in row:
                self._columns.setdefault(term, []).append((article, weight))

    def _replace_rows(self, index: Index, before: "Relations") -> set[int]:
        """Work out the rows of articles in which a term weighs another amount than before; return which are others."""
        touched: set[int] = set()
        for name in before._terms.keys() | index.terms.keys():
            old, new = before._terms.get(name), index.terms.get(name)
            if old is not new:
                touched.update(article for article, _ in {*_weights(index, old)} ^ {*_weights(index, new)})
        rows = _telling_terms(index, touched)
        changed = {article for article, row in rows.items() if row != self._rows[article]}
        for term in {term for article in changed for _, term in self._rows[article]}:
            self._columns[term] = [pair for pair in self._columns[term] if pair[0] not in changed]
        for term in {term for article in changed for _, term in rows[article]}:
            self._columns[term] = list(self._columns.get(term, ()))  # those of before stay as they are
        self._put_rows({article: rows[article] for article in sorted(changed)})
        return changed

    def _still_found(self, before: "Relations", changed: Set[int]) -> dict[tuple[int, int], Found]:
        """Return what was found before and still holds, with the scores of changed articles worked out anew."""
        weights = {article: {term: weight for weight, term in self._rows[article]} for article in changed}
        near: defaultdict[int, set[int]] = defaultdict(set)  # article → changed ones that share a term with it
        for number in changed:
            for term in weights[number]:
                for article, _ in self._columns[term]:
                    near[article].add(number)
        still = {}
        for (article, count), found in before._found.items():
            if article not in changed:
                kept = [pair for pair in found if pair[1] not in changed]
                new = [(-self._score(article, weights[other]), other) for other in near.get(article, ())]
                closest = sorted([*kept, *new])[:count]
                # Of those that were found no closer before, none has come closer: they matter only if one got further.
                if len(found) < count or (len(closest) == count and closest[-1:] <= found[-1:]):
                    still[article, count] = closest
        return still

    def _score(self, article: int, weights: Mapping[str, float]) -> float:
        """Return what `_find` adds up for an article with these weights, in the same order: to the last digit."""
        score = 0.0
        for weight, term in self._rows[article]:
            if term in weights:
                score += weight * weights[term]  # `sum` would round otherwise from Python 3.12 on
        return score


def _telling_terms(index: Index, articles: Collection[int]) -> dict[int, Row]:
    """Return articles' terms that are strong in them and rare elsewhere, with weights that make a row's length 1."""
    rows: dict[int, Row] = {article: [] for article in articles}
    for name, term in index.terms.items():
        # To look first is quicker than to weigh all terms.
        if _is_telling(term) and not rows.keys().isdisjoint(map(ARTICLE, term.postings)):
            for article, weight in _weights(index, term):
                if article in rows:
                    rows[article].append((weight, name))
    return {article: _normalise(sorted(row, reverse=True)[:MOST_TERMS]) for article, row in rows.items()}


def _weights(index: Index, term: Term | None) -> list[tuple[int, int]]:
    """Return the articles in which a term counts, with how much; in none if it is too common to tell anything."""
    if term is None or not _is_telling(term):
        return []
    rare, impacts = rarity(index.rarities, term.articles), index.impacts
    return [(article, rare * impacts[level]) for article, level in term.postings]


def _is_telling(term: Term) -> bool:
    return 1 < term.articles <= MOST_ARTICLES and term.name[0] not in "#="


def _normalise(row: Row) -> Row:
    length = math.sqrt(sum(weight * weight for weight, _ in row))
    return [(weight / length, term) for weight, term in row]
