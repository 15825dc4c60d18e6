"""Rule `redirect`: each old address of `redirects.yml` leads to an article, and stands in no article's place."""

from collections.abc import Iterator

from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.redirects import FILE, covering_redirects, lost_redirects, misshapen
from answerdesk.checks.reading.content import Content
from answerdesk.checks.report.finding import Finding, Level
from answerdesk.support.yaml_lines import key_lines

REFUSED = "The build refuses the whole file"
LOST = "Whoever follows an old link or bookmark comes to no article"
COVERING = "Readers get that article, so nobody is ever led on from here"
TWICE = "Only the last of them counts"


def check_redirects(content: Content) -> Iterator[Finding]:
    """Yield a finding for each redirect that cannot be read, leads nowhere, or covers an article."""
    lines: dict[str, int] = {}
    for old, line in key_lines(content.read_text(FILE)):
        if old in lines:
            what, cure = f"{old} is there already, in line {lines[old]}", "Keep one of them"
            yield _finding(content, line, what, TWICE, cure, level=Level.WARNING)
        lines[old] = line
    good = {}
    for old, new in content.redirects.items():
        if fault := misshapen(old, new):
            yield _finding(content, lines.get(str(old), 1), fault[0], REFUSED, fault[1])
        else:
            good[old] = new
    articles = {language: {page.path for page in pages} for language, pages in content.in_language()}
    categories = content.catalogue.categories if content.catalogue else ()
    problems = [(LOST, problem) for problem in lost_redirects(good, set().union(*articles.values()), categories)]
    covered = (problem for paths in articles.values() for problem in covering_redirects(good, paths))
    problems += [(COVERING, problem) for problem in {problem.field: problem for problem in covered}.values()]
    for why, problem in problems:
        what = f"{problem.field} leads to {problem.value}"
        yield _finding(content, lines.get(problem.field, 1), what, why, _cure(problem))


def _cure(problem: ContentProblem) -> str:
    return problem.cure.removesuffix(".")


def _finding(content: Content, line: int, what: str, why: str, cure: str, *, level: Level = Level.ERROR) -> Finding:
    file = f"{content.prefix}/{FILE}"
    return Finding(rule="redirect", file=file, line=line, what=what, why=why, cure=cure, level=level)
