"""Rule `contract`: front matter keeps the content contract, and what the catalogue names exists."""

from collections.abc import Iterator

from answerdesk.articles.content_problem import LONGEST_VALUE, ContentProblem
from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.report.finding import Finding
from answerdesk.checks.rules.fault_lines import problem_line
from answerdesk.support.safe_yaml import show

WHY = {
    "file name": "It becomes the article's address",
    "front matter": "Without it nothing is known of the article, and it is left out of the site",
    "encoding": "Its letters cannot be read, so it is left out of the site",
    "title": "Lists, search and browsers show it",
    "summary": "Lists and search results show it below the title",
    "category": "It decides where readers find the article",
    "owner": "Somebody must answer for the article and review it",
    "reviewed": "Readers are told how fresh an article is",
    "review_every": "It decides when the article is overdue",
    "audience": "It decides who may read the article",
    "translation_of": "It says what the article was translated from",
    "applies_to": "Readers see which systems an article is for",
    "related": "It becomes a link",
    "aliases": "Search finds the article by them",
    "questions": "Search finds the article by them",
    "tags": "They say what the article is about",
    "codes": "Search finds the article by them",
    "variable": "Readers would see the braces",
    "translation": "Readers would miss it",
    "draft": "It decides whether the article is published",
    "publish": "It decides when the article is published",
}
UNKNOWN = "A field that nobody reads misleads the next author"


def check_contract(content: Content) -> Iterator[Finding]:
    """Yield a finding for each breach of the contract."""
    for page in content.pages:
        for problem in page.problems:
            yield _finding(page, problem)
    if content.catalogue:
        source = content.languages[0]
        for path in content.catalogue.needed:
            if content.page(source, f"{path}.md") is None:
                yield Finding(
                    rule="contract",
                    file=f"{content.prefix}/categories.yml",
                    line=_line_with(content, "categories.yml", path),
                    what=f"needed is {path!r}",
                    why="There is no such article in the source language, so the home page cannot show it",
                    cure="Mend the path or take it out",
                )


def _finding(page: CheckedPage, problem: ContentProblem) -> Finding:
    return Finding(
        rule="contract",
        file=page.file,
        line=problem_line(page, problem),
        what=problem.what or f"{problem.field} is {_shown(problem.value)}",
        why=WHY.get(problem.field, UNKNOWN),
        cure=problem.cure.removesuffix("."),
    )


def _shown(value: object) -> str:
    if value is None:
        return "missing"
    shown = show(value)
    return shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + "…"


def _line_with(content: Content, file: str, text: str) -> int:
    lines = content.read_bytes(file).decode("utf-8").split("\n")
    return next((number for number, line in enumerate(lines, 1) if text in line), 1)
