"""The lines where faults stand in an author's file: those that rules find, and those that builds complain of."""

import re
from collections.abc import Callable

from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.variables import find_variables
from answerdesk.checks.reading.page import CheckedPage

ADDRESS = re.compile(r'\w+="(?P<address>.+?)"?$', re.DOTALL)


def problem_line(page: CheckedPage, problem: ContentProblem) -> int:
    """Return where a breach of the contract stands; of a field that is missing, the first line."""
    if problem.field == "variable":
        places = (place for name, place in find_variables(page.text) if name == problem.value)
        return page.text.count("\n", 0, next(places, 0)) + 1
    if problem.field == "translation":
        return _first(page, lambda text: "<!-- TRANSLATE: " in text)
    if problem.field == "front matter":
        return _line_named(problem.value)
    return page.line_of(problem.field, problem.value)


def link_lines(page: CheckedPage, target: str) -> list[int]:
    """Return where a page links to, or shows, what is written as `target`."""
    links = [link.line for link in page.blocks.links if link.target == target]
    return sorted(links + [image.line for image in page.blocks.images if image.target == target])


def title_lines(page: CheckedPage) -> list[int]:
    """Return where a heading of level 1 stands."""
    return [heading.line for heading in page.blocks.headings if heading.level == 1]


def active_lines(page: CheckedPage, found: str) -> list[int]:
    """Return where something may stand that could run, as far as that can be told: Python-Markdown keeps no lines."""
    match = ADDRESS.match(found)
    wanted = (match["address"] if match else found.strip("<>")).casefold()
    images = [image.line for image in page.blocks.images if image.target.casefold().startswith(wanted)]
    raw = [
        raw.line + raw.html[: raw.html.casefold().index(wanted)].count("\n")
        for raw in page.blocks.raw
        if wanted in raw.html.casefold() and not (found.startswith("<") and raw.html.startswith("</"))
    ]
    first = wanted.partition("\n")[0]
    anywhere = [n for n, line in enumerate(page.lines, 1) if n > page.start and first in line.casefold()]
    return images or raw or anywhere or [page.start + 1]


def _first(page: CheckedPage, is_it: Callable[[str], bool]) -> int:
    return next((number for number, text in enumerate(page.lines, 1) if is_it(text)), 1)


def _line_named(value: object) -> int:
    """Return the line that a message about unreadable front matter names: “line 3: …”."""
    number = str(value).removeprefix("line ").partition(":")[0]
    return int(number) if str(value).startswith("line ") and number.isdigit() else 1
