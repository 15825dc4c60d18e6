"""Report what was taken in and what could not be: for people and for programs."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from answerdesk.importing.lost_content import Kind, Loss

MAX_EXAMPLES = 5  # of losses that differ in a name only
# What differs between losses of one kind: names, addresses, quotations, numbers.
NAMED = re.compile(r"“[^”]*”|\{\{.*?\}\}|<[^<>]*>|(?<=the link ).+(?= leads)|(?<=picture ).+?(?= is )|\S*[./#:_\d]\S*")
FOLLOWS = {
    Kind.SETTING: "Settings of the old site that have no place here.",
    Kind.PAGE: "Pages that are elsewhere now, or have no text.",
    Kind.FIELD: "Front matter that our contract does not have.",
    Kind.LINK: "Links that lead nowhere; their words are kept.",
    Kind.ANCHOR: "Links to headings that are not there; they lead to the top of the page now.",
    Kind.PICTURE: "Pictures that are missing or on other hosts; their words are kept.",
    Kind.FILE: "Files that were not copied.",
    Kind.HTML: "Raw HTML that could run or load things, or whose address had to change.",
    Kind.COMMENT: "Comments, which readers never saw.",
    Kind.SNIPPET: "Snippets that are not there.",
    Kind.VARIABLE: "Double braces that no file explains are shown as they are, by a backslash before them.",
    Kind.HEADING: "Second titles, for a page has one, and titles that were too long.",
    Kind.ICON: "Icons that the theme does not have.",
    Kind.DIAGRAM: "Diagrams that cannot be drawn.",
}


def write_markdown(site: str, pages: Mapping[str, str], losses: Sequence[Loss]) -> str:
    """Return the report for people; `pages` are the old ones with their articles' paths."""
    counts = Counter(loss.kind for loss in losses)
    rows = [f"# What became of {site}", "", f"{len(pages)} pages are articles now. {_sum(len(losses))}", ""]
    if losses:
        rows += ["| what | how often |", "| --- | ---: |"]
        rows += [f"| {kind} | {counts[kind]} |" for kind in Kind if counts[kind]] + [""]
    for kind in Kind:
        found = [loss for loss in losses if loss.kind == kind]
        if found:
            rows += [
                f"## {kind.capitalize() if kind != Kind.HTML else 'Raw HTML'} ({len(found)})",
                "",
                FOLLOWS[kind],
                "",
            ]
            rows += [row for group in _groups(found) for row in _rows(group)] + [""]
    rows += [
        "## Pages",
        "",
        "| was | is |",
        "| --- | --- |",
        *(f"| `{old}` | `{new}` |" for old, new in pages.items()),
        "",
    ]
    return "\n".join(rows)


def write_json(site: str, pages: Mapping[str, str], losses: Sequence[Loss]) -> str:
    """Return the report for programs."""
    table = {
        "site": site,
        "pages": dict(pages),
        "counts": {str(kind): count for kind, count in sorted(Counter(loss.kind for loss in losses).items())},
        "losses": [asdict(loss) | {"kind": str(loss.kind)} for loss in losses],
    }
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"


def _groups(losses: Sequence[Loss]) -> list[list[Loss]]:
    """Return losses that say the same of different things together, the most frequent first."""
    groups: dict[tuple[str, str], list[Loss]] = {}
    for loss in losses:
        groups.setdefault((NAMED.sub("…", loss.what), loss.cure), []).append(loss)
    return sorted(groups.values(), key=len, reverse=True)


def _rows(group: Sequence[Loss]) -> list[str]:
    if len(group) <= MAX_EXAMPLES:
        return [f"- `{loss.file}:{loss.line}`: {_plain(loss.what)}. {loss.cure}." for loss in group]
    more = f"; {len(group) - MAX_EXAMPLES} more are in taken-in.json"
    examples = "; ".join(f"`{loss.file}:{loss.line}`: {_plain(loss.what)}" for loss in group[:MAX_EXAMPLES])
    return [
        f"- {len(group)} times: {_plain(NAMED.sub('…', group[0].what))}. {group[0].cure}. Such as {examples}{more}."
    ]


def _sum(count: int) -> str:
    return (
        f"{count} things are not as they were; each is named below with what to do." if count else "Nothing was lost."
    )


def _plain(text: str) -> str:
    return text.replace("<", "\\<").replace("|", "\\|")
