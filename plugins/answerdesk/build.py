"""Build a site: one MkDocs build a language, side by side in processes, then what all languages share."""

import logging
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jinja2 import TemplateNotFound
from mkdocs.commands.build import build as build_mkdocs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from answerdesk.articles.errors import ContentError
from answerdesk.configuration import languages_of, load_site_config
from answerdesk.fingerprint import fingerprint, forget, is_current, remember
from answerdesk.root import write_root


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the build of a language ended; `messages` are for authors."""

    language: str
    seconds: float
    is_built: bool
    is_unchanged: bool = False
    messages: tuple[str, ...] = ()


class _Collector(logging.Handler):
    """Keeps what MkDocs and the plugins warn of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def build_site(config_file: Path, *, strict: bool, is_forced: bool = False) -> Iterator[Outcome]:
    """Build every language of a site that changed, and yield how each ended.

    Raises:
        ContentError: the configuration cannot be read, or what all languages share is missing.
    """
    config = load_site_config(config_file)
    languages = languages_of(config)
    marks = {code: fingerprint(config_file, config, code) for code in languages}
    due = [code for code in languages if is_forced or not is_current(config, code, marks[code])]
    for code in languages:
        if code not in due:
            yield Outcome(language=code, seconds=0, is_built=True, is_unchanged=True)
        else:
            forget(config, code)  # so that a build cut short is never taken for a whole one
    for outcome in _build_all(config_file, due, strict=strict):
        if outcome.is_built and not outcome.messages:
            remember(config, outcome.language, marks[outcome.language])
        yield outcome
    write_root(config, languages)


def _build_all(config_file: Path, languages: Sequence[str], *, strict: bool) -> Iterator[Outcome]:
    if not languages:
        return
    workers = min(
        len(languages), len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(partial(build_language, config_file, strict=strict), languages)


def build_language(config_file: Path, language: str, *, strict: bool) -> Outcome:
    """Build one language with MkDocs, collecting what it warns of.

    The pages are made beside the site's folder and take its place at the end, so that a build that fails leaves
    visitors what they had.
    """
    collector = _Collector()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(collector)
    logger.propagate = False
    start = time.monotonic()
    is_built = True
    try:
        config = load_site_config(config_file, language)
        config.strict = strict
        _build_aside(config)
    except TemplateNotFound as error:
        is_built = False
        collector.messages.append(f"{error.name}: there is no such template or icon; categories.yml names the icons.")
    except (Abort, ContentError) as error:
        is_built = False
        collector.messages.append(str(error))
    finally:
        logger.removeHandler(collector)
    return Outcome(
        language=language,
        seconds=time.monotonic() - start,
        is_built=is_built,
        messages=tuple(collector.messages),
    )


def _build_aside(config: MkDocsConfig) -> None:
    target = Path(config.site_dir)
    made, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    config.site_dir = str(made)
    try:
        config.plugins.on_startup(command="build", dirty=False)
        build_mkdocs(config)
        config.plugins.on_shutdown()
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        made.rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
