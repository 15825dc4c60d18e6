"""Make the site record of a build, and what each page's template needs besides it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from answerdesk.articles.assets import accent_problem, hash_assets
from answerdesk.articles.catalogue import load_catalogue
from answerdesk.articles.errors import ContentError
from answerdesk.articles.library import Library, article_files, read_library
from answerdesk.articles.reader import Reader
from answerdesk.articles.site import Language, Site
from answerdesk.articles.words import load_words


class Options(Protocol):
    """What of the plugin's options a site needs."""

    languages: list[str]
    ticket_url: str
    search_url: str
    accent: str


def make_site(
    sources: Mapping[str, Path], docs: Path, portal: Path, options: Options, reader: Reader
) -> tuple[Site, Library]:
    """Return the site of one language, and its articles with their Markdown.

    Raises:
        ContentError: the folder is not one of the languages, the accent is no good, or a shared file is missing.
    """
    code = docs.name
    if code not in options.languages:
        known = ", ".join(options.languages)
        raise ContentError(f"docs_dir is {docs}; its name must be one of the plugin's languages: {known}.")
    if problem := accent_problem(options.accent):
        raise ContentError(f"mkdocs.yml: accent is {options.accent!r}. {problem}")
    words = portal / "words"
    catalogue = load_catalogue(docs.parent)
    library = read_library(sources.items(), catalogue, code, reader)
    languages = tuple(read_language(words, other) for other in options.languages)
    site = Site(
        language=next(language for language in languages if language.code == code),
        languages=languages,
        words=load_words(words, code),
        catalogue=catalogue,
        articles=tuple(article for _, article in sorted(library.articles.items()) if article.is_public),
        twins={other: find_twins(docs.parent / other, reader) for other in options.languages},
        assets=hash_assets(portal / "assets", options.accent),
        ticket_url=options.ticket_url,
        search_url=options.search_url,
    )
    return site, library


def read_language(words: Path, code: str) -> Language:
    """Return a language's name and direction from its interface words."""
    table = load_words(words, code)
    return Language(code=code, name=table["language_name"], direction=table["direction"])


def find_twins(folder: Path, reader: Reader) -> frozenset[str]:
    """Return the paths of the public articles in a language's folder."""
    return frozenset(source.removesuffix(".md") for source, file in article_files(folder) if reader.is_public(file))


def page_context(site: Site, meta: Mapping[str, Any], url: str, site_url: str) -> dict[str, Any]:
    """Return what a page's template needs besides the site."""
    article = meta.get("article")
    generated = meta.get("generated")
    own = site_url.removesuffix("/") + "/"
    root = own.removesuffix(f"{site.language.code}/")
    shelf = site.shelves.get(article.category if article else getattr(generated, "shelf", ""))
    codes = site.twin_codes(article, shelf)
    path = url.removeprefix("./")
    return {
        "article": article,
        "shelf": shelf,
        "summary": article.summary if article else getattr(generated, "summary", ""),
        "canonical": own + path,
        "alternates": [(code, f"{root}{code}/{path}") for code in codes],
        "twin_codes": codes,
        "twin_urls": {
            language.code: f"../{language.code}/{path if language.code in codes else ''}" for language in site.languages
        },
    }
