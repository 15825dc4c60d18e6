"""Make HTML of pieces of a source's Markdown, for a page of another language."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape
from typing import Any

from markdown import Markdown

ADDRESS = re.compile(r'\b(href|src)="([^"]*)"')


class Renderer:
    """Converts Markdown with the site's extensions; what `known` has is not converted again."""

    def __init__(
        self, extensions: Sequence[Any], options: Mapping[str, Any], known: Mapping[str, str] | None = None
    ) -> None:
        self._markdown = Markdown(extensions=list(extensions), extension_configs=dict(options))
        self._known = known or {}
        self.used: dict[str, str] = {}
        """What was asked for, to be known the next time."""

    def __call__(self, text: str) -> str:
        """Return the HTML of a text."""
        if text not in self.used:
            self.used[text] = self._known.get(text) or self._markdown.reset().convert(text)
        return self.used[text]


def lead_addresses(html: str, lead: Callable[[str], str]) -> str:
    """Return the HTML with its links and pictures led elsewhere."""

    def led(match: re.Match[str]) -> str:
        return f'{match.group(1)}="{escape(lead(unescape(match.group(2))))}"'

    return ADDRESS.sub(led, html)
