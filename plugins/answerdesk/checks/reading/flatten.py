"""Make plain Markdown of what Python-Markdown's extensions indent: admonitions, details, tabs. No line moves."""

import re

CONTAINER = re.compile(r"( *)(?:!!! ?[\w-]|\?\?\?\+? ?[\w\"-]|={3}[!+]* +\")")
FENCE = re.compile(r" *(?:[-*+] +|\d+[.)] +)*(`{3,}|~{3,})")
TIGHT_HEADING = re.compile(r"\A(#{1,6})(?=[^#\s])")
TITLE = re.compile(r'"([^"]*)"')
STEP = 4  # spaces


def flatten(markdown: str) -> str:
    """Return Markdown in which nothing is indented only because it stands in an admonition, and no line has moved."""
    lines: list[str] = []
    depths: list[int] = []  # how far the marks of the containers that are open are indented
    fence = ""
    for line in markdown.split("\n"):
        if fence:
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            lines.append(_dedent(line, depths))
            continue
        if line.strip():
            indent = len(line) - len(line.lstrip(" "))
            while depths and indent < depths[-1] + STEP:
                depths.pop()
        if mark := CONTAINER.match(line):
            title = TITLE.search(line)
            # A title is prose like any other; the empty line keeps it out of the paragraph above.
            lines.append(_dedent(f"{mark.group(1)}{title.group(1)}", depths) if title and _is_new(lines) else "")
            depths.append(len(mark.group(1)))
            continue
        if opened := FENCE.match(line):
            fence = opened.group(1)
        lines.append(TIGHT_HEADING.sub(r"\1 ", _dedent(line, depths)))
    return "\n".join(lines)


def _dedent(line: str, depths: list[int]) -> str:
    """Take away the indentation of the containers; what is indented less is what it is."""
    width = min(STEP * len(depths), len(line) - len(line.lstrip(" ")))
    return line[width:]


def _is_new(lines: list[str]) -> bool:
    return not lines or not lines[-1].strip()
