"""Find articles that speak of the same things: the cosine of their most telling terms, from the index itself."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set

from answerdesk.search.index import MARKS, Index, Term
from answerdesk.search.rank import rarity

MOST_TERMS = 30  # an article's most telling terms; more cost time and change nothing
MOST_ARTICLES = 150  # a term that so many share says little, and following it would make the work quadratic
UNIT = 1 << 14  # the length of a row: sums of integers are the same in any order

Row = list[tuple[int, str]]  # weight and term
Scores = dict[int, int]  # article → how close it is
Found = list[tuple[int, int]]  # score below zero, and article: closest first
# An article, and a limit → its terms that no more articles have: how many, and its level.
Levels = Callable[[int, int], Iterable[tuple[str, int, int]]]


class Relations:
    """Which articles of an index are close to each other.

    What was found in those of an index before is taken over; only scores of articles that changed are worked out anew.
    Their terms are asked of `levels`, if the index's builder is there to tell them.
    """

    def __init__(self, index: Index, before: "Relations | None" = None, levels: Levels | None = None) -> None:
        self._basis = [document.url for document in index.documents], index.rarities, index.impacts
        self._terms = index.terms
        self._rows: list[Row] = []
        self._columns: dict[str, list[tuple[int, int]]] = {}
        self._found: dict[tuple[int, int], Found] = {}
        self.anew = 0
        """How many articles were compared with all others."""
        if before and levels and before._basis == self._basis:
            self._rows, self._columns = list(before._rows), dict(before._columns)
            self._found = self._still_found(before, self._replace_rows(index, before, levels))
        else:
            self._rows = [[] for _ in index.documents]
            self._put_rows(enumerate(_all_rows(index)))

    def related(self, article: int, count: int) -> list[int]:
        """Return the numbers of the closest articles, closest first."""
        key = article, count
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._find(article, count)
        return [other for _, other in found]

    def _find(self, article: int, count: int) -> Found:
        return self._closest(self._scores(article), count)

    def _scores(self, article: int) -> Scores:
        """Return the articles that share a term with this one, with the cosine of both rows."""
        scores: defaultdict[int, int] = defaultdict(int)
        for weight, term in self._rows[article]:
            for other, other_weight in self._columns[term]:
                scores[other] += weight * other_weight
        scores.pop(article, None)
        return scores

    def _closest(self, scores: Scores, count: int) -> Found:
        self.anew += 1
        least = min(sorted(scores.values(), reverse=True)[:count], default=0)
        return sorted((-score, other) for other, score in scores.items() if score >= least)[:count]

    def _put_rows(self, rows: Iterable[tuple[int, Row]]) -> None:
        for article, row in rows:
            self._rows[article] = row
            for weight, term in row:
                self._columns.setdefault(term, []).append((article, weight))

    def _replace_rows(self, index: Index, before: "Relations", levels: Levels) -> set[int]:
        """Work out the rows of articles in which a term weighs another amount than before; return which are others."""
        touched: set[int] = set()
        for name in before._terms.keys() | index.terms.keys():
            old, new = before._terms.get(name), index.terms.get(name)
            if old is not new:
                touched.update(article for article, _ in {*_weights(index, old)} ^ {*_weights(index, new)})
        rarities = [rarity(index.rarities, articles) for articles in range(MOST_ARTICLES + 1)]
        rows = {article: _row(rarities, index.impacts, levels(article, MOST_ARTICLES)) for article in touched}
        changed = {article for article, row in rows.items() if row != self._rows[article]}
        for term in {term for article in changed for _, term in self._rows[article]}:
            self._columns[term] = [pair for pair in self._columns[term] if pair[0] not in changed]
        for term in {term for article in changed for _, term in rows[article]}:
            self._columns[term] = list(self._columns.get(term, ()))  # those of before stay as they are
        self._put_rows((article, rows[article]) for article in sorted(changed))
        return changed

    def _still_found(self, before: "Relations", changed: Set[int]) -> dict[tuple[int, int], Found]:
        """Return what was found before as it is now: only scores of changed articles are others."""
        scores = {article: self._scores(article) for article in changed}
        near: defaultdict[int, Found] = defaultdict(list)  # article → changed ones that share a term with it
        for number, others in scores.items():
            for article, score in others.items():
                near[article].append((-score, number))
        still = {}
        for (article, count), found in before._found.items():
            if article in changed:
                still[article, count] = self._closest(scores[article], count)
                continue
            kept = [pair for pair in found if pair[1] not in changed]
            closest = sorted([*kept, *near.get(article, ())])[:count]
            # Of those that were found no closer before, none has come closer: they matter only if one got further.
            if len(found) < count or (len(closest) == count and closest[-1:] <= found[-1:]):
                still[article, count] = closest
        return still


def _all_rows(index: Index) -> list[Row]:
    """Return articles' terms that are strong in them and rare elsewhere, with weights that make a row's length UNIT."""
    rows: list[Row] = [[] for _ in index.documents]
    for name, term in index.terms.items():
        for article, weight in _weights(index, term):
            rows[article].append((weight, name))
    return [_trim(row) for row in rows]


def _row(rarities: Sequence[int], impacts: Sequence[int], levels: Iterable[tuple[str, int, int]]) -> Row:
    """Return the same for one article, of terms with their numbers of articles and levels."""
    found = ((rarities[articles] * impacts[level], name) for name, articles, level in levels if articles > 1)
    return _trim([(weight, name) for weight, name in found if name[0] not in MARKS])


def _weights(index: Index, term: Term | None) -> list[tuple[int, int]]:
    """Return the articles in which a term counts, with how much; in none if it is too common to tell anything."""
    if term is None or not _is_telling(term):
        return []
    rare, impacts = rarity(index.rarities, term.articles), index.impacts
    return [(article, rare * impacts[level]) for article, level in term.postings]


def _is_telling(term: Term) -> bool:
    return 1 < term.articles <= MOST_ARTICLES and term.name[0] not in MARKS


def _trim(row: Row) -> Row:
    row = sorted(row, reverse=True)[:MOST_TERMS]
    length = math.sqrt(sum(weight * weight for weight, _ in row))
    return [(round(UNIT * weight / length), term) for weight, term in row]
