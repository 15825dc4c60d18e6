"""Markdown with its lines: headings, links, images, prose and raw HTML, each with the line where it stands.

Python-Markdown, which builds the pages, keeps no lines; markdown-it does. Where the two read a text differently, what
matters to readers (anchors, HTML that runs) is asked of Python-Markdown before anything is said: see `rendered.py`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from markdown.extensions.toc import unique
from markdown_it import MarkdownIt
from markdown_it.token import Token

from answerdesk.checks.reading.flatten import flatten

Slug = Callable[[str, str], str]

ATTRIBUTES = re.compile(r"[ \t]*\{:?[ ]*([^{}\n]*[#.=][^{}\n]*)\}")
OWN_ID = re.compile(r"(?:^|\s)#([^\s#.={}]+)")
CODE = re.compile(r"`[^`]*`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; `anchor` is the id that its page will have."""

    level: int
    text: str
    anchor: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as it is written. One in raw HTML is the browser's alone: MkDocs leaves it as it is."""

    target: str
    text: str
    line: int
    is_html: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image; `text` is None where an HTML tag has no alt at all, and empty is then what its author chose."""

    target: str
    text: str | None
    line: int
    is_html: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of text: a paragraph, the first paragraph of a list's item, a table's cell or a heading.

    Inline code keeps its backticks. `group` numbers the list that an item belongs to, 0 for no list.
    """

    kind: str
    text: str
    line: int
    group: int = 0
    is_numbered: bool = False

    @property
    def prose(self) -> str:
        """Return the text without code."""
        return CODE.sub("…", self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """Raw HTML."""

    html: str
    line: int


@dataclass(slots=True, kw_only=True)
class Blocks:
    """All that a text holds."""

    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    raw: list[Raw] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)


_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")


def _as_written(url: str) -> str:
    return url


def _any(url: str) -> bool:  # noqa: ARG001 - the parser gives it by name
    return True  # a bad address is a link to look at


_PARSER.normalizeLink = _as_written  # type: ignore[method-assign]
_PARSER.validateLink = _any  # type: ignore[method-assign]


def read_blocks(markdown: str, slug: Slug, start: int = 0) -> Blocks:
    """Read Markdown that begins below a file's line `start`; `slug` is what the site makes of a heading's text."""
    reader = _Reader(start)
    reader.read(_PARSER.parse(flatten(markdown)))
    return reader.finish(slug)


class _Reader:
    def __init__(self, start: int) -> None:
        self._start = start
        self._found = Blocks()
        self._titles: list[tuple[int, str, str, int]] = []  # level, text, an id of its own, line
        self._lists: list[tuple[int, bool]] = []
        self._count = 0
        self._is_item = False  # whether the next paragraph is an item's first

    def read(self, tokens: Iterable[Token]) -> None:
        level, is_cell = 0, False
        for token in tokens:
            if token.type in ("bullet_list_open", "ordered_list_open"):
                self._count += 1
                self._lists.append((self._count, token.type == "ordered_list_open"))
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                self._lists.pop()
            elif token.type == "list_item_open":
                self._is_item = True
            elif token.type == "heading_open":
                level = int(token.tag[1])
            elif token.type in ("th_open", "td_open"):
                is_cell = True
            elif token.type == "html_block":
                self._read_html(token.content, self._line(token))
            elif token.type == "inline":
                self._read_inline(token, level=level, is_cell=is_cell)
                level, is_cell, self._is_item = 0, False, False

    def finish(self, slug: Slug) -> Blocks:
        """Give the headings their anchors, as Python-Markdown's `toc` does: ids that authors chose come first."""
        found = self._found
        used = {own for _, _, own, _ in self._titles if own}
        for level, text, own, line in self._titles:
            anchor = own or unique(slug(text.replace("`", ""), "-"), used)
            found.headings.append(Heading(level=level, text=text, anchor=anchor, line=line))
        found.anchors |= {heading.anchor for heading in found.headings}
        return found

    def _line(self, token: Token) -> int:
        return self._start + (token.map[0] if token.map else 0) + 1

    def _read_inline(self, token: Token, *, level: int, is_cell: bool) -> None:
        first = line = self._line(token)
        parts: list[str] = []
        opened: list[tuple[str, int, int]] = []  # target, line, where the text of the link begins
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                parts.append("\n")
                line += 1
            elif child.type == "code_inline":
                parts.append(f"`{child.content}`")
            elif child.type == "image":
                target = str(child.attrs.get("src", ""))
                self._found.images.append(Image(target=target, text=child.content, line=line))
            elif child.type == "html_inline":
                self._read_html(child.content, line)
                line += child.content.count("\n")
            elif child.type == "link_open":
                opened.append((str(child.attrs.get("href", "")), line, len(parts)))
            elif child.type == "link_close":
                target, where, begin = opened.pop()
                self._found.links.append(Link(target=target, text="".join(parts[begin:]), line=where))
            else:
                parts.append(child.content)
        text = "".join(parts)
        own = [match for attributes in ATTRIBUTES.findall(text) for match in OWN_ID.findall(attributes)]
        self._found.anchors |= set(own)
        text = ATTRIBUTES.sub("", text).strip()
        if level:
            self._titles.append((level, text, own[-1] if own else "", first))
        group, is_numbered = self._lists[-1] if self._lists else (0, False)
        kind = "heading" if level else "cell" if is_cell else "item" if self._is_item else "paragraph"
        self._found.blocks.append(
            Block(kind=kind, text=text, line=first, group=group if kind == "item" else 0, is_numbered=is_numbered)
        )

    def _read_html(self, html: str, line: int) -> None:
        self._found.raw.append(Raw(html=html, line=line))
        if html.startswith(("</", "<br")):
            return
        finder = _HtmlReader(self._found, line)
        finder.feed(html)
        finder.close()


class _HtmlReader(HTMLParser):
    """Finds what raw HTML links to, shows and names."""

    def __init__(self, found: Blocks, line: int) -> None:
        super().__init__(convert_charrefs=True)
        self._found = found
        self._first = line

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self._first + self.getpos()[0] - 1
        values = dict(attrs)
        self._found.anchors |= {value for value in (values.get("id"), values.get("name")) if value}
        if tag == "a" and values.get("href"):
            self._found.links.append(Link(target=unescape(values["href"] or ""), text="", line=line, is_html=True))
        if tag == "img":
            target = values.get("src") or ""
            self._found.images.append(
                Image(target=target, text=(values["alt"] or "") if "alt" in values else None, line=line, is_html=True)
            )

    handle_startendtag = handle_starttag
