"""The last line of a terminal says how far a long build has come."""

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

import click

from answerdesk.support.progress_counter import ProgressCounters, Reached

SHOW_AFTER_SECONDS = 1.0  # seconds: what is over sooner needs no bar
REFRESH_SECONDS = 0.1  # seconds from one look to the next
CLEAR = "\r\x1b[2K"
FINE = 1000  # steps of the bar for each language


class Bar:
    """Says lines, and below them how far the languages of a tally have come; without a tally it says lines only."""

    def __init__(self, tally: ProgressCounters | None, stream: IO[str]) -> None:
        self.tally = tally
        self._stream = stream
        self._lock = threading.Lock()
        self._is_drawn = False

    def say(self, line: str, *, err: bool = False) -> None:
        """Print a line above the bar."""
        with self._lock:
            self._clear()
            click.echo(line, err=err)

    def draw(self) -> None:
        """Draw the bar anew."""
        if self.tally is None or not self.tally.languages:
            return
        reached = self.tally.read()
        columns = shutil.get_terminal_size().columns - 1
        with self._lock:
            self._stream.write(f"{CLEAR}{_line(reached)[:columns]}")
            self._stream.flush()
            self._is_drawn = True

    def clear(self) -> None:
        """Take the bar away."""
        with self._lock:
            self._clear()

    def _clear(self) -> None:
        if self._is_drawn:
            self._stream.write(CLEAR)
            self._stream.flush()
            self._is_drawn = False


def _line(reached: list[Reached]) -> str:
    bar = click.progressbar(length=FINE * len(reached), label="Building", width=24, show_eta=False)
    bar.pos = int(sum(FINE * one.part for one in reached))
    pages = sum(one.done for one in reached) // 2
    over = sum(one.expected > 0 and one.done >= one.expected for one in reached)
    return f"{bar.format_progress_line()}  {over} of {len(reached)} languages, {pages:,} pages"


@contextmanager
def open_bar(*, is_quiet: bool = False) -> Iterator[Bar]:
    """Open a bar at the end of the terminal; there is none where nobody looks, or where nobody wants it."""
    stream = sys.stderr
    is_seen = stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")
    with ExitStack() as stack:
        bar = Bar(_tally(stack) if is_seen and not is_quiet else None, stream)
        if bar.tally:
            stack.enter_context(_followed(bar))
        yield bar


def _tally(stack: ExitStack) -> ProgressCounters | None:
    try:
        return stack.enter_context(ProgressCounters())
    except OSError:  # some containers have no memory that processes may share
        return None


@contextmanager
def _followed(bar: Bar) -> Iterator[None]:
    """Keep a bar up to date meanwhile, and take it away at the end."""
    ended = threading.Event()

    def follow() -> None:
        wait = SHOW_AFTER_SECONDS
        while not ended.wait(wait):
            bar.draw()
            wait = REFRESH_SECONDS

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        bar.clear()
