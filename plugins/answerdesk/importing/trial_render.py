"""Render what was taken in as its site will, and mend what would stop a build: anchors, links, HTML that could run."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from posixpath import join, normpath
from urllib.parse import unquote

from answerdesk.build.dry_run import ReadLanguage
from answerdesk.checks.reading.rendered import ANCHOR
from answerdesk.importing.lines import Line, Where, change_prose, code_lines, hide_code
from answerdesk.importing.links import DEFINITION, unlink
from answerdesk.importing.lost_content import Kind, Loss
from answerdesk.importing.page import Draft

LINK = re.compile(r"contains an?[a-z ]* link '(.+?)'")
RAW = re.compile(r"""(?P<start><a\b[^<>]*?)\s+href=(?P<quote>["'])(?P<path>[^"'#:]*)#(?P<anchor>[^"']+)(?P=quote)""")
ROUNDS = 4
NOTE = "fnref:"
TITLE = re.compile(r"^(\s*(?:(?:[-*+>:]|\d+[.)])\s*)*)#(?!#)")
RAW_TITLE = re.compile(r"(</?)h1(?=[\s>])", re.IGNORECASE)


def prove(
    drafts: Mapping[str, Draft], render: Callable[[set[str]], ReadLanguage], breaks: Callable[[str], bool]
) -> list[Loss]:
    """Mend drafts, given by their article's source, until they build.

    `render` writes those named and renders all; `breaks` tells whether a text stops the converter. A page that nothing
    else helps is shown as it was written.
    """
    losses: list[Loss] = []
    read = _mended(drafts, set(drafts), render, breaks, losses)
    for _ in range(ROUNDS):
        faulty = {source for source in drafts if _is_faulty(source, read)}
        if not faulty:
            break
        losses += [_show_source(drafts[source]) for source in faulty]
        # Headings of these pages are gone, and others lead to them.
        read = _mended(drafts, faulty, render, breaks, losses)
    return losses


def _mended(
    drafts: Mapping[str, Draft],
    changed: set[str],
    render: Callable[[set[str]], ReadLanguage],
    breaks: Callable[[str], bool],
    losses: list[Loss],
) -> ReadLanguage:
    """Render and mend until nothing changes any more, or for a few rounds."""
    read = _render(drafts, changed, render, breaks, losses)
    for number in range(ROUNDS):
        changed = set()
        for page in read.pages:
            draft = drafts.get(page.file.src_uri)
            if draft is None:
                continue
            before = list(draft.lines)
            losses += _mend(drafts, page.file.src_uri, read, is_last=number == ROUNDS - 2)
            if draft.lines != before:
                changed.add(page.file.src_uri)
        if not changed:
            break
        read = _render(drafts, changed, render, breaks, losses)
    return read


def _render(
    drafts: Mapping[str, Draft],
    changed: set[str],
    render: Callable[[set[str]], ReadLanguage],
    breaks: Callable[[str], bool],
    losses: list[Loss],
) -> ReadLanguage:
    try:
        return render(changed)
    except Exception:
        # An extension gave up on a page; which one, the build does not say.
        broken = {source for source, draft in drafts.items() if breaks("\n".join(line.text for line in draft.lines))}
        if not broken:
            raise
        losses += [_show_source(drafts[source]) for source in broken]
        return render(changed | broken)


def _is_faulty(source: str, read: ReadLanguage) -> bool:
    body = read.state.articles.bodies[source]
    return bool(read.state.rendered[source].messages or body.active or body.has_title)


def _show_source(draft: Draft) -> Loss:
    """Show a page as it was written: text that can be read, and cannot stop a build."""
    marks = [len(match.group()) for line in draft.lines for match in [re.search(r"~{3,}", line.text)] if match]
    fence, name = "~" * (max(marks, default=3) + 1), draft.source
    number = draft.lines[0].number if draft.lines else 1
    draft.lines = [
        Line(text=fence + "text", file=name, number=number),
        *draft.lines,
        Line(text=fence, file=name, number=number),
    ]
    what, cure = (
        "the page is shown as it was written, for it would stop the build",
        "Mend its Markdown, and take out ~~~",
    )
    return Loss(kind=Kind.PAGE, file=name, line=number, what=what, cure=cure)


def _mend(drafts: Mapping[str, Draft], source: str, read: ReadLanguage, *, is_last: bool) -> list[Loss]:
    draft = drafts[source]
    losses: list[Loss] = []
    page = next(file.page for file in [read.files.get_file_from_path(source)] if file and file.page)
    for target, links in (page.links_to_anchors or {}).items():
        anchors = target.page.present_anchor_ids if target.page else None
        for anchor, link in links.items():
            if anchors is None or anchor in anchors:
                continue
            if anchor.startswith(NOTE):
                losses += _free_note(draft, anchor.removeprefix(NOTE))
            else:
                new = link.partition("#")[0]
                goal = drafts[target.src_uri].source if target.src_uri in drafts else target.src_uri
                what = f"a link leads to #{anchor} in {goal}, and there is no such heading"
                cure = "Name the heading it should lead to"
                lost = _change(draft, link, new, Loss(kind=Kind.ANCHOR, file="", line=0, what=what, cure=cure))
                is_title = target.src_uri in drafts and unquote(anchor) in drafts[target.src_uri].title_anchors
                losses += [] if is_title else lost
    losses += _raw_links(draft, drafts, read)
    for _, message in read.state.rendered[source].messages:
        if match := LINK.search(message):
            what = f"the link {match.group(1)} leads nowhere and is text now"
            cure = "Name what it should lead to"
            losses += _change(draft, match.group(1), "", Loss(kind=Kind.LINK, file="", line=0, what=what, cure=cure))
    body = read.state.articles.bodies[source]
    if body.has_title:
        losses += _lower_titles(draft)
    if body.active:
        losses += _escape(draft, body.active, is_last=is_last)
    return losses


def _raw_links(draft: Draft, drafts: Mapping[str, Draft], read: ReadLanguage) -> list[Loss]:
    """Let links in raw HTML, which MkDocs does not look at, lead to the page if it has no such heading."""
    losses: list[Loss] = []

    def change(text: str, line: Where) -> str:
        hidden, restore = hide_code(text)

        def mend(match: re.Match[str]) -> str:
            goal = f"{normpath(join(draft.path, match['path']))}.md"
            if goal not in drafts or unquote(match["anchor"]) in ANCHOR.findall(read.state.rendered[goal].html):
                return match.group()
            what = f"a link leads to #{match['anchor']} in {drafts[goal].source}, and there is no such heading"
            cure, where = "Name the heading it should lead to", line(match)
            if unquote(match["anchor"]) not in drafts[goal].title_anchors:
                losses.append(Loss(kind=Kind.ANCHOR, file=where.file, line=where.number, what=what, cure=cure))
            return f'{match["start"]} href="{match["path"]}"' if match["path"] else match["start"]

        return restore(RAW.sub(mend, hidden))

    draft.lines = change_prose(draft.lines, change)
    return losses


def _change(draft: Draft, link: str, new: str, loss: Loss) -> list[Loss]:
    """Let a link lead elsewhere, or nowhere; return a loss for each line that has it."""
    losses: list[Loss] = []

    def change(text: str, line: Where) -> str:
        hidden, restore = hide_code(text)
        made = unlink(hidden, link, new)
        made = DEFINITION.sub(
            lambda match: (
                (f"{match['start']}{new}{match['rest']}" if new else "") if match["link"] == link else match[0]
            ),
            made,
        )
        for match in re.finditer(re.escape(link), hidden) if made != hidden else ():
            losses.append(replace(loss, file=line(match).file, line=line(match).number))
        return restore(made + "\n" * (hidden.count("\n") - made.count("\n")))

    draft.lines = change_prose(draft.lines, change)
    return list(dict.fromkeys(losses))


def _free_note(draft: Draft, name: str) -> list[Loss]:
    """Turn a footnote that nothing refers to into text."""
    losses, lines = [], []
    for line in draft.lines:
        match = re.match(rf"( {{0,3}})\[\^{re.escape(name)}\]:", line.text)
        text = f"{match.group(1)}({name}){line.text[match.end() :]}" if match else line.text
        if text != line.text:
            what, cure = f"nothing refers to the footnote {name}, and it is text now", "Refer to it, or remove it"
            losses.append(Loss(kind=Kind.ANCHOR, file=line.file, line=line.number, what=what, cure=cure))
        lines.append(replace(line, text=text))
    draft.lines = lines
    return losses


def _lower_titles(draft: Draft) -> list[Loss]:
    losses, lines = [], []
    for line, is_code in zip(draft.lines, code_lines(draft.lines), strict=True):
        text = line.text if is_code else RAW_TITLE.sub(r"\1h2", TITLE.sub(r"\1##", line.text))
        if text != line.text:
            what = f"“{line.text.strip(' #')}” was a title and is a heading of level 2 now"
            cure = "See whether it must be a heading at all"
            losses.append(Loss(kind=Kind.HEADING, file=line.file, line=line.number, what=what, cure=cure))
        lines.append(replace(line, text=text))
    draft.lines = lines
    return losses


def _escape(draft: Draft, active: tuple[str, ...], *, is_last: bool) -> list[Loss]:
    """Show what could run as text: where it is found, and in the end wherever it could be."""
    starts = [found[:12].rstrip(">") for found in active if found.startswith("<")]
    losses: list[Loss] = []

    def change(text: str, line: Where) -> str:
        hidden, restore = hide_code(text)
        pattern = "<" if is_last or not starts else "|".join(re.escape(start) for start in starts)

        def escape(match: re.Match[str]) -> str:
            where = line(match)
            what = f"{hidden[match.start() : match.start() + 40].splitlines()[0]} is shown as text"
            cure = "Write it in Markdown, or as code"
            losses.append(Loss(kind=Kind.HTML, file=where.file, line=where.number, what=what, cure=cure))
            return match.group().replace("<", "&lt;")

        return restore(re.sub(pattern, escape, hidden))

    draft.lines = change_prose(draft.lines, change)
    return losses
