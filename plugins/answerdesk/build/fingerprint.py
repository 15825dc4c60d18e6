"""Tell whether a language must be built again, from the state on disk of all that its pages depend on."""

import hashlib
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from os import sep
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from answerdesk.articles.build_audience import Edition
from answerdesk.articles.context import find_closed, find_twins
from answerdesk.articles.publication_state import PublicationState
from answerdesk.articles.reader import Known, Reader, Stamp, Twins, is_settled, stamp_of, stamps_below
from answerdesk.articles.redirects import FILE as REDIRECTS
from answerdesk.articles.theme import portal_folder
from answerdesk.articles.visibility import Closed
from answerdesk.support.content_files import is_stray
from answerdesk.translations.record import record_file, recorded_paths

# Redirects stand in each language's own mark, since their pages are made at every build; the others are on no page.
NOT_SHOWN = {REDIRECTS, "owners.yml", "words.yml"}
INHERIT = re.compile(r"""^INHERIT:\s*["']?(.+?)["']?\s*$""", re.MULTILINE)
PACKAGES = ("babel", "jinja2", "markdown", "mkdocs", "mkdocs-material", "pymdown-extensions", "pypinyin", "rjsmin")
PACKAGE = Path(__file__).parents[1]  # all of answerdesk: changed code makes every page anew


def basis_of(config_file: Path, config: MkDocsConfig, edition: Edition) -> str:
    """Return a digest of what every page depends on: configuration, shared files, templates, code, what renders.

    The day is no part of it: pages depend on it only through the states of articles.
    """
    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(f"{package} {version(package)}\n".encode())
    options = config.plugins["answerdesk/articles"].config
    digest.update(repr((config.site_url, sorted(options.items()))).encode())  # may come from the environment
    digest.update(repr((edition.audience, edition.is_preview)).encode())
    for file in _shared(config_file, config):
        digest.update(file.as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What is in the languages' folders: the stamps of their files, and which articles may be read by whom."""

    stamps: Mapping[str, Mapping[str, Stamp]]
    twins: Twins
    closed: Mapping[str, Closed]
    """The source's articles that not everyone may read."""

    @property
    def known(self) -> Known:
        """Return what the build of a language needs of it."""
        return Known(twins=self.twins, closed=self.closed)


def survey(config: MkDocsConfig, languages: Sequence[str], reader: Reader, edition: Edition) -> Survey:
    """Look at the languages' folders; only files that are new to the reader are opened."""
    content = Path(config.docs_dir).parent
    grace_days = config.plugins["answerdesk/articles"].config.grace_days
    stamps = {code: stamps_below(content / code) for code in languages}
    twins = {code: find_twins(content / code, reader, edition, grace_days, stamps[code]) for code in languages}
    source = languages[0]
    closed = find_closed(content / source, reader, edition.today, grace_days, stamps[source])
    return Survey(stamps=stamps, twins=twins, closed=closed)


def fingerprints(config: MkDocsConfig, languages: Sequence[str], basis: str, found: Survey) -> Mapping[str, str]:
    """Return for each language a digest of the basis, the redirects, the articles that all languages show with their
    states, those of its own that not everyone may read in the source, and of when its own files were changed last. One
    that changed just now never has the same digest twice: it may change again and look the same.
    """
    content = Path(config.docs_dir).parent
    lends = config.plugins["answerdesk/articles"].config.fallback
    source = languages[0]
    redirects = content / REDIRECTS
    redirected = hashlib.sha256(redirects.read_bytes() if redirects.is_file() else b"").hexdigest()
    twins_marks = {
        code: (_twins_mark(states, True), _twins_mark(states, False)) for code, states in found.twins.items()
    }
    marks = {}
    for code in languages:
        rows = [
            basis,
            redirected,
            *(f"{other} {mark[other != code]}" for other, mark in twins_marks.items()),
            *map(_row, found.stamps[code].items()),
            *_rows(content / "synonyms" / f"{code}.yml"),
        ]
        if code != source:
            rows += _rows(content / "sources" / f"{code}.yml")
            rows += _rows(content / "fallbacks" / f"{code}.yml")
            rows += _closed_rows(content / code, found.closed, found.stamps[code])
            rows += _source_rows(content, source, code, found, lends=lends)
        marks[code] = hashlib.sha256("\n".join(rows).encode("utf-8", "surrogateescape")).hexdigest()
    return marks


def _source_rows(content: Path, source: str, code: str, found: Survey, *, lends: bool) -> Iterator[str]:
    """Yield a line for each file of the source that a language's pages show: in the place of a translation that it
    lacks, or beside one that is older."""
    twins, stamps = found.twins, found.stamps[source]
    lent = twins[source].keys() - twins[code].keys() if lends else set()
    shown = lent | (recorded_paths(record_file(content, code)) & twins[source].keys() & twins[code].keys())
    for path in sorted(shown):
        file = str(content / source / f"{path}.md")
        state = twins[source][path] if path in lent else ""  # its notices are those of the source's page
        yield f"{_row((file, stamps[file]))} {state}"
    if lends:  # pictures, which translations show too
        yield from (_row(pair) for pair in stamps.items() if not pair[0].endswith(".md"))


def _closed_rows(folder: Path, closed: Mapping[str, Closed], stamps: Mapping[str, Stamp]) -> Iterator[str]:
    """Yield a line for each article that not everyone may read in the source language, and that this one has."""
    for path, (is_internal, state) in sorted(closed.items()):
        if f"{folder}{sep}{path.replace('/', sep)}.md" in stamps:
            yield f"{path} {'internal' if is_internal else ''} {state if not state.is_published else ''}"


def _twins_mark(states: Mapping[str, PublicationState], is_own: bool) -> str:
    """Return a digest of the articles that a language shows; to the others only archived ones are something else."""
    rows = (
        f"{path} {state if is_own or state == PublicationState.ARCHIVED else ''}"
        for path, state in sorted(states.items())
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _shared(config_file: Path, config: MkDocsConfig) -> Iterator[Path]:
    yield from _inherited(config_file)
    yield from sorted(file for file in Path(config.docs_dir).parent.glob("*.yml") if _is_shared(file))
    for folder in (portal_folder(config), PACKAGE):
        yield from sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc")


def _is_shared(file: Path) -> bool:
    return file.name not in NOT_SHOWN and not is_stray(file.name) and file.is_file()


def _rows(file: Path) -> list[str]:
    return [_row((str(file), stamp_of(str(file))))] if file.is_file() else []


def _row(pair: tuple[str, Stamp]) -> str:
    """Return a line for a file: where it is, when it was changed, how large it is."""
    file, stamp = pair
    now = time.time_ns()
    return f"{file} {stamp}" if is_settled(stamp, now) else f"{file} {stamp} {now}"


def _inherited(config_file: Path) -> Iterator[Path]:
    """Yield a configuration file and those it inherits from."""
    seen: set[Path] = set()
    while config_file.is_file() and config_file not in seen:
        seen.add(config_file)
        yield config_file
        match = INHERIT.search(config_file.read_text("utf-8"))
        config_file = config_file.parent / match.group(1) if match else config_file
