"""What is known of an article's rendered text: its sections, FAQ data, what could run, which files it asks for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import unquote

from answerdesk.articles.active_html import find_active
from answerdesk.articles.alphabet import Alphabet
from answerdesk.articles.faq import faq_data, is_faq
from answerdesk.articles.hidden_links import Link, Place, find_leads
from answerdesk.articles.reader import Reader
from answerdesk.articles.sections import split_sections
from answerdesk.search import Section

Heading = tuple[int, str]  # level, title
VALUE = re.compile(r"""=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")  # of an attribute
FILE = re.compile(r"[^\s,#?:]*\.[A-Za-z0-9]+(?=[\s,#?]|$)")  # an address with an extension, and no scheme


class Body(NamedTuple):
    """A page's HTML and what was found in it; `faq` is what an FAQ page tells search engines."""

    html: str
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]
    active: tuple[str, ...] = ()
    faq: dict[str, Any] | None = None
    asked: frozenset[str] = frozenset()
    """Addresses of files, relative to the page; too many rather than too few."""
    leads: tuple[Link, ...] = ()
    """Where it leads within the site."""

    @property
    def has_title(self) -> bool:
        """Tell whether a heading of level 1 stands in the text, where the page has one already."""
        return any(level == 1 for level, _ in self.headings)


@dataclass(kw_only=True)
class Memory:
    """What a build of a language may take over from the one before. It may be stored between them."""

    reader: Reader = field(default_factory=Reader)
    bodies: dict[str, Body] = field(default_factory=dict)
    pieces: dict[str, str] = field(default_factory=dict)
    """HTML of pieces of the source that stand beside outdated translations, by their Markdown."""
    alphabet: Alphabet = field(default_factory=Alphabet)

    def body(self, source: str, html: str, headings: Sequence[Heading], place: Place) -> Body:
        """Return what is known of a page's HTML; only what is new is looked at. A page never changes its place."""
        known = self.bodies.get(source)
        if known is None or known.html != html or known.headings != tuple(headings):
            known = self.bodies[source] = read_body(html, headings, place)
        return known


def read_body(html: str, headings: Sequence[Heading], place: Place) -> Body:
    """Look at a page's HTML, given with the headings in it, and with where the page is."""
    questions = [title for level, title in headings if level == 2]
    return Body(
        html=html,
        headings=tuple(headings),
        sections=split_sections(html),
        active=tuple(find_active(html)),
        faq=faq_data(split_sections(html, frozenset({"h2"}))) if is_faq(questions) else None,
        asked=_asked(html),
        leads=tuple(find_leads(html, place)),
    )


def _asked(html: str) -> frozenset[str]:
    values = (one or two or three for one, two, three in VALUE.findall(html))
    return frozenset(
        unquote(file) for value in values if not value.startswith("data:") for file in FILE.findall(unescape(value))
    )
