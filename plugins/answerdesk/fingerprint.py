"""Know whether a language must be built again: by the state on the disk of all that its pages are made from."""

import hashlib
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from answerdesk.articles.context import find_twins
from answerdesk.articles.edition import Edition
from answerdesk.articles.reader import SETTLED, Reader
from answerdesk.articles.redirects import FILE as REDIRECTS
from answerdesk.articles.state import State
from answerdesk.articles.theme import portal_folder
from answerdesk.translations.record import record_file, recorded_paths

# Redirects stand in each language's own mark, since their pages are made at every build; the others are on no page.
NOT_SHOWN = {REDIRECTS, "owners.yml", "words.yml"}
INHERIT = re.compile(r"""^INHERIT:\s*["']?(.+?)["']?\s*$""", re.MULTILINE)
PACKAGES = ("babel", "jinja2", "markdown", "mkdocs", "mkdocs-material", "pymdown-extensions", "pypinyin", "rjsmin")


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


def fingerprints(
    config: MkDocsConfig, languages: Sequence[str], basis: str, reader: Reader, edition: Edition
) -> Mapping[str, str]:
    """Return for each language a digest of the basis, the redirects, the articles that all languages show with their
    states, and of when its own files were changed last. One that changed just now never has the same digest twice: it
    may change again and look the same.
    """
    content = Path(config.docs_dir).parent
    options = config.plugins["answerdesk/articles"].config
    twins = {code: find_twins(content / code, reader, edition, options.grace_days) for code in languages}
    source = languages[0]
    redirects = content / REDIRECTS
    redirected = hashlib.sha256(redirects.read_bytes() if redirects.is_file() else b"").hexdigest()
    marks = {}
    for code in languages:
        rows = [
            basis,
            redirected,
            *(f"{other} {_twins_mark(states, other == code)}" for other, states in twins.items()),
        ]
        rows += _states(content / code)
        rows += _states(content / "synonyms", f"{code}.yml")
        if code != source:
            rows += _states(content / "sources", f"{code}.yml")
            rows += _states(content / "fallbacks", f"{code}.yml")
            rows += _source_rows(content, source, code, twins, lends=options.fallback)
        marks[code] = hashlib.sha256("\n".join(rows).encode("utf-8", "surrogateescape")).hexdigest()
    return marks


def _source_rows(
    content: Path, source: str, code: str, twins: Mapping[str, Mapping[str, State]], *, lends: bool
) -> Iterator[str]:
    """Yield a line for each file of the source that a language's pages show: in the place of a translation that it
    lacks, or beside one that is older."""
    lent = twins[source].keys() - twins[code].keys() if lends else set()
    shown = lent | (recorded_paths(record_file(content, code)) & twins[source].keys() & twins[code].keys())
    for path in sorted(shown):
        state = twins[source][path] if path in lent else ""  # its notices are those of the source's page
        yield f"{_state(str(content / source / f'{path}.md'))} {state}"
    if lent:  # pictures in them
        yield from (row for row in _states(content / source) if ".md " not in row)


def _twins_mark(states: Mapping[str, State], is_own: bool) -> str:
    """Return a digest of the articles that a language shows; to the others only archived ones are something else."""
    rows = (f"{path} {state if is_own or state == State.ARCHIVED else ''}" for path, state in sorted(states.items()))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _shared(config_file: Path, config: MkDocsConfig) -> Iterator[Path]:
    yield from _inherited(config_file)
    yield from sorted(file for file in Path(config.docs_dir).parent.glob("*.yml") if file.name not in NOT_SHOWN)
    for folder in (portal_folder(config), Path(__file__).parent):
        yield from sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc")


def _states(folder: Path, only: str = "") -> Iterator[str]:
    """Yield a line for each file below a folder: where it is, how large, when it was changed."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if only and name != only:
                continue
            yield _state(os.path.join(parent, name))


def _state(path: str) -> str:
    state = os.stat(path)
    fresh = time.time_ns() if time.time() - state.st_mtime < SETTLED else ""
    return f"{path} {state.st_size} {state.st_mtime_ns} {state.st_ino} {fresh}"


def _inherited(config_file: Path) -> Iterator[Path]:
    """Yield a configuration file and those it inherits from."""
    seen: set[Path] = set()
    while config_file.is_file() and config_file not in seen:
        seen.add(config_file)
        yield config_file
        match = INHERIT.search(config_file.read_text("utf-8"))
        config_file = config_file.parent / match.group(1) if match else config_file
