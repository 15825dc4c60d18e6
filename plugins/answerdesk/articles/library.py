"""Read a language's folder: which articles it has, their Markdown, and what is wrong with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from answerdesk.articles.article import Article, read_article
from answerdesk.articles.catalogue import Catalogue
from answerdesk.articles.problem import Problem
from answerdesk.articles.source import fill, split_source, unknown_variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The articles of a language by source path, their Markdown, and what is wrong with those that are unreadable."""

    articles: Mapping[str, Article]
    markdown: Mapping[str, str]
    problems: tuple[Problem, ...]


def read_library(files: Iterable[tuple[str, Path]], catalogue: Catalogue, language: str) -> Library:
    """Read articles, given as (path below the language's folder, file)."""
    articles: dict[str, Article] = {}
    markdown: dict[str, str] = {}
    problems: list[Problem] = []
    variables = catalogue.variables(language)
    for source, file in files:
        split = _read(source, file)
        if isinstance(split, Problem):
            problems.append(split)
            continue
        meta, body = split
        article = read_article(source.removesuffix(".md"), meta, catalogue)
        if isinstance(article, tuple):
            problems.extend(article)
            continue
        texts = (article.title, article.summary, *article.aliases, *article.questions)
        problems.extend(unknown_variables(source, "\n".join((*texts, body)), variables))
        articles[source] = _filled(article, variables)
        markdown[source] = fill(body, variables)
    for source, article in articles.items():
        problems.extend(_lost_relations(source, article, articles))
    return Library(articles=articles, markdown=markdown, problems=tuple(problems))


def _read(source: str, file: Path) -> tuple[dict[str, Any], str] | Problem:
    try:
        return split_source(source, file.read_text("utf-8"))
    except UnicodeDecodeError as error:
        return Problem(file=source, field="encoding", value=f"byte {error.start} is no UTF-8", cure="Save it as UTF-8.")


def _filled(article: Article, variables: Mapping[str, str]) -> Article:
    return replace(
        article,
        title=fill(article.title, variables),
        summary=fill(article.summary, variables),
        aliases=tuple(fill(text, variables) for text in article.aliases),
        questions=tuple(fill(text, variables) for text in article.questions),
    )


def _lost_relations(source: str, article: Article, articles: Mapping[str, Article]) -> list[Problem]:
    lost = [path for path in article.related if f"{path}.md" not in articles]
    cure = "There is no such article in this language; mend the path or take it out."
    return [Problem(file=source, field="related", value=path, cure=cure) for path in lost]


def article_files(folder: Path) -> list[tuple[str, Path]]:
    """Return the Markdown files of a language's folder, sorted, as (path below the folder, file)."""
    found = [(file.relative_to(folder).as_posix(), file) for file in folder.rglob("*.md")]
    return sorted((source, file) for source, file in found if is_article(source))


def is_article(source: str) -> bool:
    """Tell whether a Markdown file is an article; the index of a folder is a page of its own kind."""
    return source.rpartition("/")[2] not in ("index.md", "README.md")
