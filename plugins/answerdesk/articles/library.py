"""Read a language's folder: which articles it has, their Markdown, and what is wrong with them."""

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from answerdesk.articles.article import Article
from answerdesk.articles.catalogue import Catalogue
from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.reader import Reader, Reading
from answerdesk.support.content_files import list_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The articles of a language by source path, their Markdown, and what is wrong with those that are unreadable."""

    articles: Mapping[str, Article]
    markdown: Mapping[str, str]
    problems: tuple[ContentProblem, ...]

    def with_lent(self, readings: Mapping[str, Reading]) -> "Library":
        """Return the library with articles of the source language in the place of those that this one lacks."""
        articles = {source: reading.article for source, reading in readings.items() if reading.article}
        markdown = {source: reading.markdown for source, reading in readings.items()}
        return replace(self, articles={**self.articles, **articles}, markdown={**self.markdown, **markdown})


def read_library(
    files: Iterable[tuple[str, Path]],
    catalogue: Catalogue,
    language: str,
    reader: Reader | None = None,
    *,
    lent: Collection[str] = (),
) -> Library:
    """Read articles, given as (path below the language's folder, file); with a reader of before, only what changed.

    Those at the paths `lent` are there in the source language, where this one has none.
    """
    reader = reader or Reader()
    readings = {source: reader.read(source, file, catalogue, language) for source, file in files}
    articles = {source: reading.article for source, reading in readings.items() if reading.article}
    problems = [problem for reading in readings.values() for problem in reading.problems]
    for source, article in articles.items():
        problems.extend(_lost_relations(source, article, articles, lent))
    markdown = {source: reading.markdown for source, reading in readings.items() if reading.article}
    return Library(articles=articles, markdown=markdown, problems=tuple(problems))


def _lost_relations(
    source: str, article: Article, articles: Mapping[str, Article], lent: Collection[str]
) -> list[ContentProblem]:
    lost = [path for path in article.related if f"{path}.md" not in articles and path not in lent]
    cure = "There is no such article in this language; mend the path or take it out."
    return [ContentProblem(file=source, field="related", value=path, cure=cure) for path in lost]


def article_files(folder: Path) -> list[tuple[str, Path]]:
    """Return the Markdown files of a language's folder, sorted, as (path below the folder, file)."""
    return [(source, folder / source) for source in articles_among(list_files(folder), folder)]


def articles_among(files: Iterable[str], folder: Path) -> list[str]:
    """Return those of a folder's files that are articles, sorted, by their paths below it."""
    start = len(f"{folder}{os.sep}")
    sources = (file[start:] for file in files if file.endswith(".md"))
    return sorted(source.replace(os.sep, "/") for source in sources if is_article(source))


def is_article(source: str) -> bool:
    """Tell whether a Markdown file is an article; the index of a folder is a page of its own kind."""
    return source.rpartition("/")[2] not in ("index.md", "README.md")
