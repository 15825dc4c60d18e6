"""Build each language in a process of its own, which remembers what it built."""

import multiprocessing
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from answerdesk.articles.build_audience import Edition
from answerdesk.articles.reader import Known
from answerdesk.build.language_build import BuildResult, BuildState, build_language, refresh_page

POLL_SECONDS = 0.005  # seconds that one process is waited for before the next
GRACE = 2.0  # seconds in which all of them may end what they do


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a language's process is to do: build, or only refresh the page of an article."""

    basis: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of it; `made` is nothing where a page could not be refreshed by itself."""

    language: str
    made: BuildResult | None


class Builders:
    """The processes of a site's languages."""

    def __init__(self, config_file: Path, languages: Sequence[str], edition: Edition) -> None:
        fork = multiprocessing.get_context("spawn")
        self._ends: dict[str, Connection] = {}
        self._processes = []
        heeded = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl + C while they start would fill the terminal
        try:
            for language in languages:
                ours, theirs = fork.Pipe()
                process = fork.Process(target=_work, args=(theirs, config_file, language, edition), daemon=True)
                process.start()
                theirs.close()
                self._ends[language] = ours
                self._processes.append(process)
        finally:
            signal.signal(signal.SIGINT, heeded)

    def build(self, languages: Sequence[str], basis: str) -> Iterator[Result]:
        """Build languages side by side, and yield each as it is done."""
        yield from self._order(languages, Order(basis=basis))

    def refresh(self, language: str, source: str, basis: str) -> Result:
        """Make the page of an article that changed, and nothing else; the rest is built later."""
        return next(self._order([language], Order(basis=basis, source=source)))

    def close(self) -> None:
        """End the processes."""
        for end in self._ends.values():
            end.close()
        until = time.monotonic() + GRACE
        for process in self._processes:
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                process.kill()

    def _order(self, languages: Sequence[str], order: Order) -> Iterator[Result]:
        waiting = {self._ends[language]: language for language in languages}
        for end in waiting:
            end.send(order)
        while waiting:
            for end in list(waiting):
                if end.poll(POLL_SECONDS):
                    yield Result(language=waiting.pop(end), made=end.recv())


def _work(end: Connection, config_file: Path, language: str, edition: Edition) -> None:
    state = BuildState()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Ctrl + C reaches every process, in the midst of a build too; so does the end of the one that gives the orders.
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            order: Order = end.recv()
            if order.source:
                end.send(refresh_page(state, order.source))
            else:
                end.send(_build(config_file, language, edition, order.basis, state))


def _build(config_file: Path, language: str, edition: Edition, basis: str, state: BuildState) -> BuildResult:
    try:
        return build_language(
            config_file, language, basis=basis, state=state, strict=False, edition=edition,
            known=Known(keeps_emptied=True),
        )  # fmt: skip
    except OSError as error:  # a file went while it was read, or the disk is full; the next change builds again
        return BuildResult(is_built=False, messages=(f"{error.filename}: {error.strerror}.",))
