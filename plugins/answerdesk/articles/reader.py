"""Read articles' files: each again only when it has changed."""

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from answerdesk.articles.article import Article, read_article
from answerdesk.articles.catalogue import Catalogue
from answerdesk.articles.problem import Problem
from answerdesk.articles.source import fill, split_source, unknown_variables

INTERNAL = re.compile(rb"^audience:\s*[\"']?internal\b", re.MULTILINE)
TOP = 16_384  # bytes; front matter is shorter
SETTLED = 0.1  # seconds: a file that was changed so shortly before it was read may change again and look the same

Stamp = tuple[int, int, int]  # when it was changed last, its size, its number on the disk
Split = tuple[dict[str, Any], str] | Problem
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What became of an article's file: the article and its Markdown, unless it is unreadable, and what is wrong."""

    article: Article | None = None
    markdown: str = ""
    problems: tuple[Problem, ...] = ()


class Reader:
    """Remembers what files held. It may be stored between builds."""

    def __init__(self) -> None:
        self._splits: dict[str, tuple[Stamp, Split]] = {}
        self._tops: dict[str, tuple[Stamp, bool]] = {}
        self._readings: dict[str, tuple[Split, Reading]] = {}
        self._basis: object = None  # what readings depend on beside the file

    def read(self, source: str, file: Path, catalogue: Catalogue, language: str) -> Reading:
        """Return the article of a file; `source` is its path below the language's folder."""
        basis = catalogue, language
        if self._basis != basis:
            self._readings.clear()
            self._basis = basis
        split = self._remembered(self._splits, file, lambda: _split(source, file))
        known = self._readings.get(source)
        if known and known[0] is split:
            return known[1]
        reading = _read(source, split, catalogue, catalogue.variables(language))
        self._readings[source] = split, reading
        return reading

    def is_public(self, file: Path) -> bool:
        """Tell whether everyone may read an article, by a look at the top of its file."""
        return self._remembered(self._tops, file, lambda: not _is_internal(file))

    @staticmethod
    def _remembered(known: dict[str, tuple[Stamp, Value]], file: Path, read: Callable[[], Value]) -> Value:
        key = str(file)
        status = os.stat(key)
        stamp = status.st_mtime_ns, status.st_size, status.st_ino
        found = known.get(key)
        if found and found[0] == stamp:
            return found[1]
        value = read()
        if time.time() - status.st_mtime > SETTLED:
            known[key] = stamp, value
        else:
            known.pop(key, None)
        return value


def _read(source: str, split: Split, catalogue: Catalogue, variables: Mapping[str, str]) -> Reading:
    if isinstance(split, Problem):
        return Reading(problems=(split,))
    meta, body = split
    article = read_article(source.removesuffix(".md"), meta, catalogue)
    if isinstance(article, tuple):
        return Reading(problems=article)
    texts = (article.title, article.summary, *article.aliases, *article.questions)
    return Reading(
        article=_filled(article, variables),
        markdown=fill(body, variables),
        problems=tuple(unknown_variables(source, "\n".join((*texts, body)), variables)),
    )


def _split(source: str, file: Path) -> Split:
    try:
        return split_source(source, file.read_text("utf-8"))
    except UnicodeDecodeError as error:
        return Problem(file=source, field="encoding", value=f"byte {error.start} is no UTF-8", cure="Save it as UTF-8.")


def _filled(article: Article, variables: Mapping[str, str]) -> Article:
    return replace(
        article,
        title=fill(article.title, variables),
        summary=fill(article.summary, variables),
        aliases=tuple(fill(text, variables) for text in article.aliases),
        questions=tuple(fill(text, variables) for text in article.questions),
    )


def _is_internal(file: Path) -> bool:
    with file.open("rb") as opened:
        return INTERNAL.search(opened.read(TOP).split(b"\n---", 1)[0]) is not None
