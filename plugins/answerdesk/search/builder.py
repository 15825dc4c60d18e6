"""Build an index of integers from documents.

A term's impact on an article is BM25+ (Lv and Zhai, 2011: term frequency saturates, long articles are not punished
below their matching), summed over the fields and quantised. What is left for a query is to add integers.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from answerdesk.search.analyse import Analyser, analysis_of
from answerdesk.search.documents import Document
from answerdesk.search.index import Article, Index

K1 = 1.2
DELTA = 0.5
QUANTUM = 8  # impacts and rarities are eighths
# How much a field counts, and how far its length matters (BM25's b): a body is long for good reasons, a title is not.
FIELDS = {
    "title": (4.0, 0.7),
    "aliases": (3.0, 0.3),
    "questions": (2.5, 0.3),
    "codes": (4.0, 0.0),
    "tags": (1.0, 0.0),
    "summary": (1.0, 0.5),
    "headings": (1.5, 0.5),
    "body": (1.0, 0.7),
}


def build_index(documents: Sequence[Document], language: str) -> Index:
    """Index documents in a language; the order of the documents decides between equal scores."""
    analysis = analysis_of(language)
    analyser = Analyser(analysis)
    forms: dict[str, str] = {}
    counts = {name: [_count(text, analyser, forms) for text in _texts(documents, name)] for name in FIELDS}
    impacts = _impacts(counts, len(documents))
    terms = sorted(impacts, key=code_units)
    numbers = {term: number for number, term in enumerate(terms)}
    # Who begins to type «و» means none of the many words that only carry it in front, such as «والشبكة».
    begun = (form for form, term in forms.items() if form not in numbers and form[0] == term[0])
    other = sorted(begun, key=code_units)
    return Index(
        language=language,
        analysis=analysis,
        articles=tuple(_article(document) for document in documents),
        terms=tuple(terms),
        postings=tuple(tuple(sorted(impacts[term].items())) for term in terms),
        forms=tuple((form, numbers[forms[form]]) for form in other),
        rarities=_rarities(len(documents)),
    )


def code_units(text: str) -> bytes:
    """Return a key that sorts as JavaScript compares strings: by UTF-16 code units."""
    return text.encode("utf-16-be", "surrogatepass")


def _count(text: str, analyser: Analyser, forms: dict[str, str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (form, terms), count in Counter(analyser.words(text)).items():
        forms[form] = terms[0][0]
        for term, _ in terms:
            counts[term] += count
    return counts


def _texts(documents: Sequence[Document], field: str) -> Iterator[str]:
    for document in documents:
        if field == "body":
            yield "\n".join(section.text for section in document.sections)
        elif field == "headings":
            yield "\n".join(section.heading for section in document.sections)
        else:
            value: str | tuple[str, ...] = getattr(document, field)
            yield value if isinstance(value, str) else "\n".join(value)


def _impacts(counts: dict[str, list[Counter[str]]], total: int) -> dict[str, dict[int, int]]:
    """Return term → article → impact: BM25+ of each field, weighted, summed, in eighths."""
    sums: dict[str, dict[int, float]] = {}
    for field, (weight, b) in FIELDS.items():
        lengths = [row.total() for row in counts[field]]
        filled = sum(1 for length in lengths if length)
        mean = sum(lengths) / filled if filled else 1.0
        for article in range(total):
            norm = K1 * (1 - b + b * lengths[article] / mean)
            for term, count in counts[field][article].items():
                of_term = sums.setdefault(term, {})
                of_term[article] = of_term.get(article, 0.0) + weight * (DELTA + count * (K1 + 1) / (count + norm))
    return {term: {a: max(1, round(QUANTUM * v)) for a, v in of_term.items()} for term, of_term in sums.items()}


def _rarities(total: int) -> tuple[int, ...]:
    """Return, for each rarity from 1 up, the largest number of articles a term may be in to be that rare.

    A term's rarity is its inverse document frequency, ln(1 + (N - n + 0.5) / (n + 0.5)), in eighths. Stored as limits
    so that no reader needs a logarithm.
    """
    limits: list[int] = []
    articles = total
    while articles > 0:
        rarity = round(QUANTUM * math.log(1 + (total - articles + 0.5) / (articles + 0.5)))
        limits.extend([articles] * (max(1, rarity) - len(limits)))
        articles -= 1
    return tuple(limits)


def _article(document: Document) -> Article:
    return Article(
        url=document.url,
        id=document.id or document.url,
        title=document.title,
        summary=document.summary,
        breadcrumb=document.breadcrumb,
        sections=document.sections,
    )
