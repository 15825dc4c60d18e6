"""Build an index of integers from documents.

A term's impact on an article is BM25 (Robertson and Zaragoza, 2009), summed over the fields, rounded to a level. What
is left for a query is to add integers. The constants were tuned on public collections: docs/benchmarks.md.
"""

import math
from array import array
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from answerdesk.search.analyse import Analyser, analysis_of, variants_of
from answerdesk.search.dictionary import is_word
from answerdesk.search.documents import Document
from answerdesk.search.index import Index, Synonym, Term, Word, code_units
from answerdesk.search.pack import Postings, pack_postings
from answerdesk.search.synonyms import choose_synonyms
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
SCALE = 32  # impacts and rarities are 32nds
RARITY_POWER = 0.75  # of the inverse document frequency
COVERAGE_POWER = 0.5  # of the covered part of a query: the soft AND
MOST_ARTICLES = 1000  # a term keeps so many articles, those where it counts most: common words cost no megabytes
MOST_SUPPORTED = 400  # likewise a term that only supports words
FEWEST_WORDS, MOST_WORDS = (
    800,
    6000,
)  # in the dictionary that completes and corrects, between them three for four articles;
# rarer words do so from their own shard
SHARE_OF_FORMS = 0.2  # a spelling that makes up so much of its term's uses has a place of its own in the dictionary

Forms = Sequence[tuple[int, str]]  # of a term, with their uses, most used first
Entry = tuple[int, bytes, str]  # of the dictionary: articles below zero, code units, form
Impacts = tuple[float, float]  # of a term in an article: in its title, elsewhere


@dataclass(frozen=True, slots=True)
class Counted:
    """A document's words: for each field of how many terms they are made, and its forms as `Vocabulary.count` does."""

    lengths: tuple[int, ...]
    forms: tuple["array[int]", ...]


class Builder:
    """Documents that come, change and go, and their index.

    What a changed document does not touch is kept from one index to the next, the same objects. One that comes or goes
    moves the numbers of others: then all levels are worked out anew, as when a field's mean length changes. The index
    is always that of a new builder with the same documents.
    """

    def __init__(self, language: str, synonyms: Sequence[Synonym] = ()) -> None:
        self._language = language
        self._synonyms = list(synonyms)
        self._analyser = Analyser(analysis_of(language))
        self._vocabulary = Vocabulary(self._analyser)
        self._documents: list[Document] = []
        self._counted: list[Counted] = []
        self._places: dict[str, int] = {}  # of documents, by their URLs
        self._indexed: dict[int, Counted] = {}  # changed documents as they are in `_columns`
        self._columns: Columns | None = None
        self._touched: set[int] = set()  # terms to make anew
        self._terms: dict[str, Term] = {}
        self._entries: dict[int, list[Entry]] = {}  # what a term gives to the dictionary

    def add(self, document: Document) -> None:
        """Add a document behind the others; their order decides between equal scores."""
        counted = self._count(document)
        self._places[document.url] = len(self._documents)
        self._documents.append(document)
        self._counted.append(counted)
        self._use(document, counted, 1)
        self._columns = None

    def put(self, document: Document) -> None:
        """Put a document in the place of the one at its URL, or add it."""
        place = self._places.get(document.url)
        if place is None:
            self.add(document)
        elif self._documents[place] != document:
            before, after = self._counted[place], self._count(document)
            self._use(self._documents[place], before, -1)
            self._use(document, after, 1)
            self._documents[place], self._counted[place] = document, after
            self._indexed.setdefault(place, before)

    def remove(self, url: str) -> None:
        """Remove the document at a URL; without one nothing happens."""
        place = self._places.get(url)
        if place is not None:
            self._use(self._documents.pop(place), self._counted.pop(place), -1)
            self._places = {document.url: number for number, document in enumerate(self._documents)}
            self._columns = None

    def index(self) -> Index:
        """Return the index of the documents."""
        self._bring_up_to_date()
        terms, total = self._terms, len(self._documents)
        synonyms = tuple(choose_synonyms(self._synonyms, self._analyser, terms))
        typed = (self._analyser.fold(phrase) for synonym in synonyms for phrase in synonym.typed)
        return Index(
            language=self._language,
            analysis=_needed(analysis_of(self._language), [*terms, *typed]),
            documents=tuple(self._documents),
            terms=dict(terms),
            words=self._words(),
            synonyms=synonyms,
            rarities=_rarities(total),
            impacts=tuple(round(SCALE * LOWEST * math.exp(STEP * level)) for level in range(LEVELS)),
            coverage=tuple(int(1024 * (i / 64) ** COVERAGE_POWER) for i in range(65)),
        )

    def _count(self, document: Document) -> Counted:
        counted = [self._vocabulary.count(field_text(document, field)) for field in FIELDS]
        return Counted(tuple(length for length, _ in counted), tuple(forms for _, forms in counted))

    def _use(self, document: Document, counted: Counted, times: int) -> None:
        for field, forms in zip(FIELDS, counted.forms, strict=True):
            if forms:
                self._vocabulary.use(forms, times)
                self._touched.update(self._vocabulary.write(field_text(document, field), times))

    def _bring_up_to_date(self) -> None:
        means = _means(self._counted)
        if self._columns is None or self._columns.means != means:
            self._columns = Columns(self._vocabulary, means)
            self._columns.add(self._documents, self._counted)
            self._touched.update(range(len(self._vocabulary.names)))
        else:
            rows = ((place, before, self._counted[place]) for place, before in self._indexed.items())
            self._touched |= self._columns.replace(self._documents, rows)
        self._indexed.clear()
        self._make_terms(self._columns)
        self._touched.clear()

    def _make_terms(self, columns: "Columns") -> None:
        has_new = False
        for number in self._touched:
            name, forms = self._vocabulary.names[number], self._vocabulary.forms(number)
            term = self._term(number, forms, columns)
            self._entries.pop(number, None)
            if term is None:
                self._terms.pop(name, None)
                continue
            has_new = has_new or name not in self._terms
            if self._terms.get(name) != term:  # an equal one stays the object that it is
                self._terms[name] = term
            if entries := _dictionary_entries(term, forms):
                self._entries[number] = entries
        if has_new:
            self._terms = dict(sorted(self._terms.items(), key=lambda item: code_units(item[0])))

    def _term(self, number: int, forms: Forms, columns: "Columns") -> Term | None:
        articles = columns.count(number)
        if not articles:
            return None
        name = self._vocabulary.names[number]
        form = forms[0][1] if forms else name
        most = MOST_ARTICLES if name[0] not in "#=" else MOST_SUPPORTED
        return Term(
            name=name,
            spelling=self._vocabulary.spelling(form),
            articles=articles,
            postings=columns.best(number, most),
        )

    def _words(self) -> tuple[Word, ...]:
        """Return the dictionary: the commonest terms, each with the spellings that are much used."""
        most = min(max(len(self._documents) * 3 // 4, FEWEST_WORDS), MOST_WORDS)
        ranked = sorted(chain.from_iterable(self._entries.values()))[:most]
        best = {form: (key, -articles) for articles, key, form in reversed(ranked)}
        return tuple(
            Word(form=form, spelling=self._vocabulary.spelling(form), articles=articles)
            for form, (_, articles) in sorted(best.items(), key=lambda item: item[1])
        )


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
            rarity = _idf(self._total, len(titles)) / _idf(self._total, len(column))
            factor = round(1 - TITLE_RARITY + TITLE_RARITY * rarity, 2)
            is_other = factor != self._factors.get(term)
            self._factors[term] = factor
            for article in titles if is_other else [article for article in articles if article in titles]:
                in_title, elsewhere = titles[article]
                start = article << LEVEL_BITS
                level = bisect_right(self._limits, in_title * factor + elsewhere)
                column[bisect_left(column, start)] = start | level


def build_index(documents: Iterable[Document], language: str, synonyms: Sequence[Synonym] = ()) -> Index:
    """Index documents in a language."""
    builder = Builder(language, synonyms)
    for document in documents:
        builder.add(document)
    return builder.index()


def field_text(document: Document, field: str) -> str:
    """Return the text of a field, parts on lines of their own."""
    if field == "body":
        return "\n".join(section.text for section in document.sections)
    if field == "headings":
        return "\n".join(section.heading for section in document.sections)
    value: str | tuple[str, ...] = getattr(document, field)
    return value if isinstance(value, str) else "\n".join(value)


def _dictionary_entries(term: Term, forms: Forms) -> list[Entry]:
    """Return the spellings of a term that are much used, if it is in several articles."""
    if not forms or term.articles < 2 or not _is_useful(term.name):
        return []
    least = SHARE_OF_FORMS * sum(uses for uses, _ in forms)
    kept = [form for uses, form in forms if uses >= least and _is_useful(form)]
    chosen = kept if term.name.isascii() else [term.name, *kept][:2]
    return [(-term.articles, code_units(form), form) for form in chosen]


def _is_useful(form: str) -> bool:
    return is_word(form) and (len(form) > 2 or "\uac00" <= form[0] <= "\ud7a3")


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char >= "\U00020000"


def _means(counted: Sequence[Counted]) -> tuple[float, ...]:
    """Return the mean length of each field, where it is not empty, to two digits: so it changes with few articles."""
    means = []
    for field in range(len(FIELDS)):
        lengths = [one.lengths[field] for one in counted if one.lengths[field]]
        means.append(float(f"{sum(lengths) / len(lengths):.2g}") if lengths else 1.0)
    return tuple(means)


def _idf(total: int, articles: int) -> float:
    """Return the inverse document frequency: ln(1 + (N - n + 0.5) / (n + 0.5))."""
    return math.log(1 + (total - articles + 0.5) / (articles + 0.5))


def _rarities(total: int) -> tuple[int, ...]:
    """Return, for each rarity from 1 up, the largest number of articles a term may be in to be that rare.

    Stored as limits so that no reader needs a logarithm.
    """
    limits: list[int] = []
    for articles in range(total, 0, -1):
        rarity = round(SCALE * _idf(total, articles) ** RARITY_POWER)
        limits.extend([articles] * (max(1, rarity) - len(limits)))
    return tuple(limits)


def _needed(analysis: dict[str, Any], terms: Iterable[str]) -> dict[str, Any]:
    """Return the part of an analysis that an index needs: what leads to no character of its terms, or of what its
    synonyms are typed as, is left out."""
    present = set("".join(terms))
    rules = {
        script: rule if _has_script(script, analysis, present) else _idle(rule)
        for script, rule in analysis["rules"].items()
    }
    for rule in rules.values():  # what affixes are made of is in no term
        steps = [*rule["prefixes"], *rule["suffixes"]]
        present.update(*rule["light"], *rule["forms"], *(affix for step in steps for affix, _ in step["rules"]))
    if "variants" in rules.get("han", {}):
        kept = present.union(rules["han"].get("function", ""), *rules["han"]["light"])
        pairs = [(point, to) for point, to in variants_of(rules["han"]) if chr(to) in kept]
        rules["han"] = {**rules["han"], "variants": pack_variants(pairs)}
    fold = [
        (start + i, to)
        for start, row in analysis["characters"]["fold"]
        for i, to in enumerate(row.split(" "))
        if all(char.isascii() or char in present for char in to)
    ]
    return {"characters": {"fold": _rows(fold), "classes": analysis["characters"]["classes"]}, "rules": rules}


def _idle(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rule of a script that no term has: its keyboard alone still matters."""
    nothing: dict[str, Any] = {"light": [], "forms": {}, "prefixes": [], "suffixes": [], "function": ""}
    return {key: nothing.get(key, value) for key, value in rule.items() if key not in ("variants", "source")}


def _has_script(script: str, analysis: Mapping[str, Any], present: set[str]) -> bool:
    flat = analysis["characters"]["classes"][script]
    ranges = [range(first, last + 1) for first, last in zip(flat[::2], flat[1::2], strict=True)]
    return script == "latin" or any(ord(char) in points for char in present for points in ranges)


def _rows(fold: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return folded code points, ascending, as rows: the first of those without a gap, and what each becomes."""
    rows: list[tuple[int, list[str]]] = []
    for point, to in fold:
        if rows and rows[-1][0] + len(rows[-1][1]) == point:
            rows[-1][1].append(to)
        else:
            rows.append((point, [to]))
    return [(start, " ".join(row)) for start, row in rows]


def pack_variants(pairs: Iterable[tuple[int, int]]) -> list[str]:
    """Return pairs of code points, ascending, as the three strings that `variants_of` reads."""
    rows: list[tuple[str, str, str]] = []
    before = 0
    for point, to in pairs:
        zigzag = 2 * (to - point) if to >= point else -2 * (to - point) - 1
        rows.append((chr(point - before + 32), chr(48 + zigzag % 64), chr(48 + zigzag // 64)))
        before = point
    return ["".join(column) for column in zip(*rows, strict=True)] if rows else ["", "", ""]
