"""MkDocs plugin `answerdesk/search`: indexes the articles and puts index and reader into the site."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment
from mkdocs.config import config_options as opt
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from answerdesk.search.builder import Builder
from answerdesk.search.documents import Document
from answerdesk.search.errors import SynonymError
from answerdesk.search.index import Index, Synonym
from answerdesk.search.related import Relations
from answerdesk.search.runtime_modules import read_runtime
from answerdesk.search.store import Writer
from answerdesk.search.synonyms import read_synonyms
from answerdesk.support.js_bundle import join_modules

SYNONYMS = "synonyms"  # the folder beside the languages that has `<language>.yml`
SINKS = 16  # in 64ths: an overdue article counts a quarter less
MOST_PRIOR = 8  # in 64ths: an article that many others name counts up to an eighth more


class SearchConfig(Config):
    """The plugin's options in `mkdocs.yml`."""

    related = opt.Type(int, default=4)
    """How many related articles an article shows."""


@dataclass(kw_only=True)
class IndexMemory:
    """What the index of one build leaves for the next. It may be stored between them."""

    builder: Builder | None = None
    synonyms: Sequence[Synonym] = ()
    writer: Writer = field(default_factory=lambda: Writer(Path()))
    relations: Relations | None = None

    @property
    def anew(self) -> int:
        """How many articles the last build had to work out anew; to compare one takes a tenth of that."""
        return (self.builder.anew if self.builder else 0) + (self.relations.anew // 10 if self.relations else 0)

    def build(self, documents: Sequence[Document], language: str, synonyms: Sequence[Synonym]) -> Index:
        """Return the index of documents; only those that are new are read."""
        if self.builder is None or self.synonyms != synonyms:
            self.builder, self.synonyms = Builder(language, synonyms), synonyms
        self.builder.arrange(documents)
        return self.builder.index()

    def relate(self, index: Index) -> Relations:
        """Return which articles of the last index are close to each other; only those that changed are compared."""
        self.relations = Relations(index, self.relations, self.builder.levels if self.builder else None)
        return self.relations


class SearchPlugin(BasePlugin[SearchConfig]):
    """Indexes the pages that `answerdesk/articles` has marked as articles."""

    index: Index

    def __init__(self) -> None:
        super().__init__()
        self.memory = IndexMemory()
        """Of an earlier build, if the builder of this one kept it."""

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Publish the reader beside the index: for the page's worker, and as a module for everyone else."""
        modules = read_runtime()
        worker = join_modules(modules, "worker")
        scripts = {
            "worker": worker,
            "searcher": join_modules(modules, "searcher", exports=("open", "Searcher")),
            "offline": f"globalThis.answerdeskWorker={json.dumps(worker)};\n",
        }
        for name, script in scripts.items():
            files.append(File.generated(config, f"search/{name}.js", content=script))
        return files

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Index the rendered articles, and find for each what is related."""
        found = [file.page for file in files.documentation_pages() if file.page and "article" in file.page.meta]
        found.sort(key=lambda page: page.meta["article"].path)
        pages = [page for page in found if page.meta["state"] != "archived"]
        by_path = {page.meta["article"].path: page.meta["article"] for page in pages}
        named = Counter(path for article in by_path.values() for path in article.related)
        documents = [_document(page, named[page.meta["article"].path]) for page in pages]
        docs = Path(config.docs_dir)
        try:
            synonyms = read_synonyms(docs.parent / SYNONYMS / f"{docs.name}.yml")
        except SynonymError as error:
            raise PluginError(str(error)) from error
        self.index = self.memory.build(documents, docs.name, synonyms)
        relations = self.memory.relate(self.index)
        numbers = {page.meta["article"].path: number for number, page in enumerate(pages)}
        for page in found:
            article = page.meta["article"]
            chosen = [by_path[path] for path in article.related if path in by_path]
            most = self.config.related + len(chosen)
            close = relations.related(numbers[article.path], most) if article.path in numbers else []
            others = [*chosen, *(pages[other].meta["article"] for other in close)]
            different = {other.path: other for other in others}.values()
            page.meta["related"] = list(different)[: max(self.config.related, len(chosen))]
        return env

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the index beside its reader."""
        self.memory.writer.write_into(Path(config.site_dir) / "search", self.index)


def _document(page: Page, named: int) -> Document:
    """Return an article as it is indexed; `named` says how many others name it as related."""
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
        applies_to=page.meta["applies_to"],
        prior=min(2 * named.bit_length(), MOST_PRIOR) - (SINKS if page.meta["state"] == "overdue" else 0),
        sections=page.meta["sections"],
    )
