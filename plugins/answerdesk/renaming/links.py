"""Mend the links of a Markdown text when an article moves: the article's own, or another's to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath, relpath
from urllib.parse import unquote

# What is code shows a link and is none; the first group of the others stands before the address.
LINK = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<inline>\]\(\s*<?)(?P<target>[^)\s>]+)"
    r"|(?P<definition>^ {0,3}\[[^\]]+\]:\s*<?)(?P<defined>[^\s>]+)"
    r"""|(?P<attribute>\b(?:href|src|poster)\s*=\s*["'])(?P<valued>[^"']+)"""
)
FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
LABEL = r"(?:[^\[\]`]|`[^`]*`|\[[^\]]*\](?:\([^)]*\))?)*"
WORDED = re.compile(  # a link with its words
    r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    rf"|(?<![!\\])\[(?P<words>{LABEL})\]\(\s*<?(?P<target>[^)\s>]+)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)(?:\{{:?[^}}\n]*\}})?"
    r"""|<a\s[^>]*\bhref\s*=\s*["'](?P<valued>[^"']+)["'][^>]*>(?P<inner>.*?)</a>""",
    re.DOTALL,
)
DEFINITION = re.compile(r"^ {0,3}\[(?P<name>[^\]^][^\]]*)\]:\s*<?(?P<target>[^\s>]+)>?.*(?:\n|\Z)", re.MULTILINE)
REFERRED = re.compile(rf"(?<![!\\])\[(?P<words>{LABEL})\](?:\[(?P<name>[^\]]*)\])?(?![\[(:])")
ADDRESS = re.compile(r"(?P<path>[^?#]*)(?P<rest>.*)", re.DOTALL)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|\?|\{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An article's old and new path, and the languages of the site, the source first.

    The sections of the old article are those of the new one, unless it is another one.
    """

    old: str
    new: str
    languages: Sequence[str]
    keeps_sections: bool = True


def mend_links(text: str, path: str, move: Move) -> tuple[str, int]:
    """Return the Markdown of a file, given by its path without `.md`, as it is after a move, and how many links differ.

    Code stays as it is. HTML is relative to the page's address, Markdown to the file.
    """
    count = 0

    def mended(match: re.Match[str]) -> str:
        nonlocal count
        if match["code"]:
            return match[0]
        is_html = match["attribute"] is not None
        before = match["inline"] or match["definition"] or match["attribute"]
        target = match["target"] or match["defined"] or match["valued"]
        new = _mend(target, path, move, is_html=is_html)
        count += new != target
        return before + new

    lines, fence = text.split("\n"), ""
    for number, line in enumerate(lines):
        opening = FENCE.match(line)
        if fence:
            if opening and opening[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif opening:
            fence = opening[1]
        else:
            lines[number] = LINK.sub(mended, line)
    return "\n".join(lines), count


def _mend(target: str, path: str, move: Move, *, is_html: bool) -> str:
    address = ADDRESS.fullmatch(target)
    if address is None or not address["path"] or SCHEME.match(target):
        return target
    written, rest = address["path"], address["rest"]
    if written.startswith("/"):
        language, _, named = written.strip("/").partition("/")
        is_it = language in move.languages and named == move.old
        return f"/{language}/{move.new}/{_section(rest, move)}" if is_it else target
    after = move.new if path == move.old else path
    start, end = (_page(path), _page(after)) if is_html else (dirname(path), dirname(after))
    found = normpath(join(start, unquote(written)))
    leads_to = {move.old: move.new} if is_html else {f"{move.old}.md": f"{move.new}.md"}
    now = leads_to.get(found, found)
    is_file = "." in written.rpartition("/")[2]
    if now == found and (start == end or not (is_html or is_file)):
        return target
    rest = _section(rest, move) if now != found else rest
    slash = "/" if written.endswith("/") else ""
    shown = relpath(now, end or ".")
    return (shown if now != found or unquote(written) == written else shown.replace(" ", "%20")) + slash + rest


def unlink(text: str, path: str, move: Move) -> tuple[str, int]:
    """Return the Markdown of a file in which links to the old path are their words alone, and how many there were."""
    count = 0
    names: set[str] = set()

    def leads_there(target: str, *, is_html: bool = False) -> bool:
        return _mend(target, path, move, is_html=is_html) != target

    def worded(match: re.Match[str]) -> str:
        nonlocal count
        if match["target"] and leads_there(match["target"]):
            count += 1
            return match["words"]
        if match["valued"] and leads_there(match["valued"], is_html=True):
            count += 1
            return match["inner"]
        return match[0]

    def defined(match: re.Match[str]) -> str:
        if not leads_there(match["target"]):
            return match[0]
        names.add(match["name"].casefold())
        return ""

    def referred(match: re.Match[str]) -> str:
        nonlocal count
        if (match["name"] or match["words"]).casefold() not in names:
            return match[0]
        count += 1
        return match["words"]

    prose = [DEFINITION.sub(defined, part) if is_prose else part for part, is_prose in _parts(text)]
    made = []
    for part, is_prose in _parts("".join(prose)):
        part = WORDED.sub(worded, part) if is_prose else part
        made.append(REFERRED.sub(referred, part) if is_prose and names else part)
    return "".join(made), count


def targets(text: str) -> list[str]:
    """Return the addresses that a Markdown text leads to or shows."""
    found = [match for part, is_prose in _parts(text) if is_prose for match in LINK.finditer(part)]
    return [match["target"] or match["defined"] or match["valued"] for match in found if not match["code"]]


def _parts(text: str) -> list[tuple[str, bool]]:
    """Return the stretches of a text, and whether each is prose or a fence with its code."""
    parts: list[tuple[str, bool]] = []
    fence, start = "", True
    for line in text.splitlines(keepends=True):
        opening, is_prose = FENCE.match(line), not fence
        if fence:
            if opening and opening[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif opening:
            fence, is_prose = opening[1], False
        if not start and parts[-1][1] == is_prose:
            parts[-1] = (parts[-1][0] + line, is_prose)
        else:
            parts.append((line, is_prose))
        start = False
    return parts


def _page(path: str) -> str:
    """Return the address of a file's page; the page of a folder's `index.md` is the folder."""
    return dirname(path) if path.rpartition("/")[2] == "index" else path


def _section(rest: str, move: Move) -> str:
    return rest if move.keeps_sections else rest.partition("#")[0]
