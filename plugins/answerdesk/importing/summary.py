"""Make an article's summary from its text: what it says first, else what it lists, warns of or is divided into."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from answerdesk.articles.article import LONGEST_SUMMARY
from answerdesk.importing.lines import Line, code_lines
from answerdesk.importing.plain import ATTRIBUTES, HEADING, LINK, cut_text, plain

MIN_CHARACTERS = 30  # characters; “Yes.” and “Welcome!” say less than what follows
MIN_ITEMS = 2  # items of a list that tells what a page has
MIN_LINKS = 3  # links of one that tells it better than a paragraph in a later section
NO_PROSE = re.compile(
    r"^\s*(#|!!!|\?\?\?|===|[-*+] |\d+[.)] |\||>|<|:::|\[[^\]]+\]:|\[TOC\]|```|~~~|---|\*\*\*|!\[)|^ {4}|^\t"
)
# A full stop after “e.g.” or before a small letter ends nothing.
SENTENCE = re.compile(r".+?(?:[。！？]|(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bcf)[.!?؟](?=\s+[^\sa-z(]|\s*$))", re.DOTALL)
CAPTION = re.compile(r"\*[^*]+\*|_[^_]+_|\*\*[^*]*[^*.!?:]\*\*|__[^_]*[^_.!?:]__")
ITEM = re.compile(r"^([ \t]*)(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(.*)$")
RULE = re.compile(r"^ {0,3}(?:[-*_][ \t]*){3,}$")
CONTAINER = re.compile(r"^(?:!!!|\?\?\?\+?|===\+?!?)(?=[ \t]|$)")
DEFINED = re.compile(r"^ {0,3}\[([^\]^]+)\]:[ \t]*\S")
NAMED = re.compile(r"(?<!\])\[([^\[\]]+)\](?![\[(:])")
LEADS = re.compile(r"\W*\[[^\]]*\]\((?!#)")
COLONS = (":", "：")


def summary_of(meta: Mapping[str, Any], lines: Sequence[Line], title: str) -> str:
    """Return a page's description, else what its text says first, no longer than a summary may be."""
    described = meta.get("description")
    if isinstance(described, str) and described.strip():
        return cut_text(_opening(described.strip()), LONGEST_SUMMARY)
    lines = _without_names(lines)
    text = _said(lines) or _warned(lines) or _divided(lines)
    return cut_text(text, LONGEST_SUMMARY) or title


def _said(lines: Sequence[Line]) -> str:
    """Return how the first paragraph that says something begins, else what the first list has, else the paragraph."""
    lists = dict(_lists(lines))
    short = ""
    for text, below in _paragraphs(lines):
        opening = _opening(plain(text))
        if opening.endswith(COLONS):
            following = next((at for at in range(below, len(lines)) if lines[at].text.strip()), 0)
            items = _enumerated(lists.get(following, ()))
            opening = f"{opening} {items}" if items else f"{opening[:-1].rstrip()}."
        if len(opening) >= MIN_CHARACTERS:
            first = next(iter(lists), below)
            is_index = any(HEADING.match(line.text) for line in lines[first:below]) and _are_links(lists[first])
            return _enumerated(lists[first]) if is_index else opening
        short = short or opening
    return _enumerated(next((items for items in lists.values() if len(items) >= MIN_ITEMS), ())) or short


def _are_links(items: Sequence[str]) -> bool:
    """Tell whether a list leads to other pages."""
    return len(items) >= MIN_LINKS and all(LEADS.match(item) for item in items)


def _opening(text: str) -> str:
    """Return the first sentence, and the second if the first is short."""
    found = [match.group().strip() for match in SENTENCE.finditer(text)]
    if not found:
        return text
    both = " ".join(found[:2])
    is_short = len(found[0]) < MIN_CHARACTERS or (len(found[0]) < LONGEST_SUMMARY // 4 and len(both) <= LONGEST_SUMMARY)
    return both if is_short else found[0]


def _paragraphs(lines: Sequence[Line]) -> Iterator[tuple[str, int]]:
    """Yield the paragraphs that are more than a link or a caption, and belong to no list, each with the line below."""
    rows: list[str] = []
    is_inside = False
    marks = [*code_lines(lines), False]
    for at, text in enumerate([*(line.text for line in lines), ""]):
        if text.strip() and not marks[at] and not is_inside and not NO_PROSE.match(text):
            rows.append(text.strip())
            continue
        if _is_prose(" ".join(rows)):
            yield " ".join(rows), at
        # What follows a list's item, a table or raw HTML without an empty line belongs to it.
        is_inside = bool(text.strip()) and not text.lstrip().startswith("#")
        rows = []


def _is_prose(text: str) -> bool:
    rest = LINK.sub("", ATTRIBUTES.sub("", text)).strip(" .:|/\\")
    return bool(rest.strip("*_")) and not CAPTION.fullmatch(rest)


def _lists(lines: Sequence[Line]) -> Iterator[tuple[int, list[str]]]:
    """Yield the lists of a page, each with its first line and what its items begin with."""
    first, indent, items = 0, "", list[str]()
    is_open = False  # whether a line of text belongs to the last item
    for at, (line, is_code) in enumerate(zip(lines, code_lines(lines), strict=True)):
        text = line.text
        match = None if is_code or RULE.match(text) else ITEM.match(text)
        if match and len(match[1]) < 4 and (not items or len(match[1]) <= len(indent)):
            if not items:
                first, indent = at, match[1]
            items.append(match[2])
            is_open = True
        elif items and is_open and text.strip() and not match and not is_code:
            items[-1] += f" {text.strip()}"
        elif items and text.strip() and text[0] not in " \t":
            yield first, items
            items = []
        else:
            is_open = False
    if items:
        yield first, items


def _enumerated(items: Sequence[str]) -> str:
    """Return the first sentences of a list's items, one after the other."""
    texts = [plain(item.lstrip("# ")) for item in items]
    found = [match.group() if (match := SENTENCE.match(text)) else text for text in texts]
    return "; ".join(text for one in found if (text := one.strip().rstrip(".:：;,。")))


def _warned(lines: Sequence[Line]) -> str:
    """Return what an admonition, a box that folds or a tab says, where a page has nothing else."""
    for at, line in enumerate(lines):
        if CONTAINER.match(line.text):
            inner = []
            for below in lines[at + 1 :]:
                if below.text.strip() and not below.text.startswith("    "):
                    break
                inner.append(replace(below, text=below.text[4:]))
            if text := _said(inner) or _warned(inner):
                return text
    return ""


def _divided(lines: Sequence[Line]) -> str:
    """Return the headings of the highest level."""
    found = [
        (len(match.group(1)), plain(match.group(2)))
        for line, is_code in zip(lines, code_lines(lines), strict=True)
        if not is_code and (match := HEADING.match(line.text))
    ]
    highest = min((level for level, _ in found), default=0)
    return "; ".join(text for level, text in found if level == highest and text)


def _without_names(lines: Sequence[Line]) -> list[Line]:
    """Return lines in which [names] of links that are defined somewhere lose their brackets."""
    names = {match[1].casefold() for line in lines if (match := DEFINED.match(line.text))}

    def bare(match: re.Match[str]) -> str:
        return match[1] if match[1].casefold() in names else match[0]

    return [replace(line, text=NAMED.sub(bare, line.text)) for line in lines] if names else list(lines)
