"""Read articles' files: each again only when it has changed."""

import os
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from answerdesk.articles.article import AUDIENCES, Article, read_article
from answerdesk.articles.catalogue import Catalogue
from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.publication_state import PublicationState
from answerdesk.articles.source import split_source, unknown_variables, untranslated
from answerdesk.articles.variables import fill
from answerdesk.articles.visibility import Closed
from answerdesk.support.content_files import list_files
from answerdesk.translations.drift import Hashes
from answerdesk.translations.notes import strip_notes
from answerdesk.translations.sections import split_article

FRONT_MATTER_BYTES = 16_384  # bytes; front matter is hardly ever longer
END = re.compile(rb"\n---[ \t]*\r?(?:\n|\Z)")
# What most articles have, and nothing that hides one: then a look is enough, and much quicker than reading YAML.
REVIEWED = re.compile(rb"^reviewed: (\d{4}-\d\d-\d\d)[ \t]*\r?$", re.MULTILINE)
REVIEW_EVERY = re.compile(rb"^review_every: ([1-9]\d{0,8})[ \t]*\r?$", re.MULTILINE)
UNUSUAL = re.compile(rb"draft|publish|audience|[\\&*]|<<")
SETTLED = 100_000_000  # nanoseconds: a file changed so shortly before it was read may change again and look the same
FILES_PER_CHANGE = 100  # of so many files, one is quicker read again than all are stored

Stamp = tuple[int, int, int]  # when it was changed last, its size, its number on the disk
UNSETTLED: Stamp = (-1, 0, 0)  # of no file: what is known under it is read again
Split = tuple[dict[str, Any], str] | ContentProblem
Value = TypeVar("Value")
Twins = Mapping[
    str, Mapping[str, PublicationState]
]  # language → paths of its articles that readers see, with their states


class Reading(NamedTuple):
    """What became of an article's file: the article and its Markdown, unless it is unreadable, and what is wrong."""

    article: Article | None = None
    markdown: str = ""
    problems: tuple[ContentProblem, ...] = ()


class Front(NamedTuple):
    """What of an article's front matter decides who may see it, and when. A tuple is stored and read quickest."""

    audience: str
    draft: bool
    publish: date | None
    reviewed: date
    review_every: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What of all languages' articles each language's build needs; without it, each looks for itself."""

    twins: Twins = field(default_factory=dict)
    closed: Mapping[str, Closed] | None = None
    """Those of the source language that not everyone may read, by path."""
    keeps_emptied: bool = False
    """Whether a file without a byte still says what it said before: editors empty a file to write it anew."""


class Reader:
    """Remembers what files held. It may be stored between builds."""

    def __init__(self) -> None:
        self._splits: dict[str, tuple[Stamp, Split]] = {}
        self._fronts: dict[str, tuple[Stamp, Front | None]] = {}
        self._readings: dict[tuple[str, str], tuple[Split, Reading]] = {}
        self._hashes: dict[str, tuple[Split, tuple[Hashes, ...]]] = {}
        self._basis: object = None  # what readings depend on beside the file
        self.anew = 0
        """How many files were opened since it was made or stored."""
        self.known = Known()
        """What was found already for the build at hand."""

    def __getstate__(self) -> dict[str, object]:
        """Return what can be stored."""
        return vars(self) | {"anew": 0, "known": Known()}

    @property
    def is_aged(self) -> bool:
        """Tell whether it has opened many files since it was stored."""
        return self.anew > len(self._fronts) // FILES_PER_CHANGE

    def read(self, source: str, file: Path, catalogue: Catalogue, language: str) -> Reading:
        """Return the article of a file; `source` is its path below the language's folder."""
        if self._basis != catalogue:
            self._readings.clear()
            self._basis = catalogue
        split = self.split(source, file)
        known = self._readings.get((language, source))
        if known and known[0] is split:
            return known[1]
        reading = _read(source, split, catalogue, catalogue.variables(language))
        self._readings[language, source] = split, reading
        return reading

    def split(self, source: str, file: Path) -> Split:
        """Return an article's front matter and Markdown as they are written, or what is wrong with them."""
        return self._remembered(self._splits, str(file), stamp_of(str(file)), lambda: _split(source, file))

    def hashes(self, source: str, file: Path) -> tuple[Hashes, ...]:
        """Return what stands for the sections of an article as it is written, to tell whether they have changed."""
        split = self.split(source, file)
        known = self._hashes.get(source)
        if known is None or known[0] is not split:
            known = self._hashes[source] = split, _hashes(split)
        return known[1]

    def front(self, file: str, stamp: Stamp) -> Front | None:
        """Return who may see an article, and when, by a look at the top of its file; None where that is unreadable."""
        return self._remembered(self._fronts, file, stamp, lambda: _front(Path(file)))

    def _remembered(
        self, known: dict[str, tuple[Stamp, Value]], file: str, stamp: Stamp, read: Callable[[], Value]
    ) -> Value:
        found = known.get(file)
        if found and (found[0] == stamp or (self.known.keeps_emptied and not stamp[1])):
            return found[1]
        self.anew += 1
        value = read()
        known[file] = (stamp if is_settled(stamp, time.time_ns()) else UNSETTLED), value
        return value


def stamp_of(file: str) -> Stamp:
    """Return what tells whether a file has changed."""
    state = os.stat(file)
    return state.st_mtime_ns, state.st_size, state.st_ino


def stamps_below(folder: Path) -> dict[str, Stamp]:
    """Return the files of a folder that are content, with their stamps; not those that go away meanwhile."""
    stamps = {}
    for file in list_files(folder):
        with suppress(FileNotFoundError):
            stamps[file] = stamp_of(file)
    return stamps


def is_settled(stamp: Stamp, now: int) -> bool:
    """Tell whether a file that changes again will have another stamp; `now` is in nanoseconds."""
    return now - stamp[0] > SETTLED


def _read(source: str, split: Split, catalogue: Catalogue, variables: Mapping[str, str]) -> Reading:
    if isinstance(split, ContentProblem):
        return Reading(problems=(split,))
    meta, body = split
    article = read_article(source.removesuffix(".md"), meta, catalogue)
    if isinstance(article, tuple):
        return Reading(problems=article)
    texts = (article.title, article.summary, *article.aliases, *article.questions)
    return Reading(
        article=_filled(article, variables),
        markdown=fill(strip_notes(body), variables),
        problems=(*unknown_variables(source, "\n".join((*texts, body)), variables), *untranslated(source, body)),
    )


def _hashes(split: Split) -> tuple[Hashes, ...]:
    if isinstance(split, ContentProblem):
        return ()
    meta, body = split
    sections = split_article(str(meta.get("title") or ""), str(meta.get("summary") or ""), body)
    return tuple(section.keys for section in sections)


def _split(source: str, file: Path) -> Split:
    try:
        return split_source(source, file.read_text("utf-8"))
    except OSError as error:
        cure = "Make it readable for whoever builds the site, or take it away."
        return ContentProblem(file=source, field="file", value=str(error.strerror), cure=cure)
    except UnicodeDecodeError as error:
        return ContentProblem(
            file=source, field="encoding", value=f"byte {error.start} is no UTF-8", cure="Save it as UTF-8."
        )


def _filled(article: Article, variables: Mapping[str, str]) -> Article:
    return replace(
        article,
        title=fill(article.title, variables),
        summary=fill(article.summary, variables),
        aliases=tuple(fill(text, variables) for text in article.aliases),
        questions=tuple(fill(text, variables) for text in article.questions),
    )


def _front(file: Path) -> Front | None:
    with file.open("rb") as opened:
        top = opened.read(FRONT_MATTER_BYTES)
        if not END.search(top):
            top += opened.read()
    end = END.search(top)
    top = top[: end.end()] if end else top
    reviewed, review_every = REVIEWED.findall(top), REVIEW_EVERY.findall(top)
    if len(reviewed) == len(review_every) == 1 and not UNUSUAL.search(top):
        try:
            day = date.fromisoformat(reviewed[0].decode("ascii"))
        except ValueError:
            return None
        return Front(
            audience="public",
            draft=False,
            publish=None,
            reviewed=day,
            review_every=int(review_every[0].decode("ascii")),
        )
    split = split_source(file.name, top.decode("utf-8", "replace"))
    return None if isinstance(split, ContentProblem) else _front_of(split[0])


def _front_of(meta: Mapping[str, Any]) -> Front | None:
    front = Front(
        audience=meta.get("audience", "public"),
        draft=meta.get("draft", False),
        publish=meta.get("publish"),
        reviewed=meta.get("reviewed", date.min),
        review_every=meta.get("review_every", 0),
    )
    days = [front.reviewed, *([front.publish] if "publish" in meta else [])]
    is_readable = front.audience in AUDIENCES and isinstance(front.draft, bool) and isinstance(front.review_every, int)
    return front if is_readable and all(type(day) is date for day in days) else None
