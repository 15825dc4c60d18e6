"""Split an article's HTML into sections of plain text: what search indexes and excerpts are cut from."""

import re
from collections.abc import Set
from html.parser import HTMLParser

from answerdesk.search import Section

HEADINGS = frozenset({"h2", "h3"})
BLOCKS = {
    "p", "li", "tr", "td", "th", "h2", "h3", "h4", "h5", "h6", "pre", "div", "br", "dt", "dd",
    "blockquote", "ul", "ol", "table", "details", "summary", "label", "figure", "figcaption",
}  # fmt: skip
SILENT = (("class", "headerlink"), ("class", "footnote-backref"), ("class", "footnote-ref"), ("class", "code-note"))
INSTEAD = {"math": "alttext", "img": "alt"}  # an attribute says what is drawn
LINES = re.compile(r"\s*\n\s*")
SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")


class _Splitter(HTMLParser):
    """Collects text; certain headings begin a new section."""

    def __init__(self, headings: Set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._headings = headings
        self._sections: list[tuple[str, list[str], list[str]]] = [("", [], [])]  # anchor, heading, text
        self._in_heading = False
        self._is_permalink = False
        self._muted = ""  # the element that is open whose text is nothing to look for

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._muted:
            return
        if tag == "math" or (tag == "details" and ("class", "diagram-source") in attrs):
            self._muted = tag
        if tag == "math" or (tag == "img" and ("class", "diagram") in attrs):
            self._text().append(f" {dict(attrs).get(INSTEAD[tag]) or ''} ")
        if tag in self._headings:
            self._sections.append((dict(attrs).get("id") or "", [], []))
            self._in_heading = True
        elif tag in BLOCKS:
            self.handle_data("\n")
        self._is_permalink = tag in ("a", "span") and any(attribute in attrs for attribute in SILENT)

    def handle_endtag(self, tag: str) -> None:
        if self._muted:
            self._muted = "" if tag == self._muted else self._muted
            return
        if tag in self._headings:
            self._in_heading = False
        elif tag in BLOCKS:
            self.handle_data("\n")
        self._is_permalink = False

    def handle_data(self, data: str) -> None:
        if not self._is_permalink and not self._muted:
            self._text().append(data)

    def _text(self) -> list[str]:
        _, heading, text = self._sections[-1]
        return heading if self._in_heading else text

    def sections(self) -> tuple[Section, ...]:
        """Return the sections that have a heading or a text."""
        rows = [(anchor, _tidy(heading), _tidy(text)) for anchor, heading, text in self._sections]
        return tuple(
            Section(heading=heading, anchor=anchor, text=text) for anchor, heading, text in rows if heading or text
        )


def split_sections(html: str, headings: Set[str] = HEADINGS) -> tuple[Section, ...]:
    """Return the sections of an article: one a heading of these levels, and what comes before the first."""
    splitter = _Splitter(headings)
    splitter.feed(html)
    splitter.close()
    return splitter.sections()


def _tidy(parts: list[str]) -> str:
    return LINES.sub("\n", SPACES.sub(" ", "".join(parts))).strip()
