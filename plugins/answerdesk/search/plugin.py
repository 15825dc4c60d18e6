"""MkDocs plugin `answerdesk/search`: indexes the articles and puts index and reader into the site."""

from pathlib import Path

from jinja2 import Environment
from mkdocs.config import config_options as opt
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from answerdesk.search.builder import build_index
from answerdesk.search.documents import Document
from answerdesk.search.index import Index, write_index
from answerdesk.search.related import Relations

RUNTIME = Path(__file__).parent / "runtime"

UNPUBLISHED = {"lunr-pipeline.js", "messages.js"}  # for sites with plain lunr; types alone


class SearchConfig(Config):
    """The plugin's options in `mkdocs.yml`."""

    related = opt.Type(int, default=4)
    """How many related articles an article shows."""


class SearchPlugin(BasePlugin[SearchConfig]):
    """Indexes the pages that `answerdesk/articles` has marked as articles."""

    index: Index

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Publish the reader beside the index."""
        for script in sorted(path for path in RUNTIME.glob("*.js") if path.name not in UNPUBLISHED):
            files.append(File.generated(config, f"search/{script.name}", abs_src_path=str(script)))
        return files

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Index the rendered articles, and find for each what is related."""
        pages = [file.page for file in files.documentation_pages() if file.page and "article" in file.page.meta]
        pages.sort(key=lambda page: page.meta["article"].path)
        documents = [_document(page) for page in pages]
        self.index = build_index(documents, Path(config.docs_dir).name)
        relations = Relations(self.index)
        by_path = {page.meta["article"].path: page.meta["article"] for page in pages}
        for number, page in enumerate(pages):
            chosen = [by_path[path] for path in page.meta["article"].related if path in by_path]
            found = [
                pages[other].meta["article"] for other in relations.related(number, self.config.related + len(chosen))
            ]
            page.meta["related"] = list(dict.fromkeys([*chosen, *found]))[: max(self.config.related, len(chosen))]
        return env

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the index beside its reader."""
        write_index(self.index, Path(config.site_dir) / "search")


def _document(page: Page) -> Document:
    article = page.meta["article"]
    return Document(
        url=article.url,
        title=article.title,
        summary=article.summary,
        breadcrumb=(page.meta["category"],),
        aliases=article.aliases,
        questions=article.questions,
        tags=article.tags,
        codes=article.codes,
        sections=page.meta["sections"],
    )
