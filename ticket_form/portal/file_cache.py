"""Cache a value read from a file until the file changes, so that a rebuilt site needs no restart."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

Value = TypeVar("Value")
Stamp = tuple[int, int, int]


class FileCached(Generic[Value]):
    """A value that is read on first use, and again after its file was replaced."""

    def __init__(self, path: Path, *, read: Callable[[], Value], failures: type[Exception]) -> None:
        self._path = path
        self._read = read
        self._failures = failures
        self._lock = threading.Lock()
        self._kept: tuple[Stamp | None, Value] | None = None

    def get(self) -> Value:
        """Return the current value, or the previous one while the new file cannot be read, as during a build."""
        stamp = self._stamp()
        kept = self._kept
        if kept and kept[0] == stamp:
            return kept[1]
        with self._lock:
            if self._kept and self._kept[0] == stamp:
                return self._kept[1]  # another thread has read it
            try:
                self._kept = (stamp, self._read())
            except self._failures:
                if self._kept is None:
                    raise
            return self._kept[1]

    def _stamp(self) -> Stamp | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino
