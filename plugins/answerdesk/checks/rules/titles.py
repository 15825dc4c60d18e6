"""Rule `title`: no two articles of a language have the same title."""

import unicodedata
from collections.abc import Iterator

from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.report.finding import Finding, Level


def check_titles(content: Content) -> Iterator[Finding]:
    """Yield a finding for each article whose title another one has already."""
    for _, pages in content.in_language():
        known: dict[str, CheckedPage] = {}
        for page in pages:
            first = known.setdefault(title_key(page.title), page)
            if first is not page:
                yield Finding(
                    rule="title",
                    file=page.file,
                    line=page.line_of("title"),
                    what=f"“{page.title}” is the title of {first.source} too",
                    why="Readers cannot tell them apart in lists and results",
                    cure="Say in each title what only that article is about, or make one article of both",
                    level=Level.WARNING,
                )


def title_key(title: str) -> str:
    """Return what two titles have in common that readers would take for the same."""
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())
