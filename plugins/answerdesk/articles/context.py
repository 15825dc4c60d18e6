"""Make the site record of a build, and what each page's template needs besides it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from answerdesk.articles.article import Article
from answerdesk.articles.assets import accent_problem, hash_assets
from answerdesk.articles.build_audience import Edition
from answerdesk.articles.catalogue import load_catalogue
from answerdesk.articles.errors import ContentError
from answerdesk.articles.library import Library, articles_among, read_library
from answerdesk.articles.publication_state import PublicationState, state_of
from answerdesk.articles.reader import Front, Reader, Stamp, stamps_below
from answerdesk.articles.rendered_article import Memory
from answerdesk.articles.source_fallback import read_untranslated
from answerdesk.articles.template_site import Language, Site
from answerdesk.articles.ui_messages import load_words
from answerdesk.articles.visibility import Closed, closed_in_doubt, closed_of


class Options(Protocol):
    """What of the plugin's options a site needs."""

    languages: list[str]
    ticket_url: str
    search_url: str
    accent: str
    grace_days: int
    fallback: bool


def make_site(
    sources: Mapping[str, Path], docs: Path, portal: Path, options: Options, memory: Memory, edition: Edition
) -> tuple[Site, Library]:
    """Return the site of one language in an edition, and the language's articles with their Markdown.

    Raises:
        ContentError: the folder is not one of the languages, an option is no good, or a shared file is missing.
    """
    code = docs.name
    if code not in options.languages:
        known = ", ".join(options.languages)
        raise ContentError(f"docs_dir is {docs}; its name must be one of the plugin's languages: {known}.")
    if problem := accent_problem(options.accent):
        raise ContentError(f"mkdocs.yml: accent is {options.accent!r}. {problem}")
    if options.grace_days < 0:
        raise ContentError(f"mkdocs.yml: grace_days is {options.grace_days}. Write a number of days, or 0 for never.")
    reader, words = memory.reader, portal / "words"
    catalogue = load_catalogue(docs.parent)
    languages = tuple(read_language(words, other) for other in options.languages)
    twins = {
        other: reader.known.twins.get(other) or find_twins(docs.parent / other, reader, edition, options.grace_days)
        for other in options.languages
        if other != code
    }
    source = options.languages[0]
    lent = twins[source] if options.fallback and code != source else {}
    library = read_library(sources.items(), catalogue, code, reader, lent=lent)
    shown = [
        (article, state)
        for _, article in sorted(library.articles.items())
        if edition.has(article.audience, state := state_of(article, edition.today, options.grace_days))
    ]
    twins[code] = {article.path: state for article, state in shown}
    untranslated = read_untranslated(docs.parent, source, code, lent.keys() - twins[code], catalogue, reader)
    library = library.with_lent(untranslated)
    site = Site(
        language=next(language for language in languages if language.code == code),
        languages=languages,
        words=load_words(words, code),
        catalogue=catalogue,
        edition=edition,
        alphabet=memory.alphabet,
        articles=tuple(
            library.articles[f"{path}.md"] for path in sorted({*twins[code], *(file[:-3] for file in untranslated)})
        ),
        twins=twins,
        assets=hash_assets(portal / "assets", options.accent),
        has_fallback=options.fallback,
        ticket_url=options.ticket_url,
        search_url=options.search_url,
    )
    return site, library


def read_language(words: Path, code: str) -> Language:
    """Return a language's name and direction from its interface words."""
    table = load_words(words, code)
    return Language(code=code, name=table["language_name"], direction=table["direction"])


def find_twins(
    folder: Path, reader: Reader, edition: Edition, grace_days: int, stamps: Mapping[str, Stamp] | None = None
) -> Mapping[str, PublicationState]:
    """Return the paths of the articles in a language's folder that an edition has, with their states.

    `stamps` are those of the folder's files, if they are known.
    """
    twins = {}
    for path, _, front in _fronts(folder, reader, stamps):
        if front:
            state = state_of(front, edition.today, grace_days)
            if edition.has(front.audience, state):
                twins[path] = state
    return twins


def find_closed(
    folder: Path, reader: Reader, today: date, grace_days: int, stamps: Mapping[str, Stamp] | None = None
) -> Mapping[str, Closed]:
    """Return the paths of the articles in the source's folder that are internal, drafts or not published yet.

    `stamps` are those of the folder's files, if they are known.
    """
    found = {}
    for path, file, front in _fronts(folder, reader, stamps):
        text = "" if front else Path(file).read_text("utf-8", "replace")
        if closed := closed_of(front, today, grace_days) if front else closed_in_doubt(text):
            found[path] = closed
    return found


def _fronts(
    folder: Path, reader: Reader, stamps: Mapping[str, Stamp] | None
) -> Iterator[tuple[str, str, Front | None]]:
    """Yield path, file and front matter of each article in a language's folder; None where it cannot be read."""
    stamps = stamps_below(folder) if stamps is None else stamps
    for source in articles_among(stamps, folder):
        file = f"{folder}{os.sep}{source}"
        yield source.removesuffix(".md"), file, reader.front(file, stamps[file])


def page_place(site: Site, article: Article) -> Sequence[object]:
    """Return what of a site `page_context` gives an article's page, as far as it is not the same for all pages."""
    return bool(site.shelf_of(article).articles), *(states.get(article.path) for states in site.twins.values())


def page_context(site: Site, meta: Mapping[str, Any], url: str, site_url: str) -> dict[str, Any]:
    """Return what a page's template needs besides the site."""
    article = meta.get("article")
    generated = meta.get("generated")
    own = site_url.removesuffix("/") + "/"
    root = own.removesuffix(f"{site.language.code}/")
    shelf = site.shelf_of(article) if article else site.shelves.get(getattr(generated, "shelf", ""))
    codes = site.twin_codes(article, shelf)
    lent = site.lent_codes(article, shelf)
    path = url.removeprefix("./")
    return {
        "article": article,
        "shelf": shelf,
        "shelf_url": shelf.url if shelf and shelf.articles else "",
        "summary": article.summary if article else getattr(generated, "summary", ""),
        "canonical": f"{root}{article.language}/{path}" if article and article.language else own + path,
        "alternates": [(code, f"{root}{code}/{path}") for code in site.alternates(codes, article)],
        "twin_codes": codes,
        "lent_codes": lent,
        "twin_urls": {
            language.code: f"../{language.code}/{path if language.code in (*codes, *lent) else ''}"
            for language in site.languages
        },
    }
