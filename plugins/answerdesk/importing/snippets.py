"""Put the texts of other files where pages include them."""

import re
from collections.abc import Callable, Iterator, Sequence

from answerdesk.importing.lines import Line, number_lines
from answerdesk.importing.lost_content import Kind, Loss

SNIPPET_LINE = re.compile(r"""^(?P<indent>[ \t]*)-{2,}8<-{2,}[ \t]+(["'])(?P<path>[^"']+)\2[ \t]*$""")
SNIPPET_BLOCK = re.compile(r"^(?P<indent>[ \t]*)-{2,}8<-{2,}[ \t]*$")
ESCAPED = re.compile(r"^([ \t]*);(-{2,}8<-{2,})")
JINJA = re.compile(r"""^(?P<indent>[ \t]*)\{%-?\s*include(?:-markdown)?\s+["'](?P<path>[^"']+)["'][^%]*%\}\s*$""")
PART = re.compile(r"^(?P<path>.+?)(?::(?P<start>\d+)(?::(?P<end>\d+))?|:(?P<name>[A-Za-z_][\w-]*))?$")
DEEPEST = 10

Read = Callable[[str], tuple[str, str] | None]  # path → (file, text)


def expand(lines: Sequence[Line], read: Read, depth: int = 0) -> tuple[list[Line], list[Loss]]:
    """Replace what includes files by their lines; `read` finds a file by the path that a page gives."""
    made: list[Line] = []
    losses: list[Loss] = []
    rows = iter(lines)
    for line in rows:
        if escaped := ESCAPED.match(line.text):
            text = f"{escaped.group(1)}{line.text[escaped.start(2) :]}"
            made.append(Line(text=text, file=line.file, number=line.number))
            continue
        one = SNIPPET_LINE.match(line.text) or JINJA.match(line.text)
        if one:
            paths = [(line, one["indent"], one["path"])]
        elif many := SNIPPET_BLOCK.match(line.text):
            paths = [(inner, many["indent"], inner.text.strip()) for inner in _until_end(rows)]
        else:
            made.append(line)
            continue
        for where, indent, path in paths:
            if path.startswith(";") or not path:
                continue
            found = _lines(path, read) if depth < DEEPEST else None
            if found is None:
                what, cure = f"the snippet {path} is not there", "Put its text here, if readers need it"
                losses.append(Loss(kind=Kind.SNIPPET, file=where.file, line=where.number, what=what, cure=cure))
                continue
            inner, lost = expand(found, read, depth + 1)
            losses += lost
            made += [
                Line(text=f"{indent}{one.text}" if one.text else "", file=one.file, number=one.number) for one in inner
            ]
    return made, losses


def _until_end(rows: Iterator[Line]) -> Iterator[Line]:
    for line in rows:
        if SNIPPET_BLOCK.match(line.text):
            return
        yield line


def _lines(path: str, read: Read) -> list[Line] | None:
    found, part = read(path), None
    if found is None and (part := PART.match(path)):
        found = read(part["path"])
    if found is None:
        return None
    file, text = found
    lines = number_lines(text.rstrip("\n"), file)
    if part and part["start"]:
        lines = lines[int(part["start"]) - 1 : int(part["end"]) if part["end"] else None]
    if part and part["name"]:
        lines = _section(lines, part["name"])
    return [line for line in lines if not re.search(r"-{2,}8<-{2,} \[(?:start|end):", line.text)]


def _section(lines: Sequence[Line], name: str) -> list[Line]:
    marks = [
        at for at, line in enumerate(lines) if re.search(rf"8<-{{2,}} \[(?:start|end): *{re.escape(name)}\]", line.text)
    ]
    return list(lines[marks[0] + 1 : marks[1]]) if len(marks) > 1 else list(lines)
