"""What a site's content holds: all articles of all languages, whoever may read them, and where they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from answerdesk.articles.article import Article
from answerdesk.articles.catalogue import Catalogue, load_catalogue
from answerdesk.articles.errors import ContentError
from answerdesk.articles.library import article_files, read_library
from answerdesk.build.configuration import languages_of, load_site_config


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentInventory:
    """A site's configuration, languages (the source first) and shared files."""

    config: MkDocsConfig
    content: Path
    languages: Sequence[str]
    catalogue: Catalogue

    @property
    def grace_days(self) -> int:
        """Return after how many overdue days an article is archived; 0 for never."""
        days: int = self.config.plugins["answerdesk/articles"].config.grace_days
        return days

    def file(self, language: str, path: str) -> Path:
        """Return where an article is, or would be."""
        return self.content / language / f"{path}.md"

    def name(self, language: str, path: str) -> str:
        """Return how messages name an article's file."""
        return f"{self.content.name}/{language}/{path}.md"

    def language(self, code: str) -> str:
        """Return a language of the site.

        Raises:
            ContentError: it is none.
        """
        if code not in self.languages:
            raise ContentError(f"--lang is {code!r}; the site has: {', '.join(self.languages)}.")
        return code

    def articles(self) -> tuple[Mapping[str, list[Article]], int]:
        """Return the articles of each language, and how many files cannot be read."""
        found, unreadable = {}, 0
        for code in self.languages:
            files = article_files(self.content / code)
            articles = read_library(files, self.catalogue, code).articles
            found[code] = list(articles.values())
            unreadable += len(files) - len(articles)
        return found, unreadable


def open_inventory(config_file: Path) -> ContentInventory:
    """Read a site's configuration and shared files.

    Raises:
        ContentError: they cannot be read.
    """
    config = load_site_config(config_file)
    content = Path(config.docs_dir).parent
    return ContentInventory(
        config=config, content=content, languages=languages_of(config), catalogue=load_catalogue(content)
    )


def read_name(inventory: ContentInventory, text: str, default: str) -> tuple[str, str]:
    """Return language and path of an article that was named as a path, an address or a file."""
    path = text.strip("/").removesuffix(".md")
    prefix = f"{inventory.content.name}/"
    path = path.rpartition(f"/{prefix}")[2] if f"/{prefix}" in path else path.removeprefix(prefix)
    language, _, rest = path.partition("/")
    return (language, rest) if language in inventory.languages and rest else (default, path)
