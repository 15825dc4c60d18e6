"""Handle the signals that ask this process to stop."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

STOPS = (signal.SIGINT, signal.SIGTERM)  # Ctrl-C, and what a service manager sends


@dataclass
class Stopping:
    """Whether somebody asked this process to stop."""

    is_asked: bool = False  # no threading.Event: a signal that comes while one is set would wait for itself
    wake: Callable[[], None] = lambda: None

    def ask(self) -> None:
        """Ask it to stop."""
        self.is_asked = True
        self.wake()

    def note(self, _signal: int, _frame: object) -> None:
        """Take a signal."""
        self.ask()


@contextmanager
def stop_signals() -> Iterator[Stopping]:
    """Note Ctrl-C and SIGTERM, rather than be interrupted by them in the middle of something."""
    stopping = Stopping()
    before = {number: signal.signal(number, stopping.note) for number in STOPS}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
