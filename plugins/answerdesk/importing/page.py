"""Turn a page of the old site into an article."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from answerdesk.articles.article import LONGEST_SUMMARY, LONGEST_TITLE
from answerdesk.articles.diagrams import DiagramError, draw_diagram
from answerdesk.articles.icons import icon
from answerdesk.articles.variables import escape_variables, find_variables
from answerdesk.importing.front import split_front, tags_of, take_title, title_anchors, title_of
from answerdesk.importing.lines import Line, Where, change_prose, code_lines, hide_code
from answerdesk.importing.links import DEFINITION, Map, Target, change_links
from answerdesk.importing.lost_content import Kind, Loss
from answerdesk.importing.plain import cut_text, plain
from answerdesk.importing.raw import Wishes, clean, drop_comments
from answerdesk.importing.snippets import Read, expand
from answerdesk.importing.summary import summary_of

TOC = re.compile(r"^[ \t]*\[TOC\][ \t]*$", re.MULTILINE)
ICON = re.compile(
    r":(?:material|fontawesome|octicons|simple)-[a-z0-9-]+:(?:\{[^}\n]*\}|[ \t]+\{:?[ \t]*\.[^}\n]*\})?[ \t]*"
)
MERMAID = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*\{?[ \t]*\.?mermaid")
REFERENCE = re.compile(
    r"(?P<mark>!?)(?<![\]\\])\[(?P<text>[^\[\]\n]*(?:\n[^\[\]\n]+)*)\](?:[ ]?\[(?P<name>[^\[\]\n]*)\])?(?![\[(:])"
)
SAFE = re.compile(r"(?:https?:|mailto:|tel:|//)", re.IGNORECASE)
REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)


@dataclass(kw_only=True)
class Draft:
    """An article in the making: its front matter without owner and dates, its lines, the files that it shows."""

    source: str
    path: str
    category: str
    title: str
    summary: str
    tags: list[str]
    lines: list[Line]
    files: set[str] = field(default_factory=set)
    losses: list[Loss] = field(default_factory=list)
    title_anchors: set[str] = field(default_factory=set)
    long_title: str = ""  # what did not fit

    @property
    def variables(self) -> dict[str, Line]:
        """Return the names that stand in double braces, with the first line that has each."""
        text, front = "\n".join(line.text for line in self.lines), f"{self.title}\n{self.summary}\n{self.long_title}"
        names: dict[str, Line] = {}
        for name, place in find_variables(text):
            names.setdefault(name, self.lines[text.count("\n", 0, place)])
        for name, _ in find_variables(front):
            names.setdefault(name, Line(text=front, file=self.source, number=1))
        return names

    def show_braces(self, is_shown: Callable[[str], bool], *, is_raw_shown: bool) -> None:
        """Let double braces whose names are to be shown stand for themselves."""

        def shown(text: str) -> str:
            return escape_variables(text, is_shown, is_raw_shown=is_raw_shown)

        self.title = cut_text(shown(self.title), LONGEST_TITLE)
        self.summary = cut_text(shown(self.summary), LONGEST_SUMMARY)
        self.long_title = shown(self.long_title)
        texts = shown("\n".join(line.text for line in self.lines)).split("\n") if self.lines else []
        self.lines = [replace(line, text=text) for line, text in zip(self.lines, texts, strict=True)]


def draft_page(source: str, text: str, site: Map, *, nav: str, read: Read) -> Draft:
    """Return the article that a page becomes; `read` finds the files that it includes."""
    meta, lines, losses = split_front(text, source)
    lines, lost = expand(lines, read)
    losses += lost
    lines = _without_comments(lines, losses)
    before = lines
    heading, lines, lost = take_title(before)
    losses += lost
    files: set[str] = set()
    changer = _Changer(source, site, files, losses, _defined(lines))
    lines = change_prose(lines, changer.change)
    losses += _diagrams(lines)
    stem = source.rsplit("/", 1)[-1].removesuffix(".md")
    if stem in ("index", "README"):
        stem = source.split("/")[-2] if "/" in source else "overview"
    whole = title_of(meta, plain(heading), nav, stem)
    title = cut_text(whole, LONGEST_TITLE)
    if title != whole:
        what, cure = f"the title “{whole}” is cut; whole it is found by search only", "Write a shorter one"
        number = next((line.number for line in before if heading and heading in line.text), 1)
        losses.append(Loss(kind=Kind.HEADING, file=source, line=number, what=what, cure=cure))
    place = site.places[source]
    kept = _trimmed(lines)
    if not kept:
        what, cure = "the page has no text", "Write what the old site put in when it was built, or remove the article"
        losses.append(Loss(kind=Kind.PAGE, file=source, line=1, what=what, cure=cure))
    return Draft(
        source=source,
        path=place.path,
        category=place.category,
        title=title,
        summary=summary_of(meta, lines, title),
        tags=tags_of(meta),
        lines=kept,
        files=files,
        losses=losses,
        title_anchors=title_anchors(heading),
        long_title=whole if title != whole else "",
    )


class _Changer:
    """Changes the prose of one page, and notes what is lost and which files are shown."""

    def __init__(self, source: str, site: Map, files: set[str], losses: list[Loss], defined: Mapping[str, str]) -> None:
        self._defined = {name: "" if site.find(source, link).is_lost else link for name, link in defined.items()}
        self._source = source
        self._site = site
        self._files = files
        self._losses = losses
        self._line: Where

    def change(self, text: str, line: Where) -> str:
        """Return a stretch of prose as the new site needs it; each step keeps its lines."""
        self._line = line
        text, restore = hide_code(TOC.sub("", text))
        text = self._icons(text)
        text = clean(text, self._wishes())
        text = self._inline(self._references(self._definitions(text)))
        return restore(text)

    def lose(self, kind: Kind, match: re.Match[str], what: str, cure: str) -> None:
        """Note a loss at a place of the stretch."""
        line = self._line(match)
        self._losses.append(Loss(kind=kind, file=line.file, line=line.number, what=what, cure=cure))

    def _icons(self, text: str) -> str:
        def drop(match: re.Match[str]) -> str:
            name = match.group().partition("{")[0].strip()
            if icon(name.strip(":")):
                return match.group()
            self.lose(Kind.ICON, match, f"the icon {name} is left out", "Name it in words, if readers look for it")
            return ""

        return ICON.sub(drop, text)

    def _wishes(self) -> Wishes:
        return Wishes(
            link=lambda link: self._site.from_address(self._source, self._seen(link)),
            picture=lambda link: self._site.from_address(self._source, self._seen(link, is_file=True)),
            lose=lambda match, what, cure: self.lose(Kind.HTML, match, what, cure),
        )

    def _definitions(self, text: str) -> str:
        """Change the addresses of [id]: definitions; those that lead nowhere go."""

        def change(match: re.Match[str]) -> str:
            target = self._seen(match["link"].strip("<>"))
            if not target.is_lost:
                link = self._site.from_article(self._source, target)
                return match.group() if target.url else f"{match['start']}{link}{match['rest']}"
            self._lost_link(match, match["link"])
            return ""

        return DEFINITION.sub(change, text)

    def _references(self, text: str) -> str:
        """Change links and pictures by [name]: of what leads nowhere the words stay, of what is elsewhere a link."""

        def change(match: re.Match[str]) -> str:
            name = " ".join((match["name"] or match["text"]).split()).casefold()
            target = self._defined.get(name)
            if target is None:
                return match.group()
            if not target:
                return match["text"]
            if not match["mark"] or not REMOTE.match(target):
                return match.group()
            what = f"the picture {target} is on another host and is a link now"
            self.lose(Kind.PICTURE, match, what, "Copy it beside the article")
            label = match["text"].strip() or target.rsplit("/", 1)[-1]
            return f"[{label}]({target})" + "\n" * (match.group().count("\n") - label.count("\n"))

        return REFERENCE.sub(change, text) if self._defined else text

    def _inline(self, text: str) -> str:
        return change_links(text, lambda match: self._link(match, match))

    def _link(self, match: re.Match[str], place: re.Match[str]) -> str:
        """Return a link as it must be; one in another's text has its place where the other begins."""
        ends = match.group().count("\n")
        link, label = match["link"].strip("<>"), match["text"]
        if match["mark"]:
            made = self._picture(match, place, link, label)
        else:
            label = change_links(label, lambda inner: self._link(inner, place)) if "](" in label else label
            made = self._anchor(match, place, link, label)
        return made + "\n" * (ends - made.count("\n"))

    def _anchor(self, match: re.Match[str], place: re.Match[str], link: str, label: str) -> str:
        target = self._seen(link)
        if target.is_lost:
            self._lost_link(place, link)
            return label
        if target.url and not SAFE.match(target.url):
            self.lose(
                Kind.LINK,
                place,
                f"the link {link[:60]} is no address that may be followed",
                "Write what readers need of it",
            )
            return label
        label = label if label.strip() else link.rstrip("/").rsplit("/", 1)[-1]
        new = (
            f"<{link}>"
            if target.url and match["link"].startswith("<")
            else self._site.from_article(self._source, target)
        )
        return f"[{label}]({new or '#'}{match['title'] or ''}){match['attributes'] or ''}"

    def _picture(self, match: re.Match[str], place: re.Match[str], link: str, label: str) -> str:
        if REMOTE.match(link):
            what = f"the picture {link} is on another host and is a link now"
            self.lose(Kind.PICTURE, place, what, "Copy it beside the article")
            return f"[{label.strip() or link.rsplit('/', 1)[-1]}]({link})"
        if link.startswith("data:"):
            return match.group()
        target = self._seen(link, is_file=True)
        if target.file:
            new = self._site.from_article(self._source, target)
            return f"![{label}]({new}{match['title'] or ''}){match['attributes'] or ''}"
        self.lose(Kind.PICTURE, place, f"the picture {link} is not there", "Copy it beside the article, or remove it")
        if not label.strip():
            return ""
        # Words must not run into those of the next picture.
        is_next = match.string[match.end() : match.end() + 1] == "!"
        return f"*{label.strip()}*{' ' if is_next else ''}"

    def _seen(self, link: str, *, is_file: bool = False) -> Target:
        """Return where a link leads, and note the file that it asks for."""
        target = self._site.find(self._source, link)
        if target.file:
            self._files.add(target.file)
        return Target() if is_file and not target.file else target

    def _lost_link(self, match: re.Match[str], link: str) -> None:
        self.lose(Kind.LINK, match, f"the link {link} leads nowhere and is text now", "Name what it should lead to")


def _defined(lines: Sequence[Line]) -> dict[str, str]:
    """Return the names that a page defines, wherever it does, with their addresses."""
    prose = (line.text for line, is_code in zip(lines, code_lines(lines), strict=True) if not is_code)
    found = (match for text in prose if (match := DEFINITION.match(text)))
    return {" ".join(match["id"].split()).casefold(): match["link"].strip("<>") for match in found}


def _without_comments(lines: list[Line], losses: list[Loss]) -> list[Line]:
    def change(text: str, line: Where) -> str:
        def lose(match: re.Match[str], words: str) -> None:
            where = line(match)
            cure = "Write it down where authors see it, if it matters"
            what = f"the comment {f'“{words}” ' if words else ''}is left out"
            losses.append(Loss(kind=Kind.COMMENT, file=where.file, line=where.number, what=what, cure=cure))

        text, restore = hide_code(text)
        return restore(drop_comments(text, lose))

    return change_prose(_fences_hidden(lines, losses), change)


def _fences_hidden(lines: list[Line], losses: list[Loss]) -> list[Line]:
    """Return lines without the comments that hold blocks of code, which would pass for text otherwise."""
    kept, start = list(lines), -1
    marks = code_lines(lines)
    for at, line in enumerate(lines):
        if start < 0 and not marks[at] and line.text.lstrip().startswith("<!--") and "-->" not in line.text:
            start = at
        if start >= 0 and "-->" in line.text:
            if any(marks[start:at]):
                cure = "Write it down where authors see it, if it matters"
                first = lines[start]
                words = " ".join(one.text for one in lines[start:at]).strip()[4:64].strip()
                what = f"the comment “{words}” is left out"
                losses.append(Loss(kind=Kind.COMMENT, file=first.file, line=first.number, what=what, cure=cure))
                rest = line.text.partition("-->")[2]
                kept[start : at + 1] = [replace(one, text="") for one in lines[start : at + 1]]
                kept[at] = replace(line, text=rest)
            start = -1
    return kept


def _diagrams(lines: Sequence[Line]) -> list[Loss]:
    losses: list[Loss] = []
    for at, line in enumerate(lines):
        if not (match := MERMAID.match(line.text)):
            continue
        end = next((to for to in range(at + 1, len(lines)) if lines[to].text.strip() == match["fence"]), len(lines))
        try:
            draw_diagram("\n".join(one.text.removeprefix(match["indent"]) for one in lines[at + 1 : end]))
        except DiagramError as error:
            what, cure = f"the diagram is shown as its source: {error}", "Mend it, or put a picture of it here"
            losses.append(Loss(kind=Kind.DIAGRAM, file=line.file, line=line.number, what=what, cure=cure))
    return losses


def _trimmed(lines: Sequence[Line]) -> list[Line]:
    """Return lines without empty ones at both ends, and never more than two empty ones in a row outside code."""
    marks, kept = code_lines(lines), list[Line]()
    for line, is_code in zip(lines, marks, strict=True):
        is_blank = not is_code and not line.text.strip()
        if is_blank and (not kept or (len(kept) > 1 and not kept[-1].text.strip() and not kept[-2].text.strip())):
            continue
        kept.append(replace(line, text="") if is_blank else line)
    while kept and not kept[-1].text.strip():
        kept.pop()
    return kept
