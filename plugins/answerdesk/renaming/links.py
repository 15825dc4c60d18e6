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
ADDRESS = re.compile(r"(?P<path>[^?#]*)(?P<rest>.*)", re.DOTALL)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|\?|\{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An article's old and new path, and the languages of the site, the source first."""

    old: str
    new: str
    languages: Sequence[str]


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
        return f"/{language}/{move.new}/{rest}" if is_it else target
    after = move.new if path == move.old else path
    start, end = (path, after) if is_html else (dirname(path), dirname(after))
    found = normpath(join(start, unquote(written)))
    leads_to = {move.old: move.new} if is_html else {f"{move.old}.md": f"{move.new}.md"}
    now = leads_to.get(found, found)
    is_file = "." in written.rpartition("/")[2]
    if now == found and (start == end or not (is_html or is_file)):
        return target
    slash = "/" if written.endswith("/") else ""
    shown = relpath(now, end or ".")
    return (shown if now != found or unquote(written) == written else shown.replace(" ", "%20")) + slash + rest
