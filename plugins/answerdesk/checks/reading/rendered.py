"""What Python-Markdown, which builds the pages, makes of a page: asked before a rule says what readers would see."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

from markdown import Markdown

from answerdesk.articles.active_html import find_active
from answerdesk.articles.sections import BLOCKS
from answerdesk.checks.reading.page import CheckedPage

ANCHOR = re.compile(r"""<[a-zA-Z][^>]*?\s(?:id|name)=["']([^"'>]+)["']""")

UNDRAWN = re.compile(r'(?:<code class="math-source">|<figure class="diagram"><pre><code>)(.*?)</code>', re.DOTALL)
NO_PROSE = {"code", "pre", "math", "kbd", "script", "style", "svg", "textarea"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The anchors of a page as built, what in it could run or load, and its text without code, a line for each block.

    `undrawn` are the sources of formulas and diagrams that are shown as such.
    """

    anchors: frozenset[str] = frozenset()
    active: tuple[str, ...] = ()
    prose: str = ""
    undrawn: tuple[str, ...] = ()


def renderer(extensions: list[str], settings: Mapping[str, Any]) -> Callable[[CheckedPage], Rendered]:
    """Return a function that renders a page with a site's Markdown extensions, each text once."""
    known: dict[tuple[str, str], tuple[str, Rendered]] = {}

    def render(page: CheckedPage) -> Rendered:
        key = page.language, page.source
        if key not in known or known[key][0] != page.markdown:
            html = Markdown(extensions=extensions, extension_configs=dict(settings)).convert(page.markdown)
            found = Rendered(
                anchors=frozenset(ANCHOR.findall(html)),
                active=tuple(find_active(html)),
                prose=read_prose(html),
                undrawn=tuple(unescape(source) for source in UNDRAWN.findall(html)),
            )
            known[key] = page.markdown, found
        return known[key][1]

    return render


def read_prose(html: str) -> str:
    """Return the text of HTML without code, each block on lines of its own."""
    reader = _ProseReader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


class _ProseReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._depth += tag in NO_PROSE
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._depth = max(0, self._depth - (tag in NO_PROSE))
        self.parts.append("\n" if tag in BLOCKS else "")

    def handle_data(self, data: str) -> None:
        self.parts.append("…" if self._depth else data)
