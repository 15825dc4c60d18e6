"""Hold an index in memory, to search it without writing a file."""

from pathlib import Path

from answerdesk.search.index import Index
from answerdesk.search.shards import cut_index, dump
from answerdesk.search.store import Store


class _HeldStore(Store):
    """The parts of an index that is on no disk."""

    def __init__(self, index: Index) -> None:
        parts = cut_index(index)
        self._folder, self._name = Path("memory"), ""  # where messages say that it is
        self._bundle = {"head": dump(parts.head), "facets/0": parts.facets}
        for kind, packed in (("terms", parts.terms), ("texts", parts.texts)):
            self._bundle |= {f"{kind}/{number}": packed[number] for number in range(len(packed))}


def hold_index(index: Index) -> Store:
    """Return an index as a searcher reads it, without writing it."""
    return _HeldStore(index)
