"""A page's lines, each knowing where it came from, and which of them are code."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

FENCE = re.compile(r"^(?:[ \t]|[-*+>][ \t]|\d+[.)][ \t])*(`{3,}|~{3,})(.*)$")
# Formulas are code too: [f](1 \\le a) in one is no link. Pandoc's rule keeps prices apart.
CODE = re.compile(
    r"(?<!`)(`+)(?!`)(?:.+?)(?<!`)\1(?!`)"
    r"|(?<!\\)\$\$(?:[^$\n]|\n(?![ \t]*\n))+?\$\$"
    r"|(?<![\\\w$])\$(?![\s$])(?:\\.|[^\\$\n])+?(?<!\s)\$(?![\w$])"
    r"|(?<!\\)\\\((?:[^\n]|\n(?![ \t]*\n))+?\\\)"
)
OPENS = re.compile(r"^ {0,3}(?:[-*+][ \t]|\d+[.)][ \t]|!!!|\?\?\?|===|\[\^[^\]]+\]:|:[ \t]|///)")
INDENTED = re.compile(r"^(?: {4}|\t)")
HIDDEN = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text and the place in the old site that it came from."""

    text: str
    file: str
    number: int


Where = Callable[[re.Match[str]], Line]


def number_lines(text: str, file: str, first: int = 1) -> list[Line]:
    """Return a text's lines; the first has the number given."""
    return [Line(text=line, file=file, number=first + at) for at, line in enumerate(text.split("\n"))]


def code_lines(lines: Sequence[Line]) -> list[bool]:
    """Tell for each line whether it belongs to a block of code: fenced, or indented where nothing else indents."""
    marks: list[bool] = []
    end, is_open, was_blank = -1, False, True
    for at, line in enumerate(lines):
        is_blank = not line.text.strip()
        is_indented = not is_blank and bool(INDENTED.match(line.text))
        if at > end and (match := FENCE.match(line.text)):
            end = _end_of_fence(lines, at, match)
        if at <= end:
            marks.append(True)
        else:
            marks.append(is_indented and not is_open and (was_blank or (bool(marks) and marks[-1])))
        if not is_blank and not is_indented:
            is_open = bool(OPENS.match(line.text)) or (is_open and (not was_blank or line.text[0] == " "))
        was_blank = is_blank
    return marks


def _end_of_fence(lines: Sequence[Line], at: int, match: re.Match[str]) -> int:
    """Return where a fence closes; if it does not, or what holds it ends before, it is none, as Markdown reads it."""
    fence, indent = match.group(1), _indent(lines[at].text)
    if fence[0] == "`" and "`" in match.group(2):
        return -1
    for number in range(at + 1, len(lines)):
        text = lines[number].text.strip()
        if text and _indent(lines[number].text) < indent:
            return -1
        if text.startswith(fence) and not text.strip(fence[0]):
            return number
    return -1


def _indent(text: str) -> int:
    return len(text.expandtabs(4)) - len(text.expandtabs(4).lstrip())


def change_prose(lines: Sequence[Line], change: Callable[[str, Where], str]) -> list[Line]:
    """Return lines in which each stretch that is no code is changed; a change keeps the number of line ends.

    `change` is given the stretch, and what tells the line of a match in it, or in what it has become so far.
    """
    changed: list[Line] = []
    for stretch, is_code in _stretches(lines):
        if is_code:
            changed += stretch
            continue
        texts = "\n".join(line.text for line in stretch)
        new = change(texts, _finder(stretch)).split("\n")
        changed += [replace(line, text=text) for line, text in zip(stretch, new, strict=True)]
    return changed


def hide_code(text: str) -> tuple[str, Callable[[str], str]]:
    """Return a text whose spans of code are hidden behind marks, and what puts them back."""
    spans: list[str] = []

    def hide(match: re.Match[str]) -> str:
        spans.append(match.group())
        return f"\ue000{len(spans) - 1}\ue001"

    hidden = CODE.sub(hide, text)
    return hidden, lambda changed: HIDDEN.sub(lambda match: spans[int(match.group(1))], changed)


def _stretches(lines: Sequence[Line]) -> Iterator[tuple[list[Line], bool]]:
    start, marks = 0, code_lines(lines)
    for at in range(1, len(lines) + 1):
        if at == len(lines) or marks[at] != marks[start]:
            yield list(lines[start:at]), marks[start]
            start = at


def _finder(stretch: Sequence[Line]) -> Where:
    return lambda match: stretch[match.string.count("\n", 0, match.start())]
