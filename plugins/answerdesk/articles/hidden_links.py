"""Remove the addresses of links to articles that a site does not show, and keep their text."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urljoin

from answerdesk.articles.redirects import Redirects, follow, page_of
from answerdesk.articles.template_site import Site

LINK = re.compile(r"""<a\b((?:[^>"']|"[^"]*"|'[^']*')*)>(.*?)</a\s*>""", re.DOTALL | re.IGNORECASE)
ADDRESS = re.compile(r"""(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link into the site: its address as it is written, and the language and the path that it leads to."""

    address: str
    language: str
    path: str


@dataclass(frozen=True, slots=True)
class Place:
    """A page's address, and that above the languages' folders."""

    address: str
    root: str


class VisibleLinks:
    """Which articles the languages of a site show, as a page of one of them may lead there."""

    def __init__(self, site: Site, redirects: Redirects, site_url: str, has_file: Callable[[str], bool]) -> None:
        """`has_file` tells of the language's own files."""
        self._site = site
        self._own = site_url.removesuffix("/") + "/"
        self._root = self._own.removesuffix(f"{site.language.code}/")
        self._has_file = has_file
        shown: set[str] = set().union(*site.twins.values())
        self._moved = {page_of(old) for old in redirects if follow(redirects, old) in shown}

    def place(self, url: str) -> Place:
        """Return where a page of this language is."""
        return Place(self._own + url, self._root)

    def hide(self, html: str, leads: Iterable[Link]) -> str:
        """Return a page's HTML without addresses of what is not shown; given is where the page leads."""
        hidden = {lead.address for lead in leads if self._hides(lead)}
        return LINK.sub(lambda match: match[2] if _address(match[1]) in hidden else match[0], html) if hidden else html

    def _hides(self, lead: Link) -> bool:
        site, path = self._site, lead.path
        if path.endswith(".md"):  # of a link that leads somewhere, MkDocs has made an address
            return True
        twins: Mapping[str, object] = site.twins.get(lead.language, {})
        if lead.language not in site.twins or path.partition("/")[0] not in site.catalogue.categories:
            return False
        if path in twins or path in self._moved or (site.has_fallback and path in site.twins[site.source.code]):
            return False
        is_own = lead.language == site.language.code
        return not (is_own and any(self._has_file(f"{path}/{name}") for name in ("index.md", "README.md")))


def find_leads(html: str, place: Place) -> Iterator[Link]:
    """Yield where a page leads within the site: below a folder of a language's folder, or to a Markdown file."""
    for attributes, _ in LINK.findall(html):
        address = _address(attributes)
        if not address or address.startswith("#"):
            continue
        try:
            target = urljoin(place.address, unescape(address).strip()).partition("#")[0].partition("?")[0]
        except ValueError:
            continue  # it is no address
        language, _, path = unquote(target.removeprefix(place.root)).partition("/")
        path = path.removesuffix("index.html").strip("/")
        is_article = "/" in path and "." not in path.rpartition("/")[2]
        if target.startswith(place.root) and (is_article or path.endswith(".md")):
            yield Link(address=address, language=language, path=path)


def _address(attributes: str) -> str:
    match = ADDRESS.search(attributes)
    return next((value for value in match.groups() if value), "") if match else ""
