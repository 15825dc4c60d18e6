"""MkDocs plugin `answerdesk/articles`: hands MkDocs the articles and gives the templates what they show."""

from pathlib import Path

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

from answerdesk.articles.assets import accent_style
from answerdesk.articles.body import Memory
from answerdesk.articles.context import make_site, page_context
from answerdesk.articles.dates import long_date
from answerdesk.articles.errors import ContentError
from answerdesk.articles.library import Library, is_article
from answerdesk.articles.pages import GeneratedPage, generated_pages
from answerdesk.articles.site import Site
from answerdesk.articles.theme import keep_own_assets, portal_folder
from answerdesk.join import join_modules

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


class ArticlesPlugin(BasePlugin[ArticlesConfig]):
    """One instance builds one language: the one whose folder is `docs_dir`."""

    site: Site
    library: Library
    pages: dict[str, GeneratedPage]
    active: list[str]  # what could run in a reader's browser, by page; all of it is named before the build stops

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()
        """Of an earlier build, if the builder of this one kept it."""

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Read the articles, leave internal ones out, add the generated pages and the portal's assets."""
        self.active = []
        sources = {file.src_uri: file for file in files.documentation_pages() if is_article(file.src_uri)}
        paths = {source: Path(file.abs_src_path or "") for source, file in sources.items()}
        try:
            self.site, self.library = make_site(
                paths, Path(config.docs_dir), portal_folder(config), self.config, self.memory.reader
            )
        except ContentError as error:
            raise PluginError(str(error)) from error
        for problem in self.library.problems:
            log.warning(problem)
        for source in set(sources) - {f"{article.path}.md" for article in self.site.articles}:
            files.remove(sources[source])
        self.pages = {page.source: page for page in generated_pages(self.site)}
        for source in self.pages:
            if not files.get_file_from_path(source):
                files.append(File.generated(config, source, content=""))
        return files

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Put the portal's assets under their hashed name, drop the theme's, and tell the templates of the site."""
        if self.active:
            raise PluginError("\n".join([*self.active, "Write it in Markdown, or as code."]))
        keep_own_assets(files, docs=Path(config.docs_dir), portal=portal_folder(config), target=self.site.assets)
        files.append(File.generated(config, f"{self.site.assets}/accent.css", content=accent_style(self.config.accent)))
        modules = {path.stem: path.read_text("utf-8") for path in (portal_folder(config) / "assets").glob("*.js")}
        if "disk" in modules:
            script = join_modules(modules, "disk")
            files.append(File.generated(config, f"{self.site.assets}/offline.js", content=script))
        env.autoescape = True  # MkDocs leaves it off
        env.globals.update(site=self.site, words=self.site.words)
        env.filters["long_date"] = lambda day: long_date(day, self.site.language.code)
        return env

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Take away the compressed sitemap: it carries the day of the build, and web servers compress by themselves."""
        (Path(config.site_dir) / "sitemap.xml.gz").unlink(missing_ok=True)

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Give MkDocs an article's Markdown without its front matter, which is read already."""
        source = page.file.src_uri
        return "" if page.file.generated_by else self.library.markdown.get(source)

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Say which template and title a page has."""
        if article := self.library.articles.get(page.file.src_uri):
            shelf = self.site.shelves[article.category]
            page.meta = {"article": article, "category": shelf.name, "title": article.title, "template": "article.html"}
            page.meta["applies_to"] = self.site.systems(article)
        elif generated := self.pages.get(page.file.src_uri):
            made = {"generated": generated, "title": generated.title, "template": generated.template}
            page.meta = made | dict(page.meta)  # what an author wrote into an index.md of their own wins
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Refuse what could run in a reader's browser, and split the article for search and for FAQ pages."""
        body = self.memory.body(page.file.src_uri, html, [(item.level, item.title) for item in page.toc])
        self.active += [f"{page.file.src_uri}: {found} could run or load things." for found in body.active]
        page.meta["sections"] = body.sections
        if "article" in page.meta and body.has_title:
            log.warning(f"{page.file.src_uri}: a heading of level 1 stands in the text. Begin with level 2: ## …")
        if "article" in page.meta and body.faq:
            page.meta.update({"template": "faq.html", "faq": body.faq})
        return html

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Give a page its place: breadcrumb, other languages, canonical address."""
        context.update(page_context(self.site, page.meta, page.url, config.site_url or "/"))  # type: ignore[typeddict-item]
        return context
