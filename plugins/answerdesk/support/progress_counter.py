"""How many pages each language of a build has done: counted in its own process, read by the one that began them."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:  # it takes a while to import, and most builds count nothing
    from multiprocessing.shared_memory import SharedMemory

ROW = struct.Struct("QQ")  # steps done, steps expected
MAX_LANGUAGES = 512  # languages


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far a language has come: a page is read, then written, which are two steps."""

    done: int = 0
    expected: int = 0

    @property
    def part(self) -> float:
        """Return which part of it is done; nothing while it is not known how much there is to do."""
        return min(self.done / self.expected, 1.0) if self.expected else 0.0


class ProgressCounter:
    """Counts the steps of one language. It may be sent to the process that builds it."""

    def __init__(self, memory: str, row: int) -> None:
        self._name, self._row = memory, row
        self._memory: SharedMemory | None = None
        self._done = self._expected = 0

    def __getstate__(self) -> dict[str, object]:
        """Return what another process needs: it opens the memory by its name."""
        return vars(self) | {"_memory": None}

    def expect(self, pages: int) -> None:
        """Begin with so many pages."""
        self._done, self._expected = 0, 2 * pages
        self._write()

    def step(self) -> None:
        """Note that a page was read or written."""
        self._done += 1
        self._write()

    def _write(self) -> None:
        self._memory = self._memory or _open(name=self._name)
        ROW.pack_into(_bytes(self._memory), self._row * ROW.size, self._done, self._expected)


class ProgressCounters:
    """The counters of a build's languages."""

    def __init__(self) -> None:
        """Take the memory that they share.

        Raises:
            OSError: the system has none.
        """
        self._memory = _open(create=True, size=MAX_LANGUAGES * ROW.size)
        self.languages: tuple[str, ...] = ()

    def __enter__(self) -> "ProgressCounters":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._memory.close()
        self._memory.unlink()

    def begin(self, languages: Sequence[str]) -> Mapping[str, ProgressCounter]:
        """Return the counters of the languages that are built."""
        self.languages = tuple(languages)[:MAX_LANGUAGES]
        return {language: ProgressCounter(self._memory.name, row) for row, language in enumerate(self.languages)}

    def read(self) -> list[Reached]:
        """Return how far the languages have come, in their order."""
        rows = (ROW.unpack_from(_bytes(self._memory), row * ROW.size) for row in range(len(self.languages)))
        return [Reached(done=done, expected=expected) for done, expected in rows]


def _open(*, name: str | None = None, create: bool = False, size: int = 0) -> "SharedMemory":
    from multiprocessing.shared_memory import SharedMemory

    return SharedMemory(name, create, size)


def _bytes(memory: "SharedMemory") -> memoryview:
    return cast(memoryview, memory.buf)  # it is nothing only after it was closed
