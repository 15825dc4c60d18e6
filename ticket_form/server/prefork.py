"""Run the web server in several processes (pre-fork); the first also runs worker, daily job and metrics.

The parent process only supervises: it restarts children that end, and stops them when it is asked to.
"""

import logging
import mmap
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from ticket_form.server.signals import STOPS, Stopping
from ticket_form.web.request_log import Observe

MAX_PROCESSES = 4  # processes by default: SQLite has a single writer anyway
STOP_TIMEOUT = 35.0  # seconds for all processes to end: longer than each child's own time-out
RESTART_DELAY_SECONDS = 1.0  # seconds before a child that ended is restarted
WAKE = b"wake"
_MAX_REPORT_BYTES = 4096  # bytes of a report: PIPE_BUF, up to which writes to a pipe are atomic

log = logging.getLogger(__name__)


def default_number() -> int:
    """Return the default number of web processes."""
    if not hasattr(os, "fork"):
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MAX_PROCESSES)


@dataclass(kw_only=True)
class Shared:
    """State shared by the processes: a pipe to the first one, and whether its worker is alive."""

    _state: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 1))
    _line: tuple[int, int] = field(default_factory=os.pipe)
    _life: tuple[int, int] = field(default_factory=os.pipe)  # reaches end of file in all children when the parent ends

    def __post_init__(self) -> None:
        """Make the pipe non-blocking, so that nobody waits for a first process that does not read."""
        os.set_blocking(self._line[1], False)

    @property
    def is_sending(self) -> bool:
        """Return whether the first process last reported a live delivery worker."""
        return self._state[0] == 1

    @is_sending.setter
    def is_sending(self, value: bool) -> None:
        self._state[0] = int(value)

    def report(self, words: bytes) -> None:
        """Send a report to the first process; it is lost if the pipe is full."""
        try:
            os.write(self._line[1], words[: _MAX_REPORT_BYTES - 1] + b"\n")
        except OSError:
            return

    def publish_state(self, is_alive: Callable[[], bool]) -> None:
        """Publish from the first process whether its delivery worker is alive."""

        def look() -> None:
            while True:
                self.is_sending = is_alive()
                time.sleep(RESTART_DELAY_SECONDS)

        threading.Thread(target=look, name="state", daemon=True).start()

    def watch_parent(self, stopping: Stopping) -> None:
        """Ask this process to stop when its parent is gone, however that ended."""
        os.close(self._life[1])

        def watch() -> None:
            os.read(self._life[0], 1)
            stopping.ask()

        threading.Thread(target=watch, name="life", daemon=True).start()

    def listen(self, *, wake: Callable[[], None], observers: Sequence[Observe]) -> None:
        """Read in the first process the reports of the others."""

        def hear() -> None:
            with os.fdopen(self._line[0], "rb", closefd=False) as lines:
                for line in lines:
                    _hear(line.rstrip(b"\n"), wake, observers)

        threading.Thread(target=hear, name="reports", daemon=True).start()


@dataclass(kw_only=True)
class RemoteWorker:
    """A proxy for the first process's worker, for the other processes."""

    shared: Shared

    @property
    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self.shared.is_sending

    def wake(self) -> None:
        """Wake the worker, since something is due."""
        self.shared.report(WAKE)


def report_request(shared: Shared) -> Observe:
    """Return an observer that reports each request to the first process."""

    def observe(method: str, route: str, status: int, seconds: float) -> None:
        shared.report(f"{method}\t{route}\t{status}\t{seconds:.6f}".encode())

    return observe


def run_processes(
    listeners: Sequence[socket.socket], run: Callable[[int, Shared, Callable[[], None]], int]
) -> NoReturn:
    """Run one child process for each listener until asked to stop; exit with the status of the first child.

    `run` takes the child's number, the shared state and a callback for when it is ready, and returns an exit status.
    The others start when the first is ready, so that errors in the settings are printed once. Each has a listening
    socket of its own, where connections wait while it is restarted.
    """
    shared = Shared()
    stopping = Stopping()
    for name in STOPS:
        signal.signal(name, stopping.note)
    ready, is_ready = os.pipe()
    first = _start(0, shared, run, is_ready)
    os.close(is_ready)
    if not select.select([ready], [], [], None)[0] or not os.read(ready, 1):
        sys.exit(_code(os.waitpid(first, 0)[1]))
    running = {first: 0} | {_start(place, shared, run): place for place in range(1, len(listeners))}
    while not stopping.is_asked:
        ended, status = os.waitpid(-1, os.WNOHANG)
        if not ended:
            time.sleep(0.1)
            continue
        place = running.pop(ended)
        shared.is_sending = shared.is_sending and place != 0
        log.error("a process that answers visitors ended (%s); it is started again", _code(status))
        time.sleep(RESTART_DELAY_SECONDS)
        running[_start(place, shared, run)] = place
    for listener in listeners:
        listener.close()
    sys.exit(_end(running))


def _start(
    place: int, shared: Shared, run: Callable[[int, Shared, Callable[[], None]], int], is_ready: int | None = None
) -> int:
    # A signal before the child has reset the handlers would only be noted in a copy that nobody reads.
    asked = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    process = os.fork()
    if process:
        signal.pthread_sigmask(signal.SIG_SETMASK, asked)
        return process
    for name in STOPS:  # until the child installs its own handlers
        signal.signal(name, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, asked)

    def tell() -> None:
        if is_ready is not None:
            os.write(is_ready, b"1")
            os.close(is_ready)

    code = 1
    try:
        code = run(place, shared, tell)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        log.exception("a process that answers visitors failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end(running: dict[int, int]) -> int:
    """Stop all children, and return the exit status of the first."""
    for process in running:
        os.kill(process, signal.SIGTERM)
    code, ends = 0, time.monotonic() + STOP_TIMEOUT
    while running:
        ended, status = os.waitpid(-1, os.WNOHANG)
        if ended:
            code = _code(status) if running.pop(ended) == 0 else code
        elif time.monotonic() > ends:
            for process in running:
                os.kill(process, signal.SIGKILL)
            ends = float("inf")
        else:
            time.sleep(0.02)
    return code


def _code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _hear(line: bytes, wake: Callable[[], None], observers: Sequence[Observe]) -> None:
    if line == WAKE:
        wake()
        return
    try:
        method, route, status, seconds = line.decode().split("\t")
        for observe in observers:
            observe(method, route, int(status), float(seconds))
    except ValueError:
        log.warning("a report could not be read")
