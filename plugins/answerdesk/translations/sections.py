"""Split an article into sections and blocks: the pieces by which a translation is compared with its source.

A section is a heading of level 2 or 3 with what stands below it; the part before the first is one too. A block is a
heading, paragraph, list item, code, table, quote or admonition. Blocks are told apart as Python-Markdown does, line by
line; where the two disagree a whole section is marked in place of a block (see `marks.py`).
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from textwrap import dedent

from answerdesk.translations.text_fingerprint import sketch

HEADING = re.compile(r"(#{2,3})(?!#)\s*(.*?)\s*#*\s*(?:\{:?[^}]*\})?\s*$")
UNDERLINE = re.compile(r"-+\s*$")
FENCE = re.compile(r"\s*(`{3,}|~{3,})")
ITEM = re.compile(r"(\s*)(\d+\.|[*+-])[ \t]+(?=\S)")
ADMONITION = re.compile(r"(?:!!!|\?\?\?\+?) ")
TAB = re.compile(r'===[+!]* "')
REFERENCE = re.compile(r" {0,3}\[[^\]]+\]:\s")
INDENT = re.compile(r" {4}|\t")
HASH = 8  # hexadecimal digits: enough to tell the blocks of one article apart


class Kind(StrEnum):
    """What a block is, as far as that matters for where it ends."""

    HEADING = "heading"
    ITEM = "item"
    ADMONITION = "admonition"
    TAB = "tab"
    CODE = "code"
    QUOTE = "quote"
    TEXT = "text"


HOLDS_INDENTED = {Kind.ITEM, Kind.ADMONITION, Kind.TAB, Kind.CODE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of Markdown without its list marker, which `marker` has: `-`, `1.` or nothing.

    `number` is an item's place in its list; `start` the line of the article's Markdown that it begins with, `end` the
    line after its last one.
    """

    kind: Kind
    text: str
    hash: str
    marker: str = ""
    number: int = 0
    indent: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSection:
    """A heading and its blocks; level 0 begins with the article's title and summary."""

    level: int
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """Return the heading, or the article's title."""
        return self.blocks[0].text

    @property
    def keys(self) -> tuple[str, ...]:
        """Return what stands for the text of each block: enough to tell whether it has changed."""
        return tuple(block.hash for block in self.blocks)

    @property
    def hashes(self) -> tuple[str, ...]:
        """Return the same with what changed blocks are known again by, as it is recorded."""
        return tuple(block.hash + sketch(block.text) for block in self.blocks)


def key_of(recorded: str) -> str:
    """Return the hash in what is recorded of a block; older records have nothing else."""
    return recorded[:HASH]


def sketch_of(recorded: str) -> str:
    """Return the sketch in what is recorded of a block, if there is one."""
    return recorded[HASH:]


def short_hash(text: str) -> str:
    """Return a hash of a text; how it is wrapped and indented makes no difference."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:HASH]


def split_article(title: str, summary: str, markdown: str) -> tuple[TextSection, ...]:
    """Return the sections of an article; the first has title, summary and what stands before the first heading."""
    sections: list[tuple[int, list[Block]]] = [(0, [_plain(title), _plain(summary)])]
    counts: list[tuple[int, int]] = []  # of the lists that are open: how far they are indented, how many items
    for level, kind, lines, start, end in _pieces(markdown):
        match = ITEM.match(lines[0]) if kind is Kind.ITEM else None
        counts = _counted(counts, len(match.group(1).expandtabs(4))) if match else []
        block = _block(kind, lines, start, end, number=counts[-1][1] if counts else 0)
        if level:
            sections.append((level, [block]))
        else:
            sections[-1][1].append(block)
    return tuple(TextSection(level=level, blocks=tuple(blocks)) for level, blocks in sections)


def _plain(text: str) -> Block:
    return Block(kind=Kind.TEXT, text=text, hash=short_hash(text))


def _block(kind: Kind, lines: Sequence[str], start: int, end: int, *, number: int) -> Block:
    if kind is Kind.HEADING:
        match = HEADING.match(lines[0])
        text = match.group(2) if match else lines[0].strip()
        return Block(kind=kind, text=text, hash=short_hash(text), start=start, end=end)
    match = ITEM.match(lines[0]) if kind is Kind.ITEM else None
    if not match:
        text = "\n".join(lines)
        return Block(kind=kind, text=text, hash=short_hash(text), start=start, end=end)
    # An item's number is not hashed: a step that is put in before it moves it, but changes nothing in it.
    marker = "1." if match.group(2)[0].isdigit() else "-"
    text = "\n".join([lines[0][match.end() :], *dedent("\n".join(lines[1:])).split("\n")]).strip()
    return Block(
        kind=kind,
        text=text,
        hash=short_hash(f"{marker} {text}"),
        marker=marker,
        number=number,
        indent=match.group(1),
        start=start,
        end=end,
    )


def _counted(counts: Sequence[tuple[int, int]], indent: int) -> list[tuple[int, int]]:
    outer = [row for row in counts if row[0] < indent]
    count = next((count for at, count in counts if at == indent), 0)
    return [*outer, (indent, count + 1)]


def _pieces(markdown: str) -> Iterator[tuple[int, Kind, list[str], int, int]]:
    """Yield (level of a heading or 0, kind, lines, first line's number, number after the last) of each block."""
    rows = _Rows()
    for line in markdown.split("\n"):
        rows.add(line)
    yield from rows.done()


class _Rows:
    """Gathers lines into blocks."""

    def __init__(self) -> None:
        self._blocks: list[tuple[Kind, int, list[str]]] = []
        self._line = -1
        self._after_blank = True
        self._fence = ""

    def add(self, line: str) -> None:
        self._line += 1
        if self._fence:
            self._continue(line)
            if line.strip().startswith(self._fence) and not line.strip().strip(self._fence[0]):
                self._fence = ""
            return
        if not line.strip():
            self._continue(line)
            self._after_blank = True
            return
        kind = self._kind(line)
        if kind is None:
            self._continue(line)
        else:
            self._blocks.append((kind, self._line, [line]))
        if fence := FENCE.match(line):
            self._fence = fence.group(1)
        self._after_blank = False

    def done(self) -> Iterator[tuple[int, Kind, list[str], int, int]]:
        for kind, start, lines in self._blocks:
            while not lines[-1].strip():
                lines.pop()
            end = start + len(lines)
            if kind is Kind.HEADING:
                yield len(lines[0]) - len(lines[0].lstrip("#")), kind, lines, start, end
            elif kind is Kind.TEXT and len(lines) > 1 and UNDERLINE.match(lines[1]) and "|" not in lines[0]:
                yield 2, Kind.HEADING, lines[:1], start, start + 2
                if lines[2:]:
                    yield 0, kind, lines[2:], start + 2, end
            else:
                yield 0, kind, lines, start, end

    def _continue(self, line: str) -> None:
        if self._blocks:
            self._blocks[-1][2].append(line)

    def _kind(self, line: str) -> Kind | None:
        """Return what a line begins, or None if it goes on with what is there."""
        last = self._blocks[-1][0] if self._blocks else Kind.HEADING
        if HEADING.match(line):
            return Kind.HEADING
        if last is Kind.HEADING:
            return _first_kind(line)
        if ITEM.match(line) and (last is Kind.ITEM or (self._after_blank and not INDENT.match(line))):
            return Kind.ITEM
        if INDENT.match(line):
            return Kind.CODE if self._after_blank and last not in HOLDS_INDENTED else None
        if ADMONITION.match(line) or (FENCE.match(line) and not line.startswith(" ")):
            return _first_kind(line)
        if TAB.match(line):
            return None if last is Kind.TAB else Kind.TAB
        if not self._after_blank:
            return Kind.TEXT if last in (Kind.ADMONITION, Kind.TAB) else None
        is_more = (last is Kind.QUOTE and line.startswith(">")) or REFERENCE.match(line) or line.startswith(":   ")
        return None if is_more else _first_kind(line)


def _first_kind(line: str) -> Kind:
    if ITEM.match(line):
        return Kind.ITEM
    if ADMONITION.match(line):
        return Kind.ADMONITION
    if TAB.match(line):
        return Kind.TAB
    if FENCE.match(line) or INDENT.match(line):
        return Kind.CODE
    return Kind.QUOTE if line.startswith(">") else Kind.TEXT
