"""The index as it is built: terms with the articles that have them, and what the reader needs to know of a site."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from answerdesk.search.documents import Document

MARKS = "#="  # begin the names of terms that are parts of words


class Term(NamedTuple):
    """A term: how it is spelt most often, in how many articles it is, and the best of them as (article, level).

    A tuple is stored and read quickest, and there are many terms.
    """

    name: str
    spelling: str
    articles: int
    postings: Collection[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A spelling that completes and corrects what is typed, with the number of articles that have its term."""

    form: str  # folded; what is compared
    spelling: str  # natural; what is shown
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonym:
    """Phrases that people type, and the phrases that articles have for the same thing; a phrase never finds itself."""

    typed: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Everything about a set of documents that search needs; `terms` and `words` ascend by UTF-16 code units.

    `impacts[level]` is what a posting's level counts; `rarities` are descending limits: a term in n articles has the
    rarity «how many limits are ≥ n»; `coverage[i]` is what is left of a score, in 1024ths, when an article covers i/64
    of a query. All are integers, so that every reader has the same scores.
    """

    language: str
    analysis: dict[str, Any]
    documents: tuple[Document, ...]
    terms: dict[str, Term]
    words: tuple[Word, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    rarities: tuple[int, ...] = ()
    impacts: tuple[int, ...] = ()
    coverage: tuple[int, ...] = field(default=())


def code_units(text: str) -> bytes:
    """Return a key that sorts as JavaScript compares strings: by UTF-16 code units."""
    return text.encode("utf-16-be", "surrogatepass")
