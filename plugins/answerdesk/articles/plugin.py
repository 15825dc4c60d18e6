"""MkDocs plugin `answerdesk/articles`: hands MkDocs the articles and gives the templates what they show."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment
from mkdocs.config import config_options as opt
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from answerdesk.articles.admonition_titles import BoxTitles
from answerdesk.articles.assets import made_assets
from answerdesk.articles.build_audience import Edition, read_today
from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.context import page_context
from answerdesk.articles.errors import ContentError
from answerdesk.articles.language_articles import LanguageArticles, open_language_articles
from answerdesk.articles.lent_anchors import mend_lent_anchors
from answerdesk.articles.library import is_article
from answerdesk.articles.redirects import redirect_pages
from answerdesk.articles.rendered_article import Memory
from answerdesk.articles.theme import equip, keep_asked_files, keep_own_assets, portal_folder
from answerdesk.articles.ui_messages import load_words
from answerdesk.translations.render import Renderer

log = get_plugin_logger("answerdesk")


class ArticlesConfig(Config):
    """The plugin's options in `mkdocs.yml`."""

    languages = opt.ListOfItems(opt.Type(str), default=["en"])
    """Codes of the site's languages, each a folder of `content/`; the first is the source and the default."""
    ticket_url = opt.Type(str, default="/ticket")
    """Where the ticket form is."""
    search_url = opt.Type(str, default="/search")
    """Where searches go when there is no JavaScript."""
    accent = opt.Type(str, default="#0b5cad")
    """The one colour of links and buttons, as #rrggbb."""
    grace_days = opt.Type(int, default=180)
    """Days after which an overdue article is archived; 0 never."""
    fallback = opt.Type(bool, default=True)
    """Whether the source's article stands in for one that a language has not translated."""


class RefusedError(PluginError):
    """Articles hold what no site may show, whether warnings pass or not; all of it is named."""

    def __init__(self, problems: Iterable[ContentProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class ArticlesPlugin(BasePlugin[ArticlesConfig]):
    """One instance builds one language: the one whose folder is `docs_dir`."""

    language_articles: LanguageArticles
    active: list[ContentProblem]  # what could run in a reader's browser; all of it is named before the build stops

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()
        """Of an earlier build, if the builder of this one kept it."""
        self.edition: Edition | None = None
        """Without one, the public site of today."""
        self._boxes = BoxTitles()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Give boxes without a title one in the page's language; it must come after the site's own extensions."""
        self._boxes = BoxTitles()
        extensions: list[Any] = config.markdown_extensions
        extensions.append(self._boxes)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Read the articles, leave out those that readers must not see, add what has no file in the folder."""
        docs = Path(config.docs_dir)
        articles = {file.src_uri: file for file in files.documentation_pages() if is_article(file.src_uri)}
        paths = {source: Path(file.abs_src_path or "") for source, file in articles.items()}
        has = _has(files)
        try:
            self.language_articles = open_language_articles(
                paths, docs, portal_folder(config), self.config, self.edition or Edition(today=read_today(os.environ)),
                site_url=config.site_url or "/", memory=self.memory, has=has,
                renderer=_source_renderer(config, self._boxes, self.config.languages[0], self.memory.pieces),
            )  # fmt: skip
        except ContentError as error:
            raise PluginError(str(error)) from error
        self.active = []
        _warn(self.language_articles.problems)
        for problem in self.language_articles.visibility.early:
            log.info(problem, extra={"problem": problem})  # said, and stops no build
        if self.language_articles.visibility.leaks:
            raise RefusedError(self.language_articles.visibility.leaks)
        for source in articles.keys() - self.language_articles.sources:
            files.remove(articles[source])
        for uri, path in self.language_articles.more_files(docs.parent, has):
            files.append(_generated(config, uri, path))
        return files

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Put the portal's assets under their hashed name, drop the theme's, and tell the templates of the site."""
        if self.active:
            raise RefusedError(self.active)
        site, docs, portal = self.language_articles.site, Path(config.docs_dir), portal_folder(config)
        pages = (file.page for file in files.documentation_pages())
        mend_lent_anchors(pages, docs.parent, site, self.memory.reader, self.language_articles.renderer)
        self.memory.pieces = self.language_articles.renderer.used
        keep_own_assets(files, docs=docs, portal=portal, target=site.assets)
        keep_asked_files(files, docs, self.memory.bodies)
        made = {f"{site.assets}/{name}": text for name, text in made_assets(portal / "assets", self.config.accent)}
        equip(env, site)
        template = env.get_template("redirect.html")
        for page in redirect_pages(site, self.language_articles.redirects, config.site_url or "/"):
            made[page.address] = template.render(redirect=page)
        for uri, content in made.items():
            files.append(File.generated(config, uri, content=content))
        return env

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Take away the compressed sitemap: it carries the day of the build, and web servers compress by themselves."""
        (Path(config.site_dir) / "sitemap.xml.gz").unlink(missing_ok=True)

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Give MkDocs an article's Markdown without its front matter, which is read already."""
        return self.language_articles.library.markdown.get(page.file.src_uri, "" if page.file.generated_by else None)

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Say which template and title a page has, and in which language its boxes have titles."""
        page.meta = self.language_articles.meta(page.file.src_uri, page.meta)
        self._boxes.words = self.language_articles.words(page.file.src_uri)
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Note what could run in a reader's browser, and split the article for search and for FAQ pages."""
        headings = [(item.level, item.title) for item in page.toc]
        shape = self.language_articles.shape(page.file.src_uri, page.url, html, headings, _has(files))
        _warn(shape.problems)
        self.active += shape.active
        page.meta.update(shape.meta)
        return shape.html

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Give a page its place: breadcrumb, other languages, canonical address."""
        context.update(page_context(self.language_articles.site, page.meta, page.url, config.site_url or "/"))  # type: ignore[typeddict-item]
        return context

    def take_article(self, source: str, file: Path) -> bool:
        """Take the new text of an article that is shown; tell whether all else may stay for now."""
        self.active = []
        return self.language_articles.take(source, file)


def _source_renderer(config: MkDocsConfig, boxes: BoxTitles, source: str, known: Mapping[str, str]) -> Renderer:
    """Return what makes HTML of pieces of the source, whose boxes have titles in its own language."""
    own = BoxTitles(load_words(portal_folder(config) / "words", source))
    written: list[Any] = config.markdown_extensions
    return Renderer([own if extension is boxes else extension for extension in written], config.mdx_configs, known)


def _generated(config: MkDocsConfig, uri: str, path: Path | None) -> File:
    return File.generated(config, uri, abs_src_path=str(path)) if path else File.generated(config, uri, content="")


def _has(files: Files) -> Callable[[str], bool]:
    return lambda source: files.get_file_from_path(source) is not None


def _warn(problems: Iterable[ContentProblem]) -> None:
    for problem in problems:
        log.warning(problem, extra={"problem": problem})
