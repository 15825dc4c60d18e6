"""Rule `markup`: nothing that was meant as markup is shown to readers as it was typed."""

import re
from collections.abc import Iterator

from answerdesk.articles.diagrams import DiagramError, draw_diagram
from answerdesk.articles.icons import emoji, icon, is_icon_name
from answerdesk.articles.math import MathError, draw_math
from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.report.finding import Finding, Level
from answerdesk.checks.rules.unread_marks import MARKS, SWITCH_ON

MAX_SHOWN_CHARACTERS = 60
WHY = "Readers see it as it was typed"


ICON = re.compile(r":([A-Za-z0-9_+-]+):")
# Wider than what is said, on purpose: only these pages are rendered.
SUSPECT = re.compile(
    r"\[\^|\[[ xX]\]|==|\+\+|~~|\^\^|\$|8<|\{%|\{\{|:::|\[\[|%%|\[TOC\]|!!!|\?\?\?|===|///|\{:?[ \t]*[.#\w]"
    r"|\*\[|\[!|\{[+~=>-]|-{3,}|```|\]\[|:[\w+-]+:|\\[(\[b]"
)
FENCE = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])?[ \t]*(`{3,}|~{3,})[ \t]*\{?[ \t]*\.?(?P<name>[\w+#.-]*)")
DRAWN_ELSEWHERE = {
    "abc", "actdiag", "blockdiag", "bpmn", "bytefield", "c4plantuml", "chart", "d2", "dbml", "ditaa", "dot", "echarts",
    "erd", "excalidraw", "geojson", "graphviz", "kroki", "markmap", "nomnoml", "nwdiag", "packetdiag", "pikchr",
    "plantuml", "puml", "rackdiag", "seqdiag", "smiles", "stl", "structurizr", "svgbob", "symbolator", "tikz",
    "topojson", "umlet", "vega", "vega-lite", "vegalite", "vegazero", "wavedrom", "wireviz",
}  # fmt: skip


def check_markup(content: Content) -> Iterator[Finding]:
    """Yield a finding for each piece of markup that is shown as text."""
    for page in content.pages:
        yield from _fences(page)
        if not SUSPECT.search(page.markdown):
            continue
        rendered = content.render(page)
        for source in rendered.undrawn:
            yield _undrawn(page, source)
        for text, what, cure in _unread(rendered.prose):
            yield _finding(page, _line(page, text), f"“{_cut(text)}” is {what} that is not read", cure)


def _unread(prose: str) -> Iterator[tuple[str, str, str]]:
    taken: list[tuple[int, int]] = []
    for mark in MARKS:
        for match in mark.pattern.finditer(prose):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                yield match.group().strip(), mark.what, mark.cure
    for match in ICON.finditer(prose):
        if is_icon_name(match[1]) and icon(match[1]) is None:
            yield match[0], "an icon", "Look its name up; the theme has no such icon"
        elif is_icon_name(match[1]) or (emoji(match[1]) and not match[1].isdigit()):
            yield match[0], "an icon", SWITCH_ON.format("answerdesk.articles.rich_markdown")


def _fences(page: CheckedPage) -> Iterator[Finding]:
    is_open = ""
    for number, line in enumerate(page.lines[page.start :], page.start + 1):
        match = FENCE.match(line)
        if match and not is_open:
            is_open = match[1]
            name = match["name"].lower()
            if name in DRAWN_ELSEWHERE or name.startswith("kroki-"):
                cure = "Put a picture of it here, or draw it as mermaid"
                yield _finding(page, number, f"the {name} diagram is shown as its source", cure)
        elif match and match[1].startswith(is_open) and not match["name"]:
            is_open = ""


def _undrawn(page: CheckedPage, source: str) -> Finding:
    first = next((line.strip() for line in source.splitlines() if line.strip()), "")
    line = _line(page, first)
    if any(FENCE.match(one) and "mermaid" in one for one in page.lines[max(0, line - 4) : line]):
        try:
            draw_diagram(source)
        except DiagramError as error:
            return _finding(page, line, f"the diagram cannot be drawn: {error}", "Mend it, or put a picture of it here")
    try:
        draw_math(source)
        reason = "it is not read"
    except MathError as error:
        reason = str(error)
    return _finding(
        page, line, f"the formula “{_cut(source)}” cannot be drawn: {reason}", "Mend it, or write it as code"
    )


def _line(page: CheckedPage, text: str) -> int:
    """Return the line of a text, as it was written or nearly so."""
    first = " ".join(text.splitlines()[0].split()) if text else ""
    tries = (first, first[:12], first[:4], first[:3])
    lines = [(number, " ".join(line.split())) for number, line in enumerate(page.lines[page.start :], page.start + 1)]
    found = (number for one in tries if one for number, line in lines if one in line)
    return next(found, page.start + 1)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[: MAX_SHOWN_CHARACTERS - 1]}…"


def _finding(page: CheckedPage, line: int, what: str, cure: str) -> Finding:
    return Finding(rule="markup", file=page.file, line=line, what=what, why=WHY, cure=cure, level=Level.WARNING)
