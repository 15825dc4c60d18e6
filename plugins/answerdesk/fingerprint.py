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
from answerdesk.articles.reader import SETTLED, Reader
from answerdesk.articles.theme import portal_folder

INHERIT = re.compile(r"""^INHERIT:\s*["']?(.+?)["']?\s*$""", re.MULTILINE)
PACKAGES = ("babel", "jinja2", "markdown", "mkdocs", "mkdocs-material", "pymdown-extensions", "pypinyin", "rjsmin")


def basis_of(config_file: Path, config: MkDocsConfig) -> str:
    """Return a digest of what every page depends on: configuration, shared files, templates, code, what renders."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(f"{package} {version(package)}\n".encode())
    options = config.plugins["answerdesk/articles"].config
    digest.update(repr((config.site_url, sorted(options.items()))).encode())  # may come from the environment
    for file in _shared(config_file, config):
        digest.update(file.as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def fingerprints(config: MkDocsConfig, languages: Sequence[str], basis: str, reader: Reader) -> Mapping[str, str]:
    """Return for each language a digest of the basis, of the other languages' public paths, and of when its own files
    were changed last. One that changed just now never has the same digest twice: it may change again and look the same.
    """
    content = Path(config.docs_dir).parent
    public = {code: "\n".join(sorted(find_twins(content / code, reader))) for code in languages}
    others = {code: hashlib.sha256(paths.encode()).hexdigest() for code, paths in public.items()}
    marks = {}
    for code in languages:
        rows = [basis, *(f"{other} {others[other]}" for other in languages if other != code)]
        rows += _states(content / code)
        rows += _states(content / "synonyms", f"{code}.yml")
        marks[code] = hashlib.sha256("\n".join(rows).encode("utf-8", "surrogateescape")).hexdigest()
    return marks


def _shared(config_file: Path, config: MkDocsConfig) -> Iterator[Path]:
    yield from _inherited(config_file)
    yield from sorted(Path(config.docs_dir).parent.glob("*.yml"))
    for folder in (portal_folder(config), Path(__file__).parent):
        yield from sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc")


def _states(folder: Path, only: str = "") -> Iterator[str]:
    """Yield a line for each file below a folder: where it is, how large, when it was changed."""
    now = time.time()
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if only and name != only:
                continue
            path = os.path.join(parent, name)
            state = os.stat(path)
            fresh = time.time_ns() if now - state.st_mtime < SETTLED else ""
            yield f"{path} {state.st_size} {state.st_mtime_ns} {state.st_ino} {fresh}"


def _inherited(config_file: Path) -> Iterator[Path]:
    """Yield a configuration file and those it inherits from."""
    seen: set[Path] = set()
    while config_file.is_file() and config_file not in seen:
        seen.add(config_file)
        yield config_file
        match = INHERIT.search(config_file.read_text("utf-8"))
        config_file = config_file.parent / match.group(1) if match else config_file
