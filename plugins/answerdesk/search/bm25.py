"""What each term counts in each article: BM25 (Robertson and Zaragoza, 2009), summed over the fields, as a level.

The constants were tuned on public collections: docs/benchmarks.md.
"""

import math
from array import array
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from answerdesk.search.binary_codec import Postings, pack_postings
from answerdesk.search.documents import Document
from answerdesk.search.vocabulary import Vocabulary, pairs

# How much a field counts, how soon its term frequency saturates (k1) and how far its length matters (b).
FIELDS = {
    "title": (4.0, 1.2, 0.7),
    "aliases": (3.0, 1.2, 0.3),
    "questions": (2.5, 1.2, 0.3),
    "codes": (4.0, 1.2, 0.0),
    "tags": (1.0, 1.2, 0.0),
    "summary": (0.5, 1.2, 0.5),
    "headings": (1.0, 1.2, 0.5),
    "body": (1.0, 1.6, 0.8),
}
TITLE_RARITY = 0.45  # how far a term counts in a title by its rarity among titles, which is another than among bodies
LOWEST, STEP, LEVELS = 0.1, 0.06, 100  # impacts lie on a logarithmic scale: a level is 6 % above the one below
LEVEL_BITS, LEVEL = 7, 127  # of a number that holds an article and its level

Impacts = tuple[float, float]  # of a term in an article: in its title, elsewhere


class Counted(NamedTuple):
    """A document's words: for each field of how many terms they are made, and its forms as `Vocabulary.count` does."""

    lengths: tuple[int, ...]
    forms: tuple["array[int]", ...]


class Columns:
    """Each term's articles with their levels, by the term's number: BM25 of each field, weighted and summed."""

    def __init__(self, vocabulary: Vocabulary, means: tuple[float, ...]) -> None:
        self.means = means
        """Of the lengths of each field."""
        self._vocabulary = vocabulary
        self._limits = [LOWEST * math.exp(STEP * (level + 0.5)) for level in range(LEVELS - 1)]
        self._columns: defaultdict[int, array[int]] = defaultdict(partial(array, "I"))  # article << LEVEL_BITS | level
        self._titles: defaultdict[int, dict[int, Impacts]] = defaultdict(dict)  # of the articles with it in the title
        self._factors: dict[int, float] = {}  # how much more, or less, a term counts in titles
        self._total = 0

    def add(self, documents: Sequence[Document], counted: Iterable[Counted]) -> None:
        """Add the articles of an index."""
        self._total = len(documents)
        for article, (document, one) in enumerate(zip(documents, counted, strict=True)):
            self._enter(article, document, one, array.append)
        self._weigh_titles(self._titles, ())

    def replace(self, documents: Sequence[Document], rows: Iterable[tuple[int, Counted, Counted]]) -> set[int]:
        """Replace articles by number, what was counted in them and what is now; return the terms this touches."""
        touched: set[int] = set()
        articles = []
        for article, before, after in rows:
            articles.append(article)
            old = self._terms(before)
            touched |= old | self._terms(after)
            for term in old:
                self._titles.get(term, {}).pop(article, None)
                column = self._columns[term]
                del column[bisect_left(column, article << LEVEL_BITS)]
            self._enter(article, documents[article], after, insort)
        self._weigh_titles(touched, articles)
        return touched

    def count(self, term: int) -> int:
        """Return how many articles have a term."""
        return len(self._columns.get(term, ()))

    def levels(self, article: int, counted: Counted, most: int) -> Iterator[tuple[int, int, int]]:
        """Yield the terms of an article that no more than so many have: how many, and its level."""
        start = article << LEVEL_BITS
        for term in self._terms(counted):
            column = self._columns[term]
            articles = len(column)
            if articles <= most:
                yield term, articles, column[bisect_left(column, start)] & LEVEL

    def best(self, term: int, most: int) -> Postings:
        """Return the articles in which a term counts most."""
        column: Sequence[int] = self._columns[term]
        if len(column) > most:  # of equal levels the first articles, since sorting keeps their order
            column = sorted(sorted(column, key=LEVEL.__and__, reverse=True)[:most])
        return pack_postings([entry >> LEVEL_BITS for entry in column], map(LEVEL.__and__, column))

    def _terms(self, counted: Counted) -> set[int]:
        terms = self._vocabulary.terms
        return {term for flat in counted.forms for form in flat[::2] for term in terms[form]}

    def _enter(
        self, article: int, document: Document, counted: Counted, insert: Callable[["array[int]", int], None]
    ) -> None:
        title, others = self._impacts(counted)
        lift = 1 + document.prior / 64
        columns, limits, start = self._columns, self._limits, article << LEVEL_BITS
        for term, impact in others.items():
            if term not in title:
                insert(columns[term], start | bisect_right(limits, impact * lift))
        for term, impact in title.items():
            self._titles[term][article] = impact * lift, others.get(term, 0.0) * lift
            insert(columns[term], start)  # its level is set when all of its titles are known

    def _impacts(self, counted: Counted) -> tuple[dict[int, float], dict[int, float]]:
        """Return what terms count in the title, and elsewhere."""
        title: dict[int, float] = {}
        others: dict[int, float] = {}
        terms = self._vocabulary.terms
        rows = zip(FIELDS.values(), self.means, counted.lengths, counted.forms, strict=True)
        for field, ((weight, k1, b), mean, length, flat) in enumerate(rows):
            if not flat:
                continue
            norm = k1 * (1 - b + b * length / mean)
            counts: dict[int, int] = {}
            for form, count in pairs(flat):
                for term in terms[form]:
                    counts[term] = counts.get(term, 0) + count
            sums, most = others if field else title, weight * (k1 + 1)
            for term, count in counts.items():
                sums[term] = sums.get(term, 0.0) + most * count / (count + norm)
        return title, others

    def _weigh_titles(self, terms: Iterable[int], articles: Sequence[int]) -> None:
        """Set the levels of terms in titles: where a term has become rarer or more common, of all its articles."""
        for term in terms:
            titles = self._titles.get(term)
            if not titles:
                continue
            column = self._columns[term]
            rarity = idf(self._total, len(titles)) / idf(self._total, len(column))
            factor = round(1 - TITLE_RARITY + TITLE_RARITY * rarity, 2)
            is_other = factor != self._factors.get(term)
            self._factors[term] = factor
            for article in titles if is_other else [article for article in articles if article in titles]:
                in_title, elsewhere = titles[article]
                start = article << LEVEL_BITS
                level = bisect_right(self._limits, in_title * factor + elsewhere)
                column[bisect_left(column, start)] = start | level


def mean_lengths(counted: Sequence[Counted]) -> tuple[float, ...]:
    """Return the mean length of each field, where it is not empty, to two digits: so it changes with few articles."""
    means = []
    for field in range(len(FIELDS)):
        lengths = [one.lengths[field] for one in counted if one.lengths[field]]
        means.append(float(f"{sum(lengths) / len(lengths):.2g}") if lengths else 1.0)
    return tuple(means)


def idf(total: int, articles: int) -> float:
    """Return the inverse document frequency: ln(1 + (N - n + 0.5) / (n + 0.5))."""
    return math.log(1 + (total - articles + 0.5) / (articles + 0.5))
