"""What the templates of one language's pages are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from answerdesk.articles.alphabet import Groups, group_by_letter
from answerdesk.articles.article import Article
from answerdesk.articles.catalogue import Catalogue, Category, in_language


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
    articles: Sequence[Article]
    twins: Mapping[str, frozenset[str]]  # language code → paths of its articles
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
    def shelves(self) -> Mapping[str, Shelf]:
        """Return the categories that have articles, in the catalogue's order."""
        rows: dict[str, list[Article]] = {category: [] for category in self.catalogue.categories}
        for article in self.articles:
            rows[article.category].append(article)
        return {id: self._shelf(self.catalogue.categories[id], found) for id, found in rows.items() if found}

    @cached_property
    def needed(self) -> tuple[Article, ...]:
        """Return the most needed articles that this language has."""
        return tuple(self.by_path[path] for path in self.catalogue.needed if path in self.by_path)

    @cached_property
    def letters(self) -> Groups:
        """Return all articles by letter."""
        return group_by_letter(self.articles, self.language.code)

    @cached_property
    def recent(self) -> tuple[Article, ...]:
        """Return the articles reviewed last, newest first: what the feed has."""
        return tuple(sorted(self.articles, key=lambda article: (article.reviewed, article.path), reverse=True)[:30])

    def systems(self, article: Article) -> tuple[str, ...]:
        """Return the names of what an article applies to."""
        return tuple(in_language(self.catalogue.systems[system], self.language.code) for system in article.applies_to)

    def twin_codes(self, article: Article | None, shelf: Shelf | None = None) -> tuple[str, ...]:
        """Return the languages that have this article, else this category, else all of them."""
        codes = tuple(language.code for language in self.languages)
        if article:
            return tuple(code for code in codes if article.path in self.twins[code])
        if shelf:
            return tuple(code for code in codes if any(path.startswith(shelf.url) for path in self.twins[code]))
        return codes

    def _shelf(self, category: Category, articles: Sequence[Article]) -> Shelf:
        code = self.language.code
        return Shelf(
            id=category.id,
            icon=category.icon,
            name=in_language(category.names, code),
            summary=in_language(category.summaries, code),
            articles=tuple(sorted(articles, key=lambda article: (article.title.casefold(), article.path))),
        )
