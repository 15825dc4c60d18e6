"""Render a language's pages with MkDocs, but each only when something that it shows has changed.

This is MkDocs' own way of building, step by step and with its own parts: `mkdocs build` makes the same files.
"""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, set_exclusions
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils import get_relative_url

from answerdesk.articles.article import Article
from answerdesk.articles.context import page_place
from answerdesk.articles.template_site import Site
from answerdesk.articles.theme import portal_folder
from answerdesk.build.content_listing import list_content
from answerdesk.build.output import Output
from answerdesk.build.page_converter import PageConverter

ERROR_PAGE = "404.html"  # is shown at any address, so its own are absolute
log = logging.getLogger("mkdocs")


class Rendered(NamedTuple):
    """What became of a page's Markdown, and which files it asked for: their addresses, or None for those not there.

    `text` is what the Markdown was taken from, `language` what it is written in if not the site's own; `digest` stands
    for its HTML and contents.
    """

    text: str | None
    markdown: str
    language: str
    asked: Mapping[str, str | None]
    html: str
    digest: bytes
    toc: TableOfContents
    title: str | None
    anchors: frozenset[str]
    links: Mapping[str, Mapping[str, str]]  # source of a linked page → anchor → the link as it was written
    messages: tuple[tuple[int, str], ...]


class _Asked:
    """Stands for the site's files while a page is rendered, and notes which were asked for."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.urls: dict[str, str | None] = {}

    def get_file_from_path(self, path: str) -> File | None:
        file = self._files.get_file_from_path(path)
        self.urls[path] = file.url if file else None
        return file


class _Recorder(logging.Handler):
    """Keeps what MkDocs warns of, to say it again when the page is not rendered again."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[tuple[int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append((record.levelno, record.getMessage()))


def gather_files(config: MkDocsConfig) -> Files:
    """Return the files of a language's folder and the portal's own, after the plugins have had their say."""
    files = list_content(config)
    # Not the theme's thousands of icons and scripts, of which nothing is published.
    files.add_files_from_theme(Environment(loader=FileSystemLoader(portal_folder(config))), config)  # noqa: S701 - only lists names
    files = config.plugins.on_files(files, config=config)
    set_exclusions(files, config)
    return files


def read_pages(config: MkDocsConfig, files: Files, known: dict[str, Rendered]) -> list[Page]:
    """Read the pages and render their Markdown where it, or a file that it links to, is not as known."""
    pages, converter = [], PageConverter(config)
    for file in files.documentation_pages():
        page = Page(None, file, config)
        with _current(config, page):
            _read_page(page, config, files, known, converter)
        pages.append(page)
    for source in known.keys() - {page.file.src_uri for page in pages}:
        del known[source]
    return pages


def write_pages(
    config: MkDocsConfig, env: Environment, files: Files, pages: list[Page],
    rendered: Mapping[str, Rendered], known: Mapping[str, bytes], output: Output,
) -> dict[str, bytes]:  # fmt: skip
    """Write templates, files and pages; a page or template is only rendered if its key is not the known one.

    Return the keys, which stand for all that is shown.
    """
    nav = Navigation([], pages)
    for file in files:
        if not file.is_documentation_page() and file.inclusion.is_included():
            output.copy(file)
    site, texts = cast(Site, env.globals["site"]), Texts()
    lists = _digest(texts.of_site(site))
    keys: dict[str, bytes] = {}
    for name in config.theme.static_templates:
        keys[name] = lists
        if known.get(name) == lists and output.has(name):
            output.keep(name)
        else:
            output.write(name, _render_template(name, config, env, files, nav))
    sources = files.documentation_pages()
    for page in pages:
        source, uri = page.file.src_uri, page.file.dest_uri
        article = page.meta.get("article")
        place = repr(page_place(site, article)).encode() if article else lists
        keys[source] = key = _key(page, rendered[source], place, texts)
        if known.get(source) == key and output.has(uri):
            output.keep(uri)
        else:
            output.write(uri, _write_page(page, config, env, nav, sources))
    for page in pages:
        page.validate_anchor_links(files=files, log_level=config.validation.links.anchors)
    return keys


def try_pages(config: MkDocsConfig, env: Environment, files: Files, pages: Sequence[Page]) -> None:
    """Render templates and the pages made from a template alone, and look for links' headings, but write nothing."""
    nav, sources = Navigation([], list(pages)), files.documentation_pages()
    for name in config.theme.static_templates:
        _render_template(name, config, env, files, nav)
    for page in pages:
        if page.meta.get("generated"):
            _write_page(page, config, env, nav, sources)
    for page in pages:
        page.validate_anchor_links(files=files, log_level=config.validation.links.anchors)


def render_page(config: MkDocsConfig, env: Environment, files: Files, page: Page, known: dict[str, Rendered]) -> bytes:
    """Return the page of an article that has changed, with what else it showed before."""
    related = page.meta.get("related", [])
    fresh = Page(None, page.file, config)
    with _current(config, fresh):
        _read_page(fresh, config, files, known, PageConverter(config))
        fresh.meta["related"] = related
    return _write_page(fresh, config, env, Navigation([], []), [])


def _write_page(page: Page, config: MkDocsConfig, env: Environment, nav: Navigation, sources: Sequence[File]) -> bytes:
    with _current(config, page):
        context = get_context(nav, sources, config, page)
        context = config.plugins.on_page_context(context, page=page, config=config, nav=nav)
        html = env.get_template(page.meta.get("template", "main.html")).render(context)
        html = config.plugins.on_post_page(html, page=page, config=config)
    return html.encode("utf-8", "xmlcharrefreplace")


def _read_page(
    page: Page, config: MkDocsConfig, files: Files, memory: dict[str, Rendered], converter: PageConverter
) -> None:  # fmt: skip
    source = page.file.src_uri
    page = config.plugins.on_pre_page(page, config=config, files=files)
    text = config.plugins.on_page_read_source(page=page, config=config)
    known = memory.get(source)
    if known and text is not None and known.text == text:
        page.markdown = known.markdown  # what else it may hold, our plugin has taken out before
    else:
        page.read_source(config)
    page.markdown = config.plugins.on_page_markdown(page.markdown or "", page=page, config=config, files=files)
    is_known = known is not None and (known.markdown, known.language) == (page.markdown, _language(page))
    if known is None or not is_known or not _leads_where_it_led(known, files):
        known = memory[source] = _render(page, text, files, converter)
    else:
        for level, message in known.messages:
            log.log(level, message)
    page.content, page.toc, page._title_from_render = known.html, known.toc, known.title
    page.present_anchor_ids = set(known.anchors)
    targets = ((files.get_file_from_path(target), links) for target, links in known.links.items())
    page.links_to_anchors = {target: dict(links) for target, links in targets if target}
    page.content = config.plugins.on_page_content(page.content or "", page=page, config=config, files=files)


def _render(page: Page, text: str | None, files: Files, converter: PageConverter) -> Rendered:
    asked, recorder = _Asked(files), _Recorder()
    log.addHandler(recorder)
    try:
        converter.convert(page, cast(Files, asked))  # all of them that rendering uses
    finally:
        log.removeHandler(recorder)
    markdown, html = page.markdown or "", page.content or ""
    return Rendered(
        text=text,
        markdown=text if text == markdown else markdown,  # one string takes less room than two
        language=_language(page),
        asked=asked.urls,
        html=html,
        digest=_digest(html, repr(_toc_rows(page.toc)).encode("utf-8", "surrogatepass")),
        toc=page.toc,
        title=page._title_from_render,
        anchors=frozenset(page.present_anchor_ids or ()),
        links={file.src_uri: dict(links) for file, links in (page.links_to_anchors or {}).items()},
        messages=tuple(recorder.records),
    )


def _language(page: Page) -> str:
    article: Article | None = page.meta.get("article")
    return article.language if article else ""


def _leads_where_it_led(known: Rendered, files: Files) -> bool:
    for path, url in known.asked.items():
        file = files.get_file_from_path(path)
        if (file.url if file else None) != url:
            return False
    return True


def _render_template(name: str, config: MkDocsConfig, env: Environment, files: Files, nav: Navigation) -> bytes:
    base_url = urlsplit(config.site_url or "/").path if name == ERROR_PAGE else get_relative_url(".", name)
    template = config.plugins.on_pre_template(env.get_template(name), template_name=name, config=config)
    context = get_context(nav, files, config, base_url=base_url)
    context = config.plugins.on_template_context(context, template_name=name, config=config)
    text = config.plugins.on_post_template(template.render(context), template_name=name, config=config)
    return text.encode("utf-8")


class Texts:
    """Says in words what pages show, to be compared; of an article that many pages show, only once."""

    def __init__(self) -> None:
        self._articles: dict[int, str] = {}

    def of(self, value: object) -> str:
        """Return the text of a value."""
        if isinstance(value, Article):
            text = self._articles.get(id(value))
            if text is None:
                text = self._articles[id(value)] = repr(value)
            return text
        if isinstance(value, str):
            return value
        return f"[{', '.join(map(self.of, value))}]" if isinstance(value, list) else repr(value)

    def of_site(self, site: Site) -> str:
        """Return the text of all that pages show which are not an article's own: lists, feeds, sitemap."""
        twins = (f"{code} {path} {state}" for code, states in site.twins.items() for path, state in states.items())
        return "\n".join((*map(self.of, site.articles), *twins))


def _key(page: Page, rendered: Rendered, place: bytes, texts: Texts) -> bytes:
    """Return a digest of all that a page shows, beside what is the same for the whole site."""
    shown = (f"{name} {texts.of(value)}" for name, value in page.meta.items() if name != "sections")
    html = rendered.digest if page.content is rendered.html else _digest(page.content or "")
    return _digest("\n".join(shown), html + rendered.digest + place)


def _digest(text: str, more: bytes = b"") -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass") + b"\0" + more, digest_size=16).digest()


def _toc_rows(items: Any) -> list[Any]:
    return [(item.title, item.id, item.level, _toc_rows(item.children)) for item in items]


@contextmanager
def _current(config: MkDocsConfig, page: Page) -> Iterator[None]:
    """Tell Markdown extensions which page it is."""
    config._current_page = page
    page.active = True
    try:
        yield
    finally:
        page.active = False
        config._current_page = None
