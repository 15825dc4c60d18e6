"""Search: build an index of integers from documents, read it, rank. Nothing here knows MkDocs or Flask."""

from answerdesk.search.builder import Builder, build_index
from answerdesk.search.constants import MAX_QUERY_CHARACTERS
from answerdesk.search.documents import Document, Section
from answerdesk.search.errors import DamagedIndex, MissingIndex, SearchError, SynonymError, WrongFormat
from answerdesk.search.explain import Explanation, Reason
from answerdesk.search.index import Index
from answerdesk.search.memory import hold_index
from answerdesk.search.searcher import Result, Results, Searcher, open_index
from answerdesk.search.store import Writer, write_index
from answerdesk.search.synonyms import read_synonyms

__all__ = [
    "MAX_QUERY_CHARACTERS",
    "Builder",
    "DamagedIndex",
    "Document",
    "Explanation",
    "Index",
    "MissingIndex",
    "Reason",
    "Result",
    "Results",
    "SearchError",
    "Searcher",
    "Section",
    "SynonymError",
    "Writer",
    "WrongFormat",
    "build_index",
    "hold_index",
    "open_index",
    "read_synonyms",
    "write_index",
]
