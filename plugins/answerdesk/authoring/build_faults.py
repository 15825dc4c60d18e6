"""Rule `build`: what would stop a build and no other rule has said, in the build's own words."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from answerdesk.checks.registry import BUILD
from answerdesk.checks.report.finding import Finding

LINE = re.compile(r"(?P<file>[^\s:]+\.(?:md|ya?ml))(?::(?P<line>\d+))?: (?P<text>.*)", re.DOTALL)
# Rules that speak of the same faults as the build; others may find something else in the same line.
SAME = {
    "contract", "leak", "active-html", "link", "anchor", "language", "audience", "related", "redirect", "image",
    "heading-order",
}  # fmt: skip


def faults_unsaid(
    faults: Mapping[str, Sequence[str]], findings: Collection[Finding], config_name: str
) -> Iterator[Finding]:
    """Yield a finding for each fault of a language's build, given as lines, where no rule has found one.

    What stands in no file is a fault of the configuration, whose file is called so.
    """
    said = {(finding.file, finding.line) for finding in findings if finding.rule in SAME}
    lines = dict.fromkeys(line for lines in faults.values() for line in lines)  # several languages show one article
    for line in lines:
        match = LINE.fullmatch(line)
        file, number = (match["file"], int(match["line"] or 1)) if match else (config_name, 1)
        if (file, number) not in said:
            text = (match["text"] if match else line).removesuffix(".")
            yield Finding(rule=BUILD, file=file, line=number, what=text, why="", cure="The build fails by it")
