"""Rule `heading-order`: headings go down one level at a time, below the title."""

from collections.abc import Iterator

from answerdesk.checks.reading.content import Content
from answerdesk.checks.report.finding import Finding, Level

WHY = "Screen readers go from heading to heading, and a level left out looks like a part that is missing"
TITLE = "The page would have two titles, and readers and search engines could not tell which is its own"


def check_headings(content: Content) -> Iterator[Finding]:
    """Yield a finding for each heading that leaves out a level, is a second title, or is empty."""
    for page in content.pages:
        above = 1  # the title, which the front matter gives
        for heading in page.blocks.headings:
            text = heading.text.replace("\n", " ")
            level, why = Level.WARNING, WHY
            if not text:
                what, cure = "a heading is empty", "Give it a text, or take it out"
            elif heading.level == 1 and page.is_article:
                what, cure = f"a heading of level 1 stands in the text: “{text}”", "Begin with level 2: ## …"
                level, why = Level.ERROR, TITLE  # the build warns of it
            elif heading.level > above + 1:
                what = f"“{text}” has level {heading.level}, below level {above}"
                cure = f"Write {'#' * (above + 1)} {text}"
            else:
                above = heading.level
                continue
            above = max(heading.level, 1)
            yield Finding(
                rule="heading-order",
                file=page.file,
                line=heading.line,
                what=what,
                why=why,
                cure=cure,
                level=level,
            )
