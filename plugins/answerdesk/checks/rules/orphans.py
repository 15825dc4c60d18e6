"""Rule `orphan`: articles that nothing leads to but the lists of all articles."""

from collections import Counter
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from answerdesk.articles.publication_state import PublicationState
from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.report.finding import Finding, Level

WORDS = ("aliases", "questions", "codes")
EXCEPTION = 1 / 3  # of a category: where more articles are not linked, readers find them by its list
LISTED = (PublicationState.CURRENT, PublicationState.OVERDUE)  # of the others nothing leads to them on purpose


def check_orphans(content: Content) -> Iterator[Finding]:
    """Yield a finding for each article that no other leads to, and that has no other words to be found by."""
    linked = set(_linked(content))
    needed = set(content.catalogue.needed) if content.catalogue else set()
    for _, pages in content.in_language():
        listed = [page for page in pages if page.article and content.state(page) in LISTED]
        lost = [
            page
            for page in listed
            if (page.language, page.source) not in linked
            and page.path not in needed
            and not any(page.meta.get(name) for name in WORDS)
        ]
        sizes = Counter(page.source.partition("/")[0] for page in listed)
        losses = Counter(page.source.partition("/")[0] for page in lost)
        for page in lost:
            category = page.source.partition("/")[0]
            if losses[category] <= EXCEPTION * sizes[category]:
                yield _finding(page)


def _finding(page: CheckedPage) -> Finding:
    return Finding(
        rule="orphan",
        file=page.file,
        line=1,
        what="no article leads here, and it has no aliases, questions or codes",
        why="Readers find it only by its own words in a list",
        cure="Link to it where readers need it, or add the words that people use for it to aliases",
        level=Level.WARNING,
    )


def _linked(content: Content) -> Iterator[tuple[str, str]]:
    for page in content.pages:
        here = dirname(page.source)
        for link in page.blocks.links:
            path = unquote(link.target.partition("#")[0])
            if path and ":" not in path:
                # A link that names no Markdown file leads where browsers go from the page's address.
                source = normpath(join(here, path)) if path.endswith(".md") else f"{normpath(join(page.base, path))}.md"
                if source != page.source:
                    yield page.language, source
        for path in page.article.related if page.article else ():
            yield page.language, f"{path}.md"
