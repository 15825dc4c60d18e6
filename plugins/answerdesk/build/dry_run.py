"""Read a language's pages as its next build will, and write nothing."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from jinja2 import TemplateNotFound
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from answerdesk.articles.build_audience import Edition
from answerdesk.articles.errors import ContentError
from answerdesk.articles.plugin import ArticlesPlugin
from answerdesk.build.configuration import languages_of, load_site_config
from answerdesk.build.diagnostics import collected, faults_of
from answerdesk.build.language_build import BuildState
from answerdesk.build.render_pages import gather_files, read_pages, try_pages
from answerdesk.build.source_locations import name_places
from answerdesk.search import Index
from answerdesk.search.plugin import SearchPlugin


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLanguage:
    """A language's pages as they are rendered, before any is written."""

    config: MkDocsConfig
    files: Files
    pages: list[Page]
    state: BuildState


def read_language(
    config_file: Path, language: str, edition: Edition, state: BuildState, *, is_quiet: bool = True
) -> ReadLanguage:
    """Render a language's articles; only what the state does not have is rendered.

    If it is not quiet, what MkDocs warns of is for the caller to collect, and what stops it is as it is raised.

    Raises:
        ContentError: it cannot be built; the message says why.
    """
    config = load_site_config(config_file, language)
    articles = cast(ArticlesPlugin, config.plugins["answerdesk/articles"])
    articles.memory, articles.edition = state.articles, edition
    if "answerdesk/search" in config.plugins:
        cast(SearchPlugin, config.plugins["answerdesk/search"]).memory = state.index
    with _quietly(config) if is_quiet else nullcontext():
        config.plugins.on_startup(command="build", dirty=False)
        config = config.plugins.on_config(config)
        config.plugins.on_pre_build(config=config)
        files = gather_files(config)
        pages = read_pages(config, files, state.rendered)
    return ReadLanguage(config=config, files=files, pages=pages, state=state)


def index_language(read: ReadLanguage) -> Index:
    """Return the search index of a language's articles.

    Raises:
        ContentError: an article could run something, or there is no plugin that searches.
    """
    config = read.config
    if "answerdesk/search" not in config.plugins:
        raise ContentError(f"{config.config_file_path}: the plugin answerdesk/search is missing. Add it to plugins.")
    with _quietly(config):
        config.plugins.on_env(config.theme.get_env(), config=config, files=read.files)
        config.plugins.on_shutdown()
    return cast(SearchPlugin, config.plugins["answerdesk/search"]).index


def find_faults(config_file: Path, language: str, edition: Edition, state: BuildState) -> tuple[str, ...]:
    """Return what the next build of a language would complain of, in its words: a line a fault, as far as it gets.

    Only pages that the state does not have are rendered.
    """
    config = None
    with collected() as faults:
        try:
            config = load_site_config(config_file, language)
            read = read_language(config_file, language, edition, state, is_quiet=False)
            env = read.config.plugins.on_env(read.config.theme.get_env(), config=read.config, files=read.files)
            try_pages(read.config, env, read.files, read.pages)
        except (TemplateNotFound, MkDocsException, Abort, ContentError) as error:
            faults += faults_of(error)
    stopping = [fault for fault in faults if not fault.is_note]
    if config is None:
        return tuple(fault.text for fault in stopping)
    docs = Path(config.docs_dir)
    return name_places(stopping, docs.parent, docs.name, languages_of(config)[0])


@contextmanager
def _quietly(config: MkDocsConfig) -> Iterator[None]:
    """Keep what MkDocs warns of to itself: builds and checks tell it. What stops it becomes a ContentError."""
    logger = logging.getLogger("mkdocs")
    handler = logging.NullHandler()
    logger.addHandler(handler)
    propagates, logger.propagate = logger.propagate, False
    try:
        yield
    except (MkDocsException, Abort) as error:
        docs, faults = Path(config.docs_dir), faults_of(error)
        lines = name_places(faults, docs.parent, docs.name, languages_of(config)[0])
        said = "\n".join(lines) if faults[0].problem else f"{docs.name} cannot be built: {lines[0]}"
        raise ContentError(said) from error
    finally:
        logger.propagate = propagates
        logger.removeHandler(handler)
