"""Build an index of integers from documents: what is left for a query is to add them.

The constants were tuned on public collections: docs/benchmarks.md.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from answerdesk.search.analyse import Analyser, analysis_of
from answerdesk.search.bm25 import FIELDS, LEVELS, LOWEST, STEP, Columns, Counted, idf, mean_lengths
from answerdesk.search.constants import COVERAGE_STEPS, COVERAGE_UNIT
from answerdesk.search.dictionary import is_word
from answerdesk.search.documents import Document
from answerdesk.search.index import MARKS, Index, Synonym, Term, Word, code_units
from answerdesk.search.prune_tables import trim_analysis
from answerdesk.search.synonyms import choose_synonyms
from answerdesk.search.vocabulary import Vocabulary

SCALE = 32  # impacts and rarities are 32nds
RARITY_POWER = 0.7  # of the inverse document frequency
COVERAGE_POWER = 0.45  # of the covered part of a query: the soft AND
MOST_ARTICLES = 1000  # a term keeps so many articles, those where it counts most: common words cost no megabytes
MOST_SUPPORTED = 400  # likewise a term that only supports words
# In the dictionary that completes and corrects, between them three for four articles; rarer words do so from their own
# shard.
FEWEST_WORDS, MOST_WORDS = 800, 6000
SHARE_OF_FORMS = 0.2  # a spelling that makes up so much of its term's uses has a place of its own in the dictionary

Forms = Sequence[tuple[int, str]]  # of a term, with their uses, most used first
Entry = tuple[int, bytes, str]  # of the dictionary: articles below zero, code units, form


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
        self.anew = 0
        """How many documents were read, or had their levels worked out, since they were arranged."""

    def __getstate__(self) -> dict[str, object]:
        """Return what is to be stored: not all the words that an analyser remembers, of which few are read again."""
        return vars(self) | {"_analyser": None}

    def __setstate__(self, state: dict[str, object]) -> None:
        """Take over what was stored."""
        vars(self).update(state)
        self._analyser = self._vocabulary.analyser = Analyser(analysis_of(self._language))

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

    def arrange(self, documents: Sequence[Document]) -> None:
        """Have just these documents, in this order; what is there already is not read again."""
        self.anew = 0
        wanted = {document.url for document in documents}
        for url in [url for url in self._places if url not in wanted]:
            self.remove(url)
        for document in documents:
            self.put(document)
        order = [self._places[document.url] for document in documents]
        if order != sorted(order):
            self._documents = [self._documents[place] for place in order]
            self._counted = [self._counted[place] for place in order]
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
            analysis=trim_analysis(analysis_of(self._language), [*terms, *typed]),
            documents=tuple(self._documents),
            terms=dict(terms),
            words=self._words(),
            synonyms=synonyms,
            rarities=_rarities(total),
            impacts=tuple(round(SCALE * LOWEST * math.exp(STEP * level)) for level in range(LEVELS)),
            coverage=tuple(
                int(COVERAGE_UNIT * (i / COVERAGE_STEPS) ** COVERAGE_POWER) for i in range(COVERAGE_STEPS + 1)
            ),
        )

    def levels(self, article: int, most: int) -> Iterator[tuple[str, int, int]]:
        """Yield the terms of an article of the last index that no more than so many have: how many, and its level."""
        if self._columns:
            names = self._vocabulary.names
            for term, articles, level in self._columns.levels(article, self._counted[article], most):
                yield names[term], articles, level

    def _count(self, document: Document) -> Counted:
        self.anew += 1
        counted = [self._vocabulary.count(field_text(document, field)) for field in FIELDS]
        return Counted(tuple(length for length, _ in counted), tuple(forms for _, forms in counted))

    def _use(self, document: Document, counted: Counted, times: int) -> None:
        for field, forms in zip(FIELDS, counted.forms, strict=True):
            if forms:
                self._vocabulary.use(forms, times)
                self._touched.update(self._vocabulary.write(field_text(document, field), times))

    def _bring_up_to_date(self) -> None:
        means = mean_lengths(self._counted)
        if self._columns is None or self._columns.means != means:
            self._columns = Columns(self._vocabulary, means)
            self.anew += len(self._documents)
            self._columns.add(self._documents, self._counted)
            self._touched.update(range(len(self._vocabulary.names)))
        else:
            rows = ((place, before, self._counted[place]) for place, before in self._indexed.items())
            self._touched |= self._columns.replace(self._documents, rows)
        self._indexed.clear()
        self._make_terms(self._columns)
        self._touched.clear()

    def _make_terms(self, columns: Columns) -> None:
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

    def _term(self, number: int, forms: Forms, columns: Columns) -> Term | None:
        articles = columns.count(number)
        if not articles:
            return None
        name = self._vocabulary.names[number]
        form = forms[0][1] if forms else name
        most = MOST_ARTICLES if name[0] not in MARKS else MOST_SUPPORTED
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


def _rarities(total: int) -> tuple[int, ...]:
    """Return, for each rarity from 1 up, the largest number of articles a term may be in to be that rare.

    Stored as limits so that no reader needs a logarithm.
    """
    limits: list[int] = []
    for articles in range(total, 0, -1):
        rarity = round(SCALE * idf(total, articles) ** RARITY_POWER)
        limits.extend([articles] * (max(1, rarity) - len(limits)))
    return tuple(limits)
