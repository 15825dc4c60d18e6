"""What the templates of one language's pages are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from answerdesk.articles.alphabet import Alphabet, Groups
from answerdesk.articles.article import Article
from answerdesk.articles.build_audience import Edition
from answerdesk.articles.catalogue import Catalogue, Category, in_language
from answerdesk.articles.publication_state import PublicationState


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language of the site: its code, its own name for itself, and its direction (`ltr` or `rtl`)."""

    code: str
    name: str
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A category as a page shows it: in one language, with its articles by title."""

    id: str
    icon: str
    name: str
    summary: str
    articles: tuple[Article, ...]

    @property
    def url(self) -> str:
        """Return the category page's address below the language's folder."""
        return f"{self.id}/"


@dataclass(frozen=True, kw_only=True)
class Site:
    """One language's site. Templates know it as `site`."""

    language: Language
    languages: tuple[Language, ...]
    words: Mapping[str, str]
    catalogue: Catalogue
    edition: Edition
    alphabet: Alphabet
    articles: Sequence[Article]  # all that have a page; those with a `language` are the source's
    twins: Mapping[
        str, Mapping[str, PublicationState]
    ]  # language code → paths of its articles that have a page, with their state
    has_fallback: bool  # whether the source's articles stand in for those that a language lacks
    assets: str  # folder of styles and scripts, named by their content
    ticket_url: str
    search_url: str

    @cached_property
    def company(self) -> Mapping[str, str]:
        """Return the company's values in this language."""
        return self.catalogue.variables(self.language.code)

    @cached_property
    def by_path(self) -> Mapping[str, Article]:
        """Return the articles by path."""
        return {article.path: article for article in self.articles}

    @cached_property
    def states(self) -> Mapping[str, PublicationState]:
        """Return the state of each article that has a page, by path."""
        return {**(self.twins[self.source.code] if self.has_fallback else {}), **self.twins[self.language.code]}

    @property
    def source(self) -> Language:
        """Return the language that articles are translated from."""
        return self.languages[0]

    @cached_property
    def listed(self) -> tuple[Article, ...]:
        """Return the articles that lists, search and sitemap have: all but the archived ones."""
        return tuple(article for article in self.articles if self.states[article.path] != PublicationState.ARCHIVED)

    @cached_property
    def shelves(self) -> Mapping[str, Shelf]:
        """Return the categories that have articles, in the catalogue's order."""
        rows: dict[str, list[Article]] = {category: [] for category in self.catalogue.categories}
        for article in self.listed:
            rows[article.category].append(article)
        return {id: self._shelf(self.catalogue.categories[id], found) for id, found in rows.items() if found}

    @cached_property
    def needed(self) -> tuple[Article, ...]:
        """Return the most needed articles that this language has."""
        listed = {article.path: article for article in self.listed}
        return tuple(listed[path] for path in self.catalogue.needed if path in listed)

    @cached_property
    def letters(self) -> Groups:
        """Return all listed articles by letter."""
        return self.alphabet.group(self.listed, self.language.code)

    @cached_property
    def recent(self) -> tuple[Article, ...]:
        """Return the articles reviewed last that are current, newest first: what the feed has."""
        current = [
            article
            for article in self.articles
            if self.states[article.path] == PublicationState.CURRENT and not article.language
        ]
        return tuple(sorted(current, key=lambda article: (article.reviewed, article.path), reverse=True)[:30])

    def shelf_of(self, article: Article) -> Shelf:
        """Return an article's category; one of which all articles are archived is empty, and has no page."""
        return self.shelves.get(article.category) or self._shelf(self.catalogue.categories[article.category], ())

    def systems(self, article: Article) -> tuple[str, ...]:
        """Return the names of what an article applies to."""
        return tuple(in_language(self.catalogue.systems[system], self.language.code) for system in article.applies_to)

    def twin_codes(self, article: Article | None, shelf: Shelf | None = None) -> tuple[str, ...]:
        """Return the languages that have this article, else this category, else all of them."""
        codes = tuple(language.code for language in self.languages)
        if article:
            return tuple(code for code in codes if article.path in self.twins[code])
        if shelf:
            return tuple(code for code in codes if shelf.id in self._filled[code])
        return codes

    def lent_codes(self, article: Article | None, shelf: Shelf | None = None) -> tuple[str, ...]:
        """Return the languages that show this article, or all of this category, in the source language."""
        source = self.source.code
        if not self.has_fallback or not (article or shelf):
            return ()
        is_there = article.path in self.twins[source] if article else shelf and shelf.id in self._filled[source]
        codes = self.twin_codes(article, shelf)
        return tuple(code.code for code in self.languages if is_there and code.code not in codes)

    def alternates(self, codes: Sequence[str], article: Article | None) -> tuple[str, ...]:
        """Return those of the languages to which search engines are led: no archived article is a translation."""
        if article is None:
            return tuple(codes)
        if self.states[article.path] == PublicationState.ARCHIVED or article.language:
            return ()
        return tuple(code for code in codes if self.twins[code][article.path] != PublicationState.ARCHIVED)

    @cached_property
    def _filled(self) -> Mapping[str, frozenset[str]]:
        """Return the categories of which each language lists an article."""
        return {
            code: frozenset(
                path.partition("/")[0] for path, state in states.items() if state != PublicationState.ARCHIVED
            )
            for code, states in self.twins.items()
        }

    def _shelf(self, category: Category, articles: Sequence[Article]) -> Shelf:
        code = self.language.code
        return Shelf(
            id=category.id,
            icon=category.icon,
            name=in_language(category.names, code),
            summary=in_language(category.summaries, code),
            articles=tuple(sorted(articles, key=lambda article: (article.title.casefold(), article.path))),
        )
