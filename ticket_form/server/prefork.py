"""Answer visitors in several processes, as one Python process uses one core; the first of them does all the rest too.

A process that starts the others does nothing else: it starts again whichever ends, and ends them when it is asked to.
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

MAX_PROCESSES = 4  # processes, unless told otherwise: SQLite has one writer at a time anyway
STOP_TIMEOUT = 35.0  # seconds for all processes to end: longer than each gives itself
AGAIN = 1.0  # seconds before what ended is started again
WAKE = b"wake"
_LARGEST = 4096  # bytes of a report: so many are written at once or not at all

log = logging.getLogger(__name__)


def default_number() -> int:
    """Return how many processes answer visitors unless somebody says so."""
    if not hasattr(os, "fork"):
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MAX_PROCESSES)


@dataclass(kw_only=True)
class Shared:
    """What the processes have in common: a line to the first one, and whether that one sends deliveries."""

    _state: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 1))
    _line: tuple[int, int] = field(default_factory=os.pipe)
    _life: tuple[int, int] = field(default_factory=os.pipe)  # ends for all others when the starting process ends

    def __post_init__(self) -> None:
        """Let nobody wait for a first process that does not read."""
        os.set_blocking(self._line[1], False)

    @property
    def is_sending(self) -> bool:
        """Tell whether the first process sends deliveries, as far as it said."""
        return self._state[0] == 1

    @is_sending.setter
    def is_sending(self, value: bool) -> None:
        self._state[0] = int(value)

    def report(self, words: bytes) -> None:
        """Tell the first process something; if it does not listen, the news is lost."""
        try:
            os.write(self._line[1], words[: _LARGEST - 1] + b"\n")
        except OSError:
            return

    def follow(self, is_alive: Callable[[], bool]) -> None:
        """Keep telling the others, from the first process, whether deliveries are sent."""

        def look() -> None:
            while True:
                self.is_sending = is_alive()
                time.sleep(AGAIN)

        threading.Thread(target=look, name="state", daemon=True).start()

    def watch_life(self, stopping: Stopping) -> None:
        """Ask this process to stop when the one that started it is gone; how that ended does not matter."""
        os.close(self._life[1])

        def watch() -> None:
            os.read(self._life[0], 1)
            stopping.ask()

        threading.Thread(target=watch, name="life", daemon=True).start()

    def listen(self, *, wake: Callable[[], None], observers: Sequence[Observe]) -> None:
        """Hear in the first process what the others report."""

        def hear() -> None:
            with os.fdopen(self._line[0], "rb", closefd=False) as lines:
                for line in lines:
                    _hear(line.rstrip(b"\n"), wake, observers)

        threading.Thread(target=hear, name="reports", daemon=True).start()


@dataclass(kw_only=True)
class DistantWorker:
    """The first process's worker, as the others know it."""

    shared: Shared

    @property
    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self.shared.is_sending

    def wake(self) -> None:
        """Have it look at once, since something is due."""
        self.shared.report(WAKE)


def report_request(shared: Shared) -> Observe:
    """Return what tells the first process of each request."""

    def observe(method: str, route: str, status: int, seconds: float) -> None:
        shared.report(f"{method}\t{route}\t{status}\t{seconds:.6f}".encode())

    return observe


def run_processes(
    listeners: Sequence[socket.socket], run: Callable[[int, Shared, Callable[[], None]], int]
) -> NoReturn:
    """Run something in as many processes as there are listeners until asked to stop; exit as the first of them did.

    `run` gets its number, what is shared, and what it calls once it is ready; it returns an exit code. The others are
    started when the first is ready: what is wrong with the settings is then told once. Each has a listening socket,
    where connections wait for it if it must be started again.
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
        time.sleep(AGAIN)
        running[_start(place, shared, run)] = place
    for listener in listeners:
        listener.close()
    sys.exit(_end(running))


def _start(
    place: int, shared: Shared, run: Callable[[int, Shared, Callable[[], None]], int], is_ready: int | None = None
) -> int:
    # A signal that comes before the new process has put the handlers aside would only be noted in a copy nobody reads.
    asked = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    process = os.fork()
    if process:
        signal.pthread_sigmask(signal.SIG_SETMASK, asked)
        return process
    for name in STOPS:  # until the process has a say of its own
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
    """End all processes, and return how the first one ended."""
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
