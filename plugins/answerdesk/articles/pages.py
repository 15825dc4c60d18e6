"""The pages that no author writes: home, categories, A–Z, search."""

from collections.abc import Iterator
from dataclasses import dataclass

from answerdesk.articles.template_site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedPage:
    """A page made from a template alone. `shelf` names the category of a category page."""

    source: str
    template: str
    title: str
    summary: str = ""
    shelf: str = ""


def generated_pages(site: Site) -> Iterator[GeneratedPage]:
    """Yield the pages of a site that have no Markdown."""
    words = site.words
    yield GeneratedPage(source="index.md", template="home.html", title=words["home_title"], summary=words["home_lead"])
    yield GeneratedPage(source="a-z/index.md", template="a-z.html", title=words["a_z"], summary=words["a_z_lead"])
    yield GeneratedPage(source="search/index.md", template="search.html", title=words["search"])
    for shelf in site.shelves.values():
        yield GeneratedPage(
            source=f"{shelf.id}/index.md",
            template="category.html",
            title=shelf.name,
            summary=shelf.summary,
            shelf=shelf.id,
        )
