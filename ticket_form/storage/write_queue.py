"""Queue processes that write to one SQLite file, first come, first served.

A ticket lock: each process draws a number, locks it until it has written, and waits until no lower number is locked.
The system releases the lock of a process that dies. SQLite excludes concurrent writers itself: this is for fairness.
"""

import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ticket_form.errors import StorageUnavailable

try:
    import fcntl
except ImportError:  # not on Windows, where a single process runs
    fcntl = None  # type: ignore[assignment]

MIN_POLL_SECONDS = 0.0001  # for the next in line
MAX_POLL_SECONDS = 0.02  # for those far behind
_NUMBER = struct.Struct("=q")  # the last number drawn, at the start of the file
_LOCK = struct.Struct("@hhqqi4x")  # Linux's struct flock: type, whence, start, length, process


class WriteQueue:
    """A fair lock between the processes that write to one file."""

    def __init__(self, path: Path, patience: float) -> None:
        """Open the lock file; `patience` is the time-out in seconds for a turn.

        Raises:
            OSError: the file cannot be opened.
        """
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._patience = patience

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and hold it within the block.

        Raises:
            StorageUnavailable: the time-out expired.
        """
        ends = time.monotonic() + self._patience
        number = self._draw(ends)
        try:
            while ahead := self._count_ahead(number):
                _wait(ends, min(MIN_POLL_SECONDS * ahead * ahead, MAX_POLL_SECONDS))
            yield
        finally:
            self._ask(fcntl.F_OFD_SETLK, fcntl.F_UNLCK, number, 1)

    def _draw(self, ends: float) -> int:
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:  # another process is drawing its number
                _wait(ends, MIN_POLL_SECONDS)
        try:
            last = os.pread(self._file, _NUMBER.size, 0)
            number = 1 + (_NUMBER.unpack(last)[0] if len(last) == _NUMBER.size else 0)
            os.pwrite(self._file, _NUMBER.pack(number), 0)
            self._ask(fcntl.F_OFD_SETLK, fcntl.F_WRLCK, number, 1)
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        return number

    def _count_ahead(self, number: int) -> int:
        """Return an upper bound of how many are ahead of a number, from a conflicting lock that the system names."""
        kind, _, lowest, _, _ = self._ask(fcntl.F_OFD_GETLK, fcntl.F_WRLCK, 1, number - 1) if number > 1 else _FREE
        return 0 if kind == fcntl.F_UNLCK else number - lowest

    def _ask(self, command: int, kind: int, first: int, length: int) -> tuple[int, ...]:
        answer = fcntl.fcntl(self._file, command, _LOCK.pack(kind, os.SEEK_SET, first, length, 0))
        return _LOCK.unpack(answer)


_FREE = (fcntl.F_UNLCK if fcntl else 0, 0, 0, 0, 0)


def open_write_queue(path: Path, patience: float) -> WriteQueue | None:
    """Open the queue for a file; None if the system has no such locks, where writers only wait longer."""
    if not hasattr(fcntl, "F_OFD_SETLK"):
        return None
    try:
        return WriteQueue(path.with_name(f"{path.name}-turn"), patience)
    except OSError:
        return None


def _wait(ends: float, seconds: float) -> None:
    if time.monotonic() > ends:
        raise StorageUnavailable("other processes are writing")
    time.sleep(seconds)
