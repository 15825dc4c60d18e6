"""What a build complains of."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from answerdesk.articles.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A complaint in words, and as a problem if one of our own plugins makes it."""

    text: str
    problem: Problem | None = None


class _Collector(logging.Handler):
    """Keeps what MkDocs and the plugins warn of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.faults: list[Fault] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.faults.append(Fault(text=record.getMessage(), problem=getattr(record, "problem", None)))


@contextmanager
def collected() -> Iterator[list[Fault]]:
    """Give what is warned of meanwhile, and keep it from being printed."""
    collector = _Collector()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(collector)
    propagates, logger.propagate = logger.propagate, False
    try:
        yield collector.faults
    finally:
        logger.propagate = propagates
        logger.removeHandler(collector)


def faults_of(error: Exception) -> list[Fault]:
    """Return what an error says that stops a build."""
    problems: Iterable[Problem] = getattr(error, "problems", ())
    return [Fault(text=str(problem), problem=problem) for problem in problems] or [Fault(text=str(error))]
