"""Collect the warnings and errors of a build."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from jinja2 import TemplateNotFound

from answerdesk.articles.content_problem import ContentProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A complaint in words, and as a problem if one of our own plugins makes it; a note lets strict builds pass too."""

    text: str
    problem: ContentProblem | None = None
    is_note: bool = False


class _Collector(logging.Handler):
    """Keeps what MkDocs and the plugins warn of, and what our plugins note."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.faults: list[Fault] = []

    def emit(self, record: logging.LogRecord) -> None:
        problem, is_note = getattr(record, "problem", None), record.levelno < logging.WARNING
        if problem or not is_note:  # MkDocs notes much that no author can mend
            self.faults.append(Fault(text=record.getMessage(), problem=problem, is_note=is_note))


@contextmanager
def heard() -> Iterator[list[Fault]]:
    """Give what is warned of meanwhile, and leave it to whoever prints it."""
    collector = _Collector()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(collector)
    try:
        yield collector.faults
    finally:
        logger.removeHandler(collector)


@contextmanager
def collected() -> Iterator[list[Fault]]:
    """Give what is warned of meanwhile, and keep it from being printed."""
    collector = _Collector()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(collector)
    propagates, logger.propagate = logger.propagate, False
    level = logger.level
    logger.setLevel(logging.INFO)
    try:
        yield collector.faults
    finally:
        logger.setLevel(level)
        logger.propagate = propagates
        logger.removeHandler(collector)


def faults_of(error: Exception) -> list[Fault]:
    """Return what an error says that stops a build."""
    if isinstance(error, TemplateNotFound):
        return [Fault(text=f"{error.name}: there is no such template or icon; categories.yml names the icons.")]
    problems: Iterable[ContentProblem] = getattr(error, "problems", ())
    return [Fault(text=str(problem), problem=problem) for problem in problems] or [Fault(text=str(error))]
