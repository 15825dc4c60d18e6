"""What Python-Markdown, which builds the pages, makes of a page: asked before a rule says what readers would see."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markdown import Markdown

from answerdesk.articles.active_html import find_active
from answerdesk.checks.reading.page import CheckedPage

ANCHOR = re.compile(r"""<[a-zA-Z][^>]*?\s(?:id|name)=["']([^"'>]+)["']""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The anchors of a page as built, and what in it could run or load."""

    anchors: frozenset[str] = frozenset()
    active: tuple[str, ...] = ()


def renderer(extensions: list[str], settings: Mapping[str, Any]) -> Callable[[CheckedPage], Rendered]:
    """Return a function that renders a page with a site's Markdown extensions, each text once."""
    known: dict[tuple[str, str], tuple[str, Rendered]] = {}

    def render(page: CheckedPage) -> Rendered:
        key = page.language, page.source
        if key not in known or known[key][0] != page.markdown:
            html = Markdown(extensions=extensions, extension_configs=dict(settings)).convert(page.markdown)
            found = Rendered(anchors=frozenset(ANCHOR.findall(html)), active=tuple(find_active(html)))
            known[key] = page.markdown, found
        return known[key][1]

    return render
