"""Rule `active-html`: nothing in an article may run or load things in a reader's browser."""

import re
from collections import Counter
from collections.abc import Iterator

from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.report.finding import Finding
from answerdesk.checks.rules.fault_lines import active_lines

RUNS = "The build refuses it: it could run or load things in every reader's browser"
LOADS = "The build refuses it: every reader's browser would tell that host who reads what, and the host may change it"
ATTRIBUTE = re.compile(r"\{[^{}\n]*=[^{}\n]*\}")
CODE = re.compile(r"^([ \t]*)(`{3,}|~{3,})[^`\n]*\n(?:.*\n)*?\1\2[ \t]*$|`[^`\n]+`", re.MULTILINE)
TAG = re.compile(r"<[a-zA-Z!?/]")
ADDRESS_BELOW = re.compile(r"^ *\[[^\]]+\]:\s*(?!https?:)\S*:", re.MULTILINE)


def check_active(content: Content) -> Iterator[Finding]:
    """Yield a finding for each line with something that could run. Pages are only rendered if there is a reason."""
    for page in content.pages:
        if not _is_suspect(page):
            continue
        by_line: dict[int, list[str]] = {}
        seen: Counter[str] = Counter()
        for found in content.render(page).active:
            lines = active_lines(page, found)
            by_line.setdefault(lines[min(seen[found], len(lines) - 1)], []).append(found)
            seen[found] += 1
        for line, found_here in by_line.items():
            yield _finding(page, line, list(dict.fromkeys(found_here)))


def _finding(page: CheckedPage, line: int, found: list[str]) -> Finding:
    words = ", ".join(" ".join(one.split()) for one in found)
    pictures = [image.target for image in page.blocks.images if image.line == line]
    if pictures and all(one.startswith("src=") for one in found):
        what, why = f"the image {pictures[0]} comes from another host: {words} could run or load things", LOADS
        cure = "Store it beside the article and link to it there"
    else:
        what, why = f"{words} could run or load things", RUNS
        cure = "Write it in Markdown, or as code between backticks"
        if all(one.startswith("<!--") for one in found):
            cure = "Take < and > out of the comment, or the whole of it: browsers may end it where we do not"
    return Finding(rule="active-html", file=page.file, line=line, what=what, why=why, cure=cure)


def _is_suspect(page: CheckedPage) -> bool:
    # Wider than what is refused, on purpose: the two parsers of Markdown differ in what they take for HTML.
    if page.blocks.raw or any(_is_odd(link.target) for link in page.blocks.links):
        return True
    if any(":" in image.target or "//" in image.target for image in page.blocks.images):
        return True
    text = CODE.sub("", page.markdown)
    return bool(TAG.search(text) or ATTRIBUTE.search(text) or ADDRESS_BELOW.search(text))


def _is_odd(target: str) -> bool:
    scheme, colon, _ = target.partition(":")
    return bool(colon) and scheme.strip().lower() not in ("http", "https", "mailto", "tel")
