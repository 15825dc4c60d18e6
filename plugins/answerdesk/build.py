"""Build a site: every language that changed, side by side in processes, then what all languages share."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from answerdesk.articles.edition import Edition, read_today
from answerdesk.articles.reader import Reader
from answerdesk.cache import Cache
from answerdesk.configuration import languages_of, load_site_config
from answerdesk.fingerprint import basis_of, fingerprints
from answerdesk.root import write_root
from answerdesk.workshop import Stock, build_language

READER = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the build of a language ended; `messages` are for authors."""

    language: str
    seconds: float
    is_built: bool
    is_unchanged: bool = False
    messages: tuple[str, ...] = ()


def build_site(
    config_file: Path, *, strict: bool, is_forced: bool = False, edition: Edition | None = None
) -> Iterator[Outcome]:
    """Build every language of a site that changed, and yield how each ended; without an edition, today's public site.

    Raises:
        ContentError: the configuration cannot be read, or what all languages share is missing.
    """
    edition = edition or Edition(today=read_today(os.environ))
    config = load_site_config(config_file, suffix=edition.suffix)
    cache = Cache(config)
    languages = languages_of(config)
    basis = basis_of(config_file, config, edition)
    known, reader = cache.read(READER) or ("", Reader())
    reader = reader if known == basis else Reader()
    marks = fingerprints(config, languages, basis, reader, edition)
    folder = Path(config.site_dir).parent
    due = []
    for code in languages:
        is_there = (folder / code / "index.html").is_file()
        if is_there and cache.read_mark(code) == marks[code] and not is_forced:
            yield Outcome(language=code, seconds=0, is_built=True, is_unchanged=True)
        else:
            due.append(code)
            cache.forget(code)  # so that a build cut short is never taken for a whole one
            if is_forced:
                cache.remove(code)
    for outcome in _build_all(config_file, due, cache, basis=basis, strict=strict, edition=edition):
        if outcome.is_built and not outcome.messages:
            cache.write_mark(outcome.language, marks[outcome.language])
        yield outcome
    if due:
        cache.write(READER, (basis, reader))
    write_root(config, languages, edition)


def _build_all(
    config_file: Path, languages: Sequence[str], cache: Cache, *, basis: str, strict: bool, edition: Edition
) -> Iterator[Outcome]:
    build = partial(_build, config_file, cache=cache, basis=basis, strict=strict, edition=edition)
    if len(languages) < 2:
        yield from map(build, languages)
        return
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with ProcessPoolExecutor(min(len(languages), cores)) as pool:
        yield from pool.map(build, languages)


def _build(config_file: Path, language: str, *, cache: Cache, basis: str, strict: bool, edition: Edition) -> Outcome:
    """Build a language with what its last build left."""
    start = time.monotonic()
    stock = cache.read(language)
    stock = stock if isinstance(stock, Stock) else Stock()
    made = build_language(
        config_file, language, basis=basis, stock=stock, strict=strict, edition=edition, templates=cache.templates
    )
    if made.is_built:
        cache.write(language, stock)
    return Outcome(
        language=language,
        seconds=time.monotonic() - start,
        is_built=made.is_built,
        is_unchanged=made.is_built and not made.changed and not made.messages,
        messages=made.messages,
    )
