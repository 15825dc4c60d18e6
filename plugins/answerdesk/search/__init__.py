"""Search: build an index of integers from documents, read it, rank. Nothing here knows MkDocs or Flask."""

from answerdesk.search.builder import build_index
from answerdesk.search.documents import Document, Section
from answerdesk.search.errors import DamagedIndex, MissingIndex, SearchError, WrongFormat
from answerdesk.search.index import Index, read_index, write_index
from answerdesk.search.searcher import LONGEST, Result, Results, Searcher, open_index

__all__ = [
    "LONGEST",
    "DamagedIndex",
    "Document",
    "Index",
    "MissingIndex",
    "Result",
    "Results",
    "SearchError",
    "Searcher",
    "Section",
    "WrongFormat",
    "build_index",
    "open_index",
    "read_index",
    "write_index",
]
