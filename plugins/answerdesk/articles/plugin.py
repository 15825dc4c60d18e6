"""MkDocs plugin `answerdesk/articles`: hands MkDocs the articles and gives the templates what they show."""

import os
from pathlib import Path
from typing import cast

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

from answerdesk.articles.article import Article
from answerdesk.articles.assets import accent_style
from answerdesk.articles.body import Memory
from answerdesk.articles.context import make_site, page_context
from answerdesk.articles.dates import long_date
from answerdesk.articles.edition import Edition, read_today
from answerdesk.articles.errors import ContentError
from answerdesk.articles.library import Library, is_article
from answerdesk.articles.markup import find_active
from answerdesk.articles.originals import Outdated, asked_files, find_outdated, mark_outdated
from answerdesk.articles.pages import GeneratedPage, generated_pages
from answerdesk.articles.redirects import Redirects, load_redirects, redirect_pages, redirect_problems
from answerdesk.articles.site import Site
from answerdesk.articles.state import due_on
from answerdesk.articles.theme import keep_asked_files, keep_own_assets, portal_folder
from answerdesk.join import join_modules
from answerdesk.translations.render import Renderer

PLACING = ("category", "audience", "draft", "publish", "reviewed", "review_every")  # where an article shows, if at all
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


class ArticlesPlugin(BasePlugin[ArticlesConfig]):
    """One instance builds one language: the one whose folder is `docs_dir`."""

    site: Site
    library: Library
    redirects: Redirects
    outdated: dict[str, Outdated]
    renderer: Renderer
    pages: dict[str, GeneratedPage]
    active: list[str]  # what could run in a reader's browser, by page; all of it is named before the build stops

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()
        """Of an earlier build, if the builder of this one kept it."""
        self.edition: Edition | None = None
        """Without one, the public site of today."""

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Read the articles, leave internal ones out, add the generated pages and the portal's assets."""
        self.active = []
        sources = {file.src_uri: file for file in files.documentation_pages() if is_article(file.src_uri)}
        paths = {source: Path(file.abs_src_path or "") for source, file in sources.items()}
        docs = Path(config.docs_dir)
        try:
            edition = self.edition or Edition(today=read_today(os.environ))
            self.site, self.library = make_site(
                paths, docs, portal_folder(config), self.config, self.memory.reader, edition
            )
            self.redirects = load_redirects(docs.parent)
            self.outdated = find_outdated(docs.parent, self.site, self.memory.reader)
        except ContentError as error:
            raise PluginError(str(error)) from error
        broken = redirect_problems(self.redirects, docs.parent, docs.name, self.site)
        for problem in (*self.library.problems, *broken):
            log.warning(problem)
        for source in set(sources) - {f"{path}.md" for path in self.site.twins[docs.name]}:
            files.remove(sources[source])
        self._lend(files, config)
        self.renderer = Renderer(config.markdown_extensions, config.mdx_configs, self.memory.pieces)
        self.pages = {page.source: page for page in generated_pages(self.site)}
        for source in self.pages:
            if not files.get_file_from_path(source):
                files.append(File.generated(config, source, content=""))
        return files

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Put the portal's assets under their hashed name, drop the theme's, and tell the templates of the site."""
        if self.active:
            raise PluginError("\n".join([*self.active, "Write it in Markdown, or as code."]))
        self.memory.pieces = self.renderer.used
        keep_own_assets(files, docs=Path(config.docs_dir), portal=portal_folder(config), target=self.site.assets)
        keep_asked_files(files, Path(config.docs_dir), self.memory.bodies)
        files.append(File.generated(config, f"{self.site.assets}/accent.css", content=accent_style(self.config.accent)))
        modules = {path.stem: path.read_text("utf-8") for path in (portal_folder(config) / "assets").glob("*.js")}
        if "disk" in modules:
            script = join_modules(modules, "disk")
            files.append(File.generated(config, f"{self.site.assets}/offline.js", content=script))
        env.autoescape = True  # MkDocs leaves it off
        env.globals.update(site=self.site, words=self.site.words)
        env.filters["long_date"] = lambda day: long_date(day, self.site.language.code)
        env.filters["due_on"] = due_on
        template = env.get_template("redirect.html")
        for page in redirect_pages(self.site, self.redirects, config.site_url or "/"):
            files.append(File.generated(config, page.address, content=template.render(redirect=page)))
        return env

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Take away the compressed sitemap: it carries the day of the build, and web servers compress by themselves."""
        (Path(config.site_dir) / "sitemap.xml.gz").unlink(missing_ok=True)

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Give MkDocs an article's Markdown without its front matter, which is read already."""
        source = page.file.src_uri
        return self.library.markdown.get(source, "" if page.file.generated_by else None)

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Say which template and title a page has."""
        if article := self.library.articles.get(page.file.src_uri):
            shelf = self.site.shelf_of(article)
            page.meta = {"article": article, "category": shelf.name, "title": article.title, "template": "article.html"}
            page.meta["state"] = self.site.states[article.path]
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
        return self._marked(html, page, files)

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Give a page its place: breadcrumb, other languages, canonical address."""
        context.update(page_context(self.site, page.meta, page.url, config.site_url or "/"))  # type: ignore[typeddict-item]
        return context

    def take_article(self, source: str, file: Path) -> bool:
        """Take the new text of an article that is shown; tell whether all else may stay for now."""
        before = self.library.articles.get(source)
        reading = self.memory.reader.read(source, file, self.site.catalogue, self.site.language.code)
        after = reading.article
        if before is None or after is None or reading.problems:
            return False
        if any(getattr(before, name) != getattr(after, name) for name in PLACING):
            return False
        self.active = []
        cast(dict[str, Article], self.library.articles)[source] = after
        cast(dict[str, str], self.library.markdown)[source] = reading.markdown
        return True

    def _lend(self, files: Files, config: MkDocsConfig) -> None:
        """Add the source's articles that this language has not translated, and the pictures in them."""
        folder = Path(config.docs_dir).parent / self.site.source.code
        for article in self.site.articles:
            if not article.language:
                continue
            source = f"{article.path}.md"
            files.append(File.generated(config, source, content=""))
            for asked in sorted(asked_files(article.path, self.library.markdown[source])):
                if (folder / asked).is_file() and not files.get_file_from_path(asked):
                    files.append(File.generated(config, asked, abs_src_path=str(folder / asked)))

    def _marked(self, html: str, page: Page, files: Files) -> str:
        """Return an article's HTML with marks at what changed in its source since it was translated."""
        article = page.meta.get("article")
        outdated = self.outdated.get(article.path) if article else None
        if not article or not outdated:
            return html
        marked = mark_outdated(
            html, article.path, outdated, self.site, self.renderer, lambda file: bool(files.get_file_from_path(file))
        )
        active = find_active(marked)
        self.active += [
            f"{self.site.source.code}/{article.path}.md: {found} could run or load things." for found in active
        ]
        page.meta["is_outdated"] = marked != html
        return marked
