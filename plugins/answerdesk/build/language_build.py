"""Build one language incrementally: reuse what a change does not touch, with the result of a full build."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from jinja2 import Environment, FileSystemBytecodeCache, TemplateNotFound
from mkdocs.commands.build import build as build_mkdocs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from answerdesk.articles.build_audience import Edition
from answerdesk.articles.errors import ContentError
from answerdesk.articles.plugin import ArticlesPlugin
from answerdesk.articles.reader import Known
from answerdesk.articles.rendered_article import Memory
from answerdesk.build.configuration import languages_of, load_site_config
from answerdesk.build.diagnostics import Fault, collected, faults_of
from answerdesk.build.output import Digest, open_output, replace_file
from answerdesk.build.render_pages import Rendered, gather_files, read_pages, render_page, write_pages
from answerdesk.search.plugin import IndexMemory, SearchPlugin

OURS = {"answerdesk/articles", "answerdesk/search"}
PAGES_PER_CHANGE = 100  # of so many pages, one is quicker made anew than all are stored


@dataclass(kw_only=True)
class BuildState:
    """All that a build leaves for the next one. It may be stored between them.

    `basis` stands for what every page depends on: templates, code, configuration. With another one all is made anew.
    """

    basis: str = ""
    articles: Memory = field(default_factory=Memory)
    rendered: dict[str, Rendered] = field(default_factory=dict)
    index: IndexMemory = field(default_factory=IndexMemory)
    keys: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, Digest] = field(default_factory=dict)
    live: "Live | None" = None
    anew: int = 0
    """How many pages the last build had to make anew."""

    def __getstate__(self) -> dict[str, object]:
        """Return what can be stored for long: keys and files change with every build."""
        return vars(self) | {"live": None, "keys": {}, "files": {}}

    @property
    def is_aged(self) -> bool:
        """Tell whether the next build would have much to make anew that the last one has made."""
        return self.anew + self.articles.reader.anew > len(self.rendered) // PAGES_PER_CHANGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The parts of the last build, for as long as its process lasts."""

    config: MkDocsConfig
    env: Environment
    files: Files
    pages: dict[str, Page]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """How a build ended: what it wrote or removed, by address, and its messages for authors.

    `warnings` counts the messages that a strict build fails by; it failed by nothing else if it `would_pass` without.
    """

    is_built: bool
    changed: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    warnings: int = 0
    would_pass: bool = False


class _Strictness(Exception):
    """Warnings fail the build, and nothing else does."""


def build_language(
    config_file: Path, language: str, *, basis: str, state: BuildState, strict: bool, edition: Edition | None = None,
    templates: Path | None = None, known: Known | None = None,
) -> BuildResult:  # fmt: skip
    """Build a language, taking over from the stock what has not changed, and bring the stock up to date.

    Without an edition it is the public site of today. Compiled templates are kept in a folder if one is named. What
    is known already is not looked for again. A build that fails leaves the site as it was.
    """
    if state.basis != basis:
        vars(state).update(vars(BuildState(basis=basis)))
    state.anew, state.articles.reader.known = 0, known or Known()
    config, changed, would_pass = None, None, False
    with collected() as faults:
        try:
            config = load_site_config(config_file, language, suffix=edition.suffix if edition else "")
            articles = cast(ArticlesPlugin, config.plugins["answerdesk/articles"])
            articles.edition = edition
            env = config.theme.get_env()
            if templates:
                templates.mkdir(parents=True, exist_ok=True)
                env.bytecode_cache = FileSystemBytecodeCache(str(templates))
            changed = _build(config, env, state, faults, strict=strict)
        except _Strictness:
            would_pass = True
        except (TemplateNotFound, MkDocsException, ContentError) as error:
            faults += faults_of(error)
    return BuildResult(
        is_built=changed is not None,
        changed=changed or (),
        messages=_named(faults, config),
        warnings=_warnings(faults),
        would_pass=would_pass,
    )


def refresh_page(state: BuildState, source: str) -> BuildResult | None:
    """Write the page of an article that changed, with what surrounded it before; the next build does the rest.

    Return nothing if more than the page has to change: then only a build is right.
    """
    live = state.live
    page = live.pages.get(source) if live else None
    if live is None or page is None or page.file.generated_by is not None:
        return None
    plugin = cast(ArticlesPlugin, live.config.plugins["answerdesk/articles"])
    with collected() as faults:
        if not plugin.take_article(source, Path(page.file.abs_src_path or "")):
            return None
        try:
            html = render_page(live.config, live.env, live.files, page, state.rendered)
        except (MkDocsException, ContentError):
            return None
    uri = page.file.dest_uri
    if faults or plugin.active:
        return None
    state.keys.pop(source, None)
    state.files[uri] = replace_file(Path(live.config.site_dir) / uri, html)
    return BuildResult(is_built=True, changed=(uri,))


def _build(
    config: MkDocsConfig, env: Environment, state: BuildState, faults: list[Fault], *, strict: bool
) -> tuple[str, ...]:
    cast(ArticlesPlugin, config.plugins["answerdesk/articles"]).memory = state.articles
    if "answerdesk/search" in config.plugins:
        cast(SearchPlugin, config.plugins["answerdesk/search"]).memory = state.index
    config.plugins.on_startup(command="build", dirty=False)
    if config.hooks or config.plugins.keys() - OURS:
        _build_whole(config)
        return (config.site_dir,)
    config = config.plugins.on_config(config)
    config.plugins.on_pre_build(config=config)
    files = gather_files(config)
    before = dict(state.rendered)
    pages = read_pages(config, files, state.rendered)
    state.anew = sum(rendered is not before.get(source) for source, rendered in state.rendered.items())
    env = config.plugins.on_env(env, config=config, files=files)
    state.anew += state.index.anew
    folder = config.site_dir
    with open_output(Path(folder), state.files) as output:
        keys = write_pages(config, env, files, pages, state.rendered, state.keys, output)
        if strict and _warnings(faults):
            raise _Strictness
        config.site_dir = str(output.place)
        config.plugins.on_post_build(config=config)
        state.keys, state.files = {}, {}  # whoever is interrupted from here on begins anew
        output.commit()
    config.site_dir = folder
    state.keys, state.files = keys, output.digests
    state.live = Live(config=config, env=env, files=files, pages={page.file.src_uri: page for page in pages})
    config.plugins.on_shutdown()
    return tuple(output.written)


def _build_whole(config: MkDocsConfig) -> None:
    """Build with MkDocs alone: nobody knows what other plugins make of the pages, and when it changes."""
    target = Path(config.site_dir)
    with open_output(target, {}) as output:
        config.site_dir = str(output.place)
        build_mkdocs(config)
        output.commit()
    config.plugins.on_shutdown()


def _warnings(faults: list[Fault]) -> int:
    return sum(not fault.is_note for fault in faults)


def _named(faults: list[Fault], config: MkDocsConfig | None) -> tuple[str, ...]:
    """Return faults as lines that say where they are; before the configuration is read nobody knows."""
    if not faults or config is None:
        return tuple(fault.text for fault in faults)
    from answerdesk.build.source_locations import (
        name_places,  # it takes a while to import, and most builds have no fault
    )

    docs = Path(config.docs_dir)
    return name_places(faults, docs.parent, docs.name, languages_of(config)[0])
