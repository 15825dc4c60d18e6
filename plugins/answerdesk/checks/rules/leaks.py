"""Rule `leak`: a translation has no more readers than its source."""

from collections.abc import Iterator, Mapping

from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.visibility import Closed, closed_in_doubt, closed_of, compare
from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.report.finding import Finding, Level

LEAK = "Every reader of the public site would see what is for staff, so no build goes on"
EARLY = "What is not to be read yet can be read there"


def check_leaks(content: Content) -> Iterator[Finding]:
    """Yield a finding for each translation that is public, or published, though its source is not."""
    closed = _closed(content)
    for language, pages in content.in_language():
        if not closed or language == content.languages[0]:
            continue
        articles = (page.article for page in pages if page.article)
        folder = f"{content.prefix}/{content.languages[0]}"
        found = compare(articles, closed, folder, content.today, content.grace_days)
        for problem in found.leaks:
            yield _finding(content.by_source[language, problem.file], problem, LEAK, Level.ERROR)
        for problem in found.early:
            yield _finding(content.by_source[language, problem.file], problem, EARLY, Level.WARNING)


def _closed(content: Content) -> Mapping[str, Closed]:
    """Return the articles of the source language that not everyone may read, by path."""
    pages = [page for page in content.articles if page.language == content.languages[0]]
    closed = {page.path: _closed_page(content, page) for page in pages}
    return {path: why for path, why in closed.items() if why}


def _closed_page(content: Content, page: CheckedPage) -> Closed | None:
    if page.article:
        return closed_of(page.article, content.today, content.grace_days)
    return closed_in_doubt(page.text)


def _finding(page: CheckedPage, problem: ContentProblem, why: str, level: Level) -> Finding:
    line = page.line_of(problem.field)
    return Finding(
        rule="leak",
        file=page.file,
        line=line,
        what=problem.what,
        why=why,
        cure=problem.cure.removesuffix("."),
        level=level,
    )
