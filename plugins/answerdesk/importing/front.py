"""Make an article's front matter from an old page's: title, tags, and what is not carried over."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markdown.extensions.toc import slugify, slugify_unicode

from answerdesk.articles.source import FRONT_MATTER, split_source
from answerdesk.importing.lines import Line, code_lines
from answerdesk.importing.lost_content import Kind, Loss
from answerdesk.importing.plain import ATTRIBUTES, HEADING, plain

KEPT = {"title", "description", "tags"}
# What only changes how the old theme shows a page.
LOOKS = {"hide", "icon", "template", "status", "comments", "social", "date", "authors", "og_image", "image"}
UNDERLINE = re.compile(r"^ {0,3}=+[ \t]*$")


def split_front(text: str, file: str) -> tuple[dict[str, Any], list[Line], list[Loss]]:
    """Return a page's fields, its lines below them, and what of the fields is not carried over."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    match = FRONT_MATTER.match(text)
    if not match:
        return {}, _lines(text, file, 1), []
    first = text.count("\n", 0, match.end()) + 1
    lines = _lines(text[match.end() :], file, first)
    split = split_source(file, text)
    if not isinstance(split, tuple):
        what, cure = "the front matter is no YAML", "Write title, summary and tags by hand"
        return {}, lines, [Loss(kind=Kind.FIELD, file=file, line=1, what=what, cure=cure)]
    meta = split[0]
    losses = []
    for field in meta:
        if field not in KEPT | LOOKS:
            found = re.search(rf"^{re.escape(str(field))}\s*:", match.group(1), re.MULTILINE)
            line = 2 + (match.group(1).count("\n", 0, found.start()) if found else 0)
            cure = "Write what readers need of it into the article"
            losses.append(Loss(kind=Kind.FIELD, file=file, line=line, what=f"the field {field} is left out", cure=cure))
    return meta, lines, losses


def take_title(lines: Sequence[Line]) -> tuple[str, list[Line], list[Loss]]:
    """Return the first heading of level 1 as written, the lines without it, with further ones one level lower."""
    title, kept, losses = "", list(lines), []
    marks = code_lines(kept)
    for at, line in enumerate(lines):
        if marks[at]:
            continue
        match = HEADING.match(line.text)
        text = match.group(2) if match and len(match.group(1)) == 1 else ""
        is_underlined = at + 1 < len(lines) and bool(UNDERLINE.match(lines[at + 1].text)) and bool(line.text.strip())
        if is_underlined and not match:
            text = line.text.strip()
            kept[at + 1] = Line(text="", file=line.file, number=line.number + 1)
        if not text:
            continue
        if title:
            kept[at] = Line(text=f"## {text}", file=line.file, number=line.number)
            what = f"“{plain(text)}” was a second title and is a heading of level 2 now"
            cure = "See whether the headings below it must go down too, or make it an article of its own"
            losses.append(Loss(kind=Kind.HEADING, file=line.file, line=line.number, what=what, cure=cure))
        else:
            title = text
            kept[at] = Line(text="", file=line.file, number=line.number)
    return title, kept, losses


def title_of(meta: Mapping[str, Any], heading: str, nav: str, stem: str) -> str:
    """Return the title of the front matter, else of the page, else of nav, else the file's name in words."""
    given = meta.get("title")
    words = re.sub(r"[-_]+", " ", stem).strip()
    title = str(given).strip() if isinstance(given, str | int | float) else ""
    return title or heading or nav or words[:1].upper() + words[1:]


def title_anchors(heading: str) -> set[str]:
    """Return what links to a page's title may have called it; the page itself is what they lead to now."""
    own = re.findall(r"#([^\s#.={}]+)", "".join(match.group() for match in ATTRIBUTES.finditer(heading)))
    return {*own, slugify(plain(heading), "-"), slugify_unicode(plain(heading), "-")} - {""}


def tags_of(meta: Mapping[str, Any]) -> list[str]:
    """Return a page's tags as texts, each once."""
    tags = meta.get("tags")
    rows = tags if isinstance(tags, list) else [tags] if isinstance(tags, str) else []
    return list(dict.fromkeys(str(tag).strip() for tag in rows if str(tag or "").strip()))


def _lines(text: str, file: str, first: int) -> list[Line]:
    return [Line(text=line, file=file, number=first + at) for at, line in enumerate(text.split("\n"))]
