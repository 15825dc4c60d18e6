"""Write the articles that all tools build: the same Markdown files for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.collection import CollectionError, Written, language_of, write_articles
from bench.sites import WORDS, write_catalogue


@dataclass(frozen=True, slots=True, order=True)
class Article:
    """An article by its language and its path below the language's folder, without the suffix."""

    language: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A folder with articles in `content`, and how many of which language it has."""

    folder: Path
    extent: str
    """Says which part of the collections it is."""
    written: tuple[Written, ...]

    @property
    def content(self) -> Path:
        """Return the folder of the languages' folders."""
        return self.folder / "content"

    @property
    def languages(self) -> list[str]:
        """Return the codes of its languages."""
        return [part.language for part in self.written]

    @property
    def articles(self) -> list[Article]:
        """Return its articles, in order."""
        files = ((code, file) for code in self.languages for file in (self.content / code).rglob("*.md"))
        return sorted(
            Article(code, file.relative_to(self.content / code).with_suffix("").as_posix()) for code, file in files
        )

    def source(self, article: Article) -> Path:
        """Return the file of an article."""
        return self.content / article.language / f"{article.path}.md"

    def first(self, language: str) -> str:
        """Return the path of a language's first article."""
        return next(article.path for article in self.articles if article.language == language)

    @property
    def pages(self) -> int:
        """Return how many articles it has."""
        return sum(part.articles for part in self.written)

    @property
    def as_code(self) -> int:
        """Return how many of them are written as code."""
        return sum(part.as_code for part in self.written)


def write_sample(collections: Sequence[Path], folder: Path, limit: int | None, extent: str) -> Sample:
    """Write the documents of collections, at most `limit` of each, as articles.

    Raises:
        CollectionError: a collection cannot be read, or not be built with the others.
    """
    _check_languages(collections)
    content = folder / "content"
    written = tuple(write_articles(collection, content, limit) for collection in collections)
    write_catalogue(content, [part.language for part in written])
    return Sample(folder=folder, extent=extent, written=written)


def _check_languages(collections: Sequence[Path]) -> None:
    seen: dict[str, Path] = {}
    for collection in collections:
        code = language_of(collection)
        if not (WORDS / f"{code}.yml").is_file():
            raise CollectionError(f"{collection}: the portal has no words for {code}. See {WORDS}.")
        if code in seen:
            raise CollectionError(f"{seen[code]} and {collection} are both in {code}. Build them one at a time.")
        seen[code] = collection
