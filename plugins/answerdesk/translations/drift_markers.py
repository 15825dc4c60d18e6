"""Mark in a translation's HTML what changed in the source since, with the current source beside it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from answerdesk.translations.drift import Drift, NewSection, SectionDrift
from answerdesk.translations.sections import Block, TextSection

HEADINGS = ("h2", "h3")
LISTS = ("ul", "ol")
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
TOP = 2  # blocks of the first section that stand above the article's text: title and summary
ANCHOR = "source-change-"
HEADING_ID = re.compile(r"""(<h[1-6][^>]*?) id=(?:"[^"]*"|'[^']*')""")
CLASS = re.compile(r"""\sclass=(["'])""")

Render = Callable[[str], str]  # Markdown of the source → HTML for the translation's page


@dataclass(slots=True)
class _Spot:
    """Where a block of a page is: before the end of its first tag, and where a note about it goes."""

    tag: int
    note: int = 0


@dataclass(slots=True)
class _Stretch:
    """A section of a page: its blocks, and where it ends."""

    spots: list[_Spot] = field(default_factory=list)
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The article that a page is a translation of, and how its Markdown becomes HTML."""

    sections: Sequence[TextSection]
    language: str
    direction: str
    render: Render


def count_blocks(html: str) -> list[int]:
    """Return how many blocks each section of a page has, title and summary with the first."""
    return [len(stretch.spots) for stretch in _stretches(html)]


def mark_page(html: str, drift: Drift, original: Original, words: Mapping[str, str]) -> str:
    """Return the page's HTML with its marks; they have the anchors ANCHOR and 1, 2, 3 …, from above to below."""
    stretches = _stretches(html)
    writer = _Writer(original, words)
    rows: list[SectionDrift | NewSection] = [*drift.sections, *drift.new]
    for row in sorted(rows, key=_order):
        if isinstance(row, NewSection):
            writer.add_section(stretches[row.after], row)
        else:
            writer.mark_section(stretches[row.section], row)
    return writer.applied(html)


def _order(row: SectionDrift | NewSection) -> tuple[int, bool, int]:
    return (row.after, True, row.source) if isinstance(row, NewSection) else (row.section, False, 0)


class _Writer:
    """Collects what is put into a page, and where."""

    def __init__(self, original: Original, words: Mapping[str, str]) -> None:
        self._original = original
        self._words = words
        self._notes: list[tuple[int, str]] = []
        self._tags: set[int] = set()

    def mark_section(self, stretch: _Stretch, drift: SectionDrift) -> None:
        """Mark the blocks of a section that changed, or all of it if they are not known."""
        head = stretch.spots[0].note
        if not drift.marks:
            self._tags.update(spot.tag for spot in stretch.spots if spot.tag >= 0)
            word = "drift_section" if drift.source is not None else "drift_section_gone"
            self._note(head, word, self._blocks(drift.source), is_open=False)
            return
        source = self._blocks(drift.source)
        for mark in drift.marks:
            spot = stretch.spots[mark.at]
            if not mark.change.is_between and spot.tag >= 0:
                self._tags.add(spot.tag)
            self._note(spot.note, f"drift_{mark.change}", [source[number] for number in mark.source], is_open=True)

    def add_section(self, stretch: _Stretch, new: NewSection) -> None:
        """Put in a section that the translation lacks."""
        self._note(stretch.end, "drift_section_new", self._blocks(new.source), is_open=False)

    def applied(self, html: str) -> str:
        """Return the page's HTML with all that was put in."""
        pieces = [*((at, number, text) for number, (at, text) in enumerate(self._notes))]
        pieces += [(tag, -1, "") for tag in self._tags]
        done, made = 0, []
        for at, number, text in sorted(pieces):
            made.append(html[done:at])
            done = at
            if number >= 0:
                made.append(text)
            else:
                made.append(_classed(made))
        return "".join([*made, html[done:]])

    def _blocks(self, number: int | None) -> tuple[Block, ...]:
        return () if number is None else self._original.sections[number].blocks

    def _note(self, at: int, word: str, blocks: Sequence[Block], *, is_open: bool) -> None:
        anchor = f"{ANCHOR}{len(self._notes) + 1}"
        label = escape(self._words[word])
        if not blocks:
            self._notes.append((at, f'<p class="drift" id="{anchor}">{label}</p>'))
            return
        source = render_blocks(blocks, self._original.render, anchor)
        text = f'<div lang="{self._original.language}" dir="{self._original.direction}">{source}</div>'
        state = " open" if is_open else ""
        self._notes.append(
            (at, f'<details class="drift" id="{anchor}"{state}><summary>{label}</summary>{text}</details>')
        )


def _classed(made: list[str]) -> str:
    """Return what gives the tag that ends the HTML made so far a class; one that it has is gone on with."""
    start = made[-1].rindex("<")
    tag = made[-1][start:]
    if match := CLASS.search(tag):
        made[-1] = f"{made[-1][:start]}{tag[: match.end()]}drifted {tag[match.end() :]}"
        return ""
    return ' class="drifted"'


def render_blocks(blocks: Sequence[Block], render: Render, anchor: str) -> str:
    """Return the HTML of blocks of a source, without anchors that the page may have itself."""
    html = "".join(_render_block(block, render) for block in blocks)
    return HEADING_ID.sub(r"\1", html).replace("__tabbed_", f"__tabbed_{anchor}_")


def _render_block(block: Block, render: Render) -> str:
    html = render(f"**{block.text}**" if block.kind == "heading" else block.text)
    if block.marker == "1.":
        return f'<ol start="{block.number}"><li>{html}</li></ol>'
    return f"<ul><li>{html}</li></ul>" if block.marker else html


def _stretches(html: str) -> list[_Stretch]:
    parser = _Parser(html)
    parser.feed(html)
    parser.close()
    return parser.stretches


class _Parser(HTMLParser):
    """Finds the blocks of a page: headings, items of its lists, and whatever else stands at the top level."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self._html = html
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._stack: list[tuple[str, _Spot | None]] = []
        self.stretches = [_Stretch(spots=[_Spot(tag=-1) for _ in range(TOP)], end=len(html))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser passes them
        at = self._offset()
        end = at + len(self.get_starttag_text() or "")
        is_listed = all(open_ in (*LISTS, "li") for open_, _ in self._stack)
        spot = None
        if not self._stack and tag in HEADINGS:
            self.stretches[-1].end = at
            self.stretches.append(_Stretch(end=len(self._html)))
        if (not self._stack and tag not in LISTS) or (is_listed and tag == "li"):
            spot = _Spot(tag=end - (2 if self._html[end - 2] == "/" else 1), note=0)
            self.stretches[-1].spots.append(spot)
        elif is_listed and tag in LISTS and self._stack and (item := self._stack[-1][1]) and not item.note:
            item.note = at  # the note on an item stands before the items in it
        if tag in VOID:
            if spot:
                spot.note = end
        else:
            self._stack.append((tag, spot))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if not any(open_ == tag for open_, _ in self._stack):
            return
        at = self._offset()
        while self._stack:
            open_, spot = self._stack.pop()
            if spot and not spot.note:
                spot.note = at if open_ == "li" else self._html.index(">", at) + 1
            if open_ == tag:
                return

    def close(self) -> None:
        super().close()
        for stretch in self.stretches:
            for spot in stretch.spots:
                spot.note = spot.note or (stretch.end if spot.tag >= 0 else 0)

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
