"""Run a command and take its time and memory; count the bytes of what it wrote."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.5  # seconds between two looks at the memory of all processes; a look costs some milliseconds each
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes


class CommandFailed(Exception):
    """A measured command ended with an error; the message ends with its last words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a command used. Memory is in bytes; `together` is None where the system does not tell.

    `largest` is the peak resident memory of its largest process (ru_maxrss of wait4, which includes grandchildren that
    were waited for). `together` is the largest sum, over all its processes, of proportional memory (PSS of
    /proc/*/smaps_rollup: a page that two processes share counts half in each), looked at every INTERVAL.
    """

    seconds: float
    largest: int
    together: int | None


def run_command(command: Sequence[str], log: Path) -> Usage:
    """Run a command to its end, with what it prints in `log`.

    Raises:
        CommandFailed: it ended with an error.
    """
    with log.open("wb") as output:
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        watcher = Watcher(process.pid)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        watcher.end()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        last = log.read_text("utf-8", "replace").splitlines()[-5:]
        raise CommandFailed(f"{' '.join(command)} ended with {process.returncode}; {log}:\n" + "\n".join(last))
    return Usage(seconds=seconds, largest=usage.ru_maxrss * MAXRSS_UNIT, together=watcher.peak)


def count_bytes(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def count_index(place: Path) -> int:
    """Return the bytes of a search index, which is a file or a folder, without pages and scripts."""
    files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files if file.suffix not in (".js", ".html"))


class Watcher(threading.Thread):
    """Looks at the memory of all processes of a session until told to end; `peak` is the most of all together."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session = session
        self._ended = threading.Event()
        self.peak: int | None = None

    def run(self) -> None:
        """Look."""
        while not self._ended.wait(INTERVAL):
            if sizes := [size for pid in _members(self._session) if (size := _proportional_size(pid))]:
                self.peak = max(self.peak or 0, sum(sizes))

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()
        self.join()


def find_largest(session: int) -> int | None:
    """Return the peak resident memory of the largest of a session's running processes, where the system tells."""
    sizes = [_read_kilobytes(Path(f"/proc/{pid}/status"), "VmHWM:") for pid in _members(session)]
    return max(sizes, default=None)


def _members(session: int) -> list[int]:
    """Return the processes of a session, or nothing where there is no /proc."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(entry.name)) == session:
                found.append(int(entry.name))
        except (ProcessLookupError, PermissionError):
            continue  # it has ended since
    return found


def _proportional_size(pid: int) -> int:
    return _read_kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")


def _read_kilobytes(file: Path, field: str) -> int:
    """Return the bytes that a file of a process tells, or 0 if it has ended since."""
    try:
        lines = file.read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(field)), 0)
