"""Make an article's front matter from an old page's: title, summary, tags, and what is not carried over."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from answerdesk.articles.article import LONGEST_SUMMARY, LONGEST_TITLE
from answerdesk.articles.source import FRONT_MATTER, split_source
from answerdesk.taking_in.lines import Line, code_lines
from answerdesk.taking_in.loss import Kind, Loss

EMPTY = Line(text="", file="", number=0)
KEPT = {"title", "description", "tags"}
# What only changes how the old theme shows a page.
LOOKS = {"hide", "icon", "template", "status", "comments", "social", "date", "authors", "og_image", "image"}
HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
UNDERLINE = re.compile(r"^ {0,3}=+[ \t]*$")
ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*[.#a-zA-Z_][^}\n]*\}[ \t]*$")
IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
LINK = re.compile(r"\[([^\[\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
NOTE = re.compile(r"\[\^[^\]]+\]")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
EMPHASIS = re.compile(r"(\*{1,3}|(?<![A-Za-z0-9])_{1,3}(?=\S))(.+?)\1(?![A-Za-z0-9_])")
NO_PROSE = re.compile(
    r"^\s*(#|!!!|\?\?\?|===|[-*+] |\d+[.)] |\||>|<|:::|\[[^\]]+\]:|\[TOC\]|```|~~~|---|\*\*\*|!\[)|^ {4}|^\t"
)
# A full stop after “e.g.” or before a small letter ends nothing.
SENTENCE = re.compile(r".+?(?:[。！？]|(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bcf)[.!?؟](?=\s+[^\sa-z(]|\s*$))", re.DOTALL)
CAPTION = re.compile(r"\*[^*]+\*|_[^_]+_")


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
    """Return the text of the first heading of level 1, the lines without it, with further ones one level lower."""
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
            title = plain(text)
            kept[at] = Line(text="", file=line.file, number=line.number)
    return title, kept, losses


def summary_of(meta: Mapping[str, Any], lines: Sequence[Line], title: str) -> str:
    """Return a page's description, else the first sentence of its text, else its title."""
    described = meta.get("description")
    text = described.strip() if isinstance(described, str) and described.strip() else plain(_first_paragraph(lines))
    return cut_text(_sentences(text), LONGEST_SUMMARY) or title


def title_of(meta: Mapping[str, Any], heading: str, nav: str, stem: str) -> str:
    """Return the title of the front matter, else of the page, else of nav, else the file's name in words."""
    given = meta.get("title")
    words = re.sub(r"[-_]+", " ", stem).strip()
    title = str(given).strip() if isinstance(given, str | int | float) else ""
    return cut_text(title or heading or nav or words[:1].upper() + words[1:], LONGEST_TITLE)


def tags_of(meta: Mapping[str, Any]) -> list[str]:
    """Return a page's tags as texts, each once."""
    tags = meta.get("tags")
    rows = tags if isinstance(tags, list) else [tags] if isinstance(tags, str) else []
    return list(dict.fromkeys(str(tag).strip() for tag in rows if str(tag or "").strip()))


def plain(text: str) -> str:
    """Return Markdown as text."""
    text = ATTRIBUTES.sub("", text)
    text = NOTE.sub("", LINK.sub(r"\1", IMAGE.sub(r"\1", text)))
    text = TAG.sub("", re.sub(r":(?:material|fontawesome|octicons|simple)-[a-z0-9-]+:", "", text))
    text = EMPHASIS.sub(r"\2", EMPHASIS.sub(r"\2", text.replace("`", "")))
    return " ".join(html.unescape(re.sub(r"\\([\\`*_{}\[\]()#+.!<>~|-])", r"\1", text)).split())


def cut_text(text: str, longest: int) -> str:
    """Shorten a text at the end of a word."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:–-") + "…"


def _sentences(text: str) -> str:
    """Return the first sentence, and the second if the first is short and both fit."""
    found = [match.group().strip() for match in SENTENCE.finditer(text)]
    if not found:
        return text
    both = " ".join(found[:2])
    return both if len(found[0]) < LONGEST_SUMMARY // 4 and len(both) <= LONGEST_SUMMARY else found[0]


def _first_paragraph(lines: Sequence[Line]) -> str:
    """Return the first paragraph that is more than a link or a caption, and belongs to no list."""
    rows: list[str] = []
    is_inside = False
    for line, is_code in zip([*lines, EMPTY], [*code_lines(lines), False], strict=True):
        text = line.text.strip()
        if text and not is_code and not is_inside and not NO_PROSE.match(line.text):
            rows.append(text)
            continue
        is_inside = bool(text) and not text.startswith("#")
        if _is_prose(" ".join(rows)):
            break
        rows = []
    return " ".join(rows)


def _is_prose(text: str) -> bool:
    rest = LINK.sub("", ATTRIBUTES.sub("", text)).strip(" .:|/\\")
    return bool(rest) and not CAPTION.fullmatch(rest)


def _lines(text: str, file: str, first: int) -> list[Line]:
    return [Line(text=line, file=file, number=first + at) for at, line in enumerate(text.split("\n"))]
