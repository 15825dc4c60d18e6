"""Put the texts of Markdown into notes and leave its structure as it is.

Only text is wrapped, where it stands: with each note's own text in its place the Markdown is the source again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from answerdesk.translations.notes import note
from answerdesk.translations.sections import FENCE, INDENT, UNDERLINE

HEADING = re.compile(r"(?P<start>#{1,6}\s*)(?P<text>.*?)(?P<rest>\s*#*\s*)(?P<attributes>\{:?[^}]*\})?\s*$")
QUOTE = re.compile(r"(?:[ \t]*>[ ]?)*")
MARKER = re.compile(
    r"(?:[ \t]*(?:\d+\.|[*+-])[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)|[ \t]*:[ \t]+(?=\S)|[ \t]*\[\^[^\]]+\]:[ \t]*)*"
)
TITLED = re.compile(
    r"""(?P<start>[ \t]*(?:(?:!!!|\?\?\?\+?)\s?[^"]*|===[+!]*[ \t]*|///[^"|]*)")(?P<text>.+)(?P<rest>"[ \t]*)$"""
)
UNTITLED = re.compile(r"[ \t]*(?:!!!|\?\?\?\+?) ?[\w-]")
# Lines that nobody translates: rules, attributes, references, tags alone, snippets, the delimiters of blocks.
FIXED = re.compile(
    r"[ \t]*(?:([-*_])(?:[ \t]*\1){2,}|\{:[^}]*\}|\[[^^\]][^\]]*\]:\s.*|\[TOC\]|-+8<-+.*|/{3,}.*|\${2}"
    r"|(?!.*\b(?:alt|title)\s*=)(?:</?[A-Za-z][^<>]*>\s*)+)[ \t]*$"
)


def open_texts(
    lines: Sequence[str], anchors: Mapping[int, str], section: int = 0, *, is_held: bool = False
) -> list[str]:
    """Return lines of Markdown with notes around their texts.

    The headings of level 2 and 3 get `anchors` by the number of their section, of which the lines begin in `section`.
    `is_held`: the lines stand in a list, so that indented ones are no code.
    """
    texts = _Texts(anchors=anchors, section=section, is_held=is_held)
    at = 0
    while at < len(lines):
        at += texts.take(lines, at)
    return texts.lines


@dataclass(slots=True, kw_only=True)
class _Texts:
    """Lines with notes, and what the next line depends on."""

    anchors: Mapping[int, str]
    section: int
    is_held: bool  # by a list item, box, tab, footnote or definition
    lines: list[str] = field(default_factory=list)
    fence: str = ""
    is_after_blank: bool = True
    is_code: bool = False

    def take(self, lines: Sequence[str], at: int) -> int:
        """Take what begins at a line, and return how many lines that is."""
        line = lines[at]
        was_blank, self.is_after_blank = self.is_after_blank, not line.strip()
        if self.fence or FENCE.match(line):
            self._in_fence(line)
            return 1
        if self.is_after_blank:
            self.lines.append(line)
            return 1
        self.is_code = bool(INDENT.match(line)) and (self.is_code or (was_blank and not self.is_held))
        if (count := _comment(lines, at)) or self.is_code or FIXED.match(line):
            self.lines += lines[at : at + (count or 1)]
            return count or 1
        if match := HEADING.match(line):
            return self._heading(len(match["start"].strip()), match["text"], match["rest"], match["attributes"] or "")
        if was_blank and _is_underlined(lines, at):
            self._heading(1 if lines[at + 1].startswith("=") else 2, line.strip(), "", "")
            return 2
        return self._text(lines, at, was_blank=was_blank)

    def _in_fence(self, line: str) -> None:
        self.lines.append(line)
        if not self.fence:
            match = FENCE.match(line)
            self.fence = match.group(1) if match else ""
        elif line.strip().startswith(self.fence) and not line.strip().strip(self.fence[0]):
            self.fence = ""

    def _heading(self, level: int, text: str, rest: str, attributes: str) -> int:
        self.section += level in (2, 3)
        self.is_held = False
        anchor = self.anchors.get(self.section) if level in (2, 3) else None
        trailing = rest[len(rest.rstrip()) :]
        inner = attributes.strip("{:} ")
        if anchor and "#" not in inner:
            inner = f"#{anchor} {inner}".strip()
        attributes = f" {{{inner}}}" if inner else ""
        self.lines.append(
            f"{'#' * level} {note(text) if text else ''}{rest.rstrip()}{attributes}".rstrip()
            + ("" if attributes else trailing)
        )
        self.is_after_blank = True
        return 1

    def _text(self, lines: Sequence[str], at: int, *, was_blank: bool) -> int:
        line = lines[at]
        if match := TITLED.match(line):
            self.lines.append(f"{match['start']}{note(match['text'])}{match['rest']}")
            self.is_held = True
            return 1
        if UNTITLED.match(line):
            self.lines.append(line)
            self.is_held = True
            return 1
        quote, start = _prefixes(line)
        if len(start) > len(quote):
            self.is_held = True
        elif was_blank and not INDENT.match(line):
            self.is_held = False
        indent = len(line) - len(line[len(start) :].lstrip())
        if not line[indent:].strip():
            self.lines.append(line)
            return 1
        count = 1
        while at + count < len(lines) and _goes_on(lines, at + count, quote):
            count += 1
        text = "\n".join([line[indent:], *lines[at + 1 : at + count]])
        kept = text.rstrip()
        self.lines += f"{line[:indent]}{note(kept)}{text[len(kept) :]}".split("\n")
        return count


def _prefixes(line: str) -> tuple[str, str]:
    """Return what makes a line a quote, and that with the markers of lists behind it."""
    match = QUOTE.match(line)
    quote = match.group() if match else ""
    marker = MARKER.match(line, len(quote))
    return quote, quote + (marker.group() if marker else "")


def _goes_on(lines: Sequence[str], at: int, quote: str) -> bool:
    """Tell whether a line goes on with the text of the one before it."""
    line = lines[at]
    if not line.strip() or FENCE.match(line) or FIXED.match(line) or HEADING.match(line) or _comment(lines, at):
        return False
    if TITLED.match(line) or UNTITLED.match(line):
        return False
    own, start = _prefixes(line)
    return own.split() == quote.split() and start == own and bool(line[len(own) :].strip())


def _is_underlined(lines: Sequence[str], at: int) -> bool:
    """Tell whether a line is a heading because of the next one."""
    below = lines[at + 1] if at + 1 < len(lines) else ""
    return (
        (bool(UNDERLINE.match(below)) or (below.startswith("=") and not below.strip().strip("=")))
        and "|" not in lines[at]
        and not INDENT.match(lines[at])
        and _prefixes(lines[at])[1] == ""
    )


def _comment(lines: Sequence[str], at: int) -> int:
    """Return how many lines an author's own comment takes that begins at a line and has its last line for itself."""
    if not lines[at].lstrip().startswith("<!--"):
        return 0
    for number in range(at, len(lines)):
        _, end, after = lines[number].partition("-->")
        if end:
            return number - at + 1 if not after.strip() else 0
    return 0
