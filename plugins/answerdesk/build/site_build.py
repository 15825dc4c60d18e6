"""Build a site: every language that changed, side by side in processes, then what all languages share."""

import gc
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from answerdesk.articles.build_audience import Edition, read_today
from answerdesk.articles.reader import Known, Reader
from answerdesk.build.build_cache import Cache
from answerdesk.build.configuration import languages_of, load_site_config
from answerdesk.build.fingerprint import basis_of, fingerprints, survey
from answerdesk.build.language_build import BuildState, build_language
from answerdesk.build.shared_files import write_root

READER = "reader"
FOLDER = "{}-folder"  # what a language's folder holds
OBJECTS_PER_COLLECTION = 50_000  # new ones between two searches for garbage: a build keeps most of what it makes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the build of a language ended; `messages` are for authors.

    `warnings` counts those that a strict build fails by; it failed by nothing else if it `would_pass` without.
    """

    language: str
    seconds: float
    is_built: bool
    is_unchanged: bool = False
    messages: tuple[str, ...] = ()
    warnings: int = 0
    would_pass: bool = False


def build_site(
    config_file: Path, *, strict: bool, is_forced: bool = False, edition: Edition | None = None
) -> Iterator[Outcome]:  # fmt: skip
    """Build every language of a site that changed, and yield how each ended; without an edition, today's public site.

    Raises:
        ContentError: the configuration cannot be read, or what all languages share is missing.
    """
    edition = edition or Edition(today=read_today(os.environ))
    config = load_site_config(config_file, suffix=edition.suffix)
    cache = Cache(config)
    languages = languages_of(config)
    basis = basis_of(config_file, config, edition)
    stored, reader = cache.read(READER) or ("", Reader())
    reader = reader if stored == basis else Reader()
    found = survey(config, languages, reader, edition)
    marks = fingerprints(config, languages, basis, found)
    folder = Path(config.site_dir).parent
    due = []
    for code in languages:
        is_there = (folder / code / "index.html").is_file()
        mark, warnings, messages = cache.read_mark(code)
        # One that was built in spite of warnings says them again, unless they now must fail it.
        if is_there and mark == marks[code] and not (warnings and strict) and not is_forced:
            yield Outcome(
                language=code, seconds=0, is_built=True, is_unchanged=True, messages=messages, warnings=warnings
            )
        else:
            due.append(code)
            cache.forget(code)  # so that a build cut short is never taken for a whole one
            if is_forced:
                cache.remove(code)
                cache.remove(FOLDER.format(code))
    build = partial(
        _build, config_file, cache=cache, basis=basis, strict=strict, edition=edition, known=found.known
    )  # fmt: skip
    for outcome in _map(build, due):
        if outcome.is_built:
            cache.write_mark(outcome.language, marks[outcome.language], outcome.warnings, outcome.messages)
        yield outcome
    if reader.is_aged or stored != basis:
        cache.write(READER, (basis, reader))
    write_root(config, languages, edition)


def _map(build: Callable[[str], Outcome], languages: Sequence[str]) -> Iterator[Outcome]:
    """Build languages side by side, and yield how each ended."""
    if len(languages) < 2:
        yield from map(build, languages)
        return
    from concurrent.futures import ProcessPoolExecutor  # takes a while to import, and most builds are of one language

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with ProcessPoolExecutor(min(len(languages), cores)) as pool:
        yield from pool.map(build, languages)


def _build(
    config_file: Path, language: str, *, cache: Cache, basis: str, strict: bool, edition: Edition, known: Known
) -> Outcome:  # fmt: skip
    """Build a language with what its last build left, and leave the same for the next.

    What was made of articles is only stored when much of it is new: what is missing there is made again. What the
    site's folder holds is stored by every build, and by none while it writes there.
    """
    start = time.monotonic()
    state = _read_state(cache, language)
    with _spared(state):
        made = build_language(
            config_file, language, basis=basis, state=state, strict=strict, edition=edition,
            templates=cache.templates, known=known,
        )  # fmt: skip
    if state.is_aged:
        cache.write(language, state)
    cache.write(FOLDER.format(language), (basis, state.keys, state.files))
    return Outcome(
        language=language,
        seconds=time.monotonic() - start,
        is_built=made.is_built,
        is_unchanged=made.is_built and not made.changed and not made.messages,
        messages=made.messages,
        warnings=made.warnings,
        would_pass=made.would_pass,
    )


def _read_state(cache: Cache, language: str) -> BuildState:
    state = cache.read(language)
    state = state if isinstance(state, BuildState) else BuildState()
    basis, *folder = cache.read(FOLDER.format(language)) or ("", {}, {})
    cache.remove(FOLDER.format(language))
    if basis == state.basis:
        state.keys, state.files = folder
    return state


@contextmanager
def _spared(state: BuildState) -> Iterator[None]:
    """Search for garbage seldom meanwhile, and never in a stock: it is large, and none is in there."""
    thresholds = gc.get_threshold()
    gc.set_threshold(OBJECTS_PER_COLLECTION, *thresholds[1:])
    if state.rendered:
        gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
