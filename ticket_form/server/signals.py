"""Handle the signals that ask this process to stop."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

STOPS = (signal.SIGINT, signal.SIGTERM)  # Ctrl-C, and what a service manager sends


@dataclass
class Stopping:
    """A flag: whether this process was asked to stop."""

    is_asked: bool = False  # no threading.Event: a signal during its set() would deadlock
    wake: Callable[[], None] = lambda: None

    def ask(self) -> None:
        """Set the flag."""
        self.is_asked = True
        self.wake()

    def note(self, _signal: int, _frame: object) -> None:
        """Set the flag, as a signal handler."""
        self.ask()


@contextmanager
def stop_signals() -> Iterator[Stopping]:
    """Record Ctrl-C and SIGTERM in a flag within the block, in place of interrupting it."""
    stopping = Stopping()
    before = {number: signal.signal(number, stopping.note) for number in STOPS}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
