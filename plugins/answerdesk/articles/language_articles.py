"""One language's articles as a build shows them: which there are, what their pages say, what is wrong with them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import sep
from pathlib import Path
from typing import Any, cast

from answerdesk.articles.active_html import find_active
from answerdesk.articles.article import Article
from answerdesk.articles.build_audience import Edition
from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.context import Options, find_closed, make_site
from answerdesk.articles.hidden_links import VisibleLinks, find_leads
from answerdesk.articles.library import Library
from answerdesk.articles.pages import GeneratedPage, generated_pages
from answerdesk.articles.reader import Reader
from answerdesk.articles.redirects import Redirects, load_redirects, redirect_problems
from answerdesk.articles.rendered_article import Heading, Memory
from answerdesk.articles.source_fallback import Outdated, asked_files, find_outdated, mark_outdated
from answerdesk.articles.template_site import Site
from answerdesk.articles.ui_messages import load_words
from answerdesk.articles.visibility import Visibility, compare
from answerdesk.support.content_files import list_files
from answerdesk.translations.render import Renderer

PLACING = ("category", "audience", "draft", "publish", "reviewed", "review_every")  # where an article shows, if at all
Has = Callable[[str], bool]  # tells whether the language's site has a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What became of a page's HTML: as it is shown, what templates need, and what is wrong with it."""

    html: str
    meta: Mapping[str, Any]
    problems: tuple[ContentProblem, ...] = ()
    active: tuple[ContentProblem, ...] = ()
    """What could run or load things in a reader's browser."""


@dataclass(frozen=True, kw_only=True)
class LanguageArticles:
    """The articles of one language's site."""

    site: Site
    library: Library
    redirects: Redirects
    outdated: Mapping[str, Outdated]
    pages: Mapping[str, GeneratedPage]
    problems: Sequence[ContentProblem]
    visibility: Visibility
    memory: Memory
    renderer: Renderer
    source_words: Mapping[str, str]
    shown: VisibleLinks

    @property
    def sources(self) -> set[str]:
        """Return the files of the language's own articles that are shown."""
        return {f"{path}.md" for path in self.site.twins[self.site.language.code]}

    def more_files(self, content: Path, has: Has) -> Iterator[tuple[str, Path | None]]:
        """Yield the files that its folder lacks, each with where it lies if it has a content.

        They are the source's articles that are not translated, pictures and other files of the source that articles
        show and the language does not have, and the pages without Markdown.
        """
        yield from ((f"{article.path}.md", None) for article in self.site.articles if article.language)
        folder = content / self.site.source.code
        if self.site.has_fallback and self.site.language != self.site.source:
            for file in sorted(self._asked_files() & _files_beside(folder)):
                if not has(file):
                    yield file, folder / file
        yield from ((source, None) for source in self.pages if not has(source))

    def _asked_files(self) -> set[str]:
        found: set[str] = set()
        for article in self.site.articles:
            found |= asked_files(article.path, self.library.markdown[f"{article.path}.md"])
        return found

    def meta(self, source: str, written: Mapping[str, Any]) -> dict[str, Any]:
        """Return which template and title a page has; `written` stands in the front matter of what is no article."""
        if article := self.library.articles.get(source):
            return {
                "article": article,
                "category": self.site.shelf_of(article).name,
                "title": article.title,
                "template": "article.html",
                "state": self.site.states[article.path],
                "applies_to": self.site.systems(article),
            }
        generated = self.pages.get(source)
        made = {"generated": generated, "title": generated.title, "template": generated.template} if generated else {}
        return made | dict(written)  # what an author wrote into an index.md of their own wins

    def words(self, source: str) -> Mapping[str, str]:
        """Return the interface words of the language that a page is written in."""
        article = self.library.articles.get(source)
        return self.source_words if article and article.language else self.site.words

    def shape(self, source: str, url: str, html: str, headings: Sequence[Heading], has: Has) -> Shape:
        """Return what readers, search and FAQ pages get of a page that is rendered."""
        article = self.library.articles.get(source)
        place = self.shown.place(url)
        body = self.memory.body(source, html, headings, place)
        leads = body.leads
        meta: dict[str, Any] = {"sections": body.sections}
        problems = [_second_title(source)] if article and body.has_title else []
        active = [_active(source, found) for found in body.active]
        if article and body.faq:
            meta |= {"template": "faq.html", "faq": body.faq}
        outdated = self.outdated.get(article.path) if article else None
        if article and outdated:
            marked = mark_outdated(html, article.path, outdated, self.site, self.renderer, has)
            active += [_active(f"{self.site.source.code}/{source}", found) for found in find_active(marked)]
            meta["is_outdated"] = marked != html
            html, leads = marked, tuple(find_leads(marked, place))
        html = self.shown.hide(html, leads)
        return Shape(html=html, meta=meta, problems=tuple(problems), active=tuple(active))

    def take(self, source: str, file: Path) -> bool:
        """Take the new text of an article that is shown; tell whether all else may stay for now."""
        before = self.library.articles.get(source)
        reading = self.memory.reader.read(source, file, self.site.catalogue, self.site.language.code)
        after = reading.article
        if before is None or after is None or reading.problems:
            return False
        if any(getattr(before, name) != getattr(after, name) for name in PLACING):
            return False
        cast(dict[str, Article], self.library.articles)[source] = after
        cast(dict[str, str], self.library.markdown)[source] = reading.markdown
        return True


def _files_beside(folder: Path) -> set[str]:
    """Return the files of a language's folder that are no pages, by their paths below it."""
    start = len(f"{folder}{sep}")
    return {file[start:].replace(sep, "/") for file in list_files(folder) if not file.endswith(".md")}


def open_language_articles(
    sources: Mapping[str, Path], docs: Path, portal: Path, options: Options, edition: Edition, *,
    site_url: str, memory: Memory, renderer: Renderer, has: Has,
) -> LanguageArticles:  # fmt: skip
    """Read the articles of a language's folder, given by their paths below it.

    Raises:
        ContentError: what articles share is missing or damaged, or an option is no good.
    """
    site, library = make_site(sources, docs, portal, options, memory, edition)
    redirects = load_redirects(docs.parent)
    return LanguageArticles(
        site=site,
        library=library,
        redirects=redirects,
        outdated=find_outdated(docs.parent, site, memory.reader),
        pages={page.source: page for page in generated_pages(site)},
        visibility=_compare(site, library, docs.parent, options.grace_days, memory.reader),
        problems=(*library.problems, *redirect_problems(redirects, docs.parent, docs.name, site)),
        memory=memory,
        renderer=renderer,
        source_words=load_words(portal / "words", site.source.code),
        shown=VisibleLinks(site, redirects, site_url, has),
    )


def _compare(site: Site, library: Library, content: Path, grace_days: int, reader: Reader) -> Visibility:
    """Return which of a language's own articles are more open than their source."""
    source, today = site.source.code, site.edition.today
    if source == site.language.code:
        return Visibility()
    closed = reader.known.closed
    if closed is None:
        closed = find_closed(content / source, reader, today, grace_days)
    own = [article for article in library.articles.values() if not article.language] if closed else ()
    return compare(own, closed, f"{content.name}/{source}", today, grace_days)


def _second_title(source: str) -> ContentProblem:
    what = "a heading of level 1 stands in the text"
    return ContentProblem(file=source, field="heading", value=1, what=what, cure="Begin with level 2: ## …")


def _active(source: str, found: str) -> ContentProblem:
    what = f"{found} could run or load things"
    return ContentProblem(file=source, field="html", value=found, what=what, cure="Write it in Markdown, or as code.")
