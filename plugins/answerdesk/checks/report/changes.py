"""Compare two checks: findings that are new, and findings that are gone."""

from collections import Counter
from collections.abc import Sequence

from answerdesk.checks.report.finding import Finding


def changes(before: Sequence[Finding], after: Sequence[Finding]) -> list[str]:
    """Return the lines of a report that came (+) or went (-). A fault that only moved is none."""
    old, new = Counter(map(_known_by, before)), Counter(map(_known_by, after))
    lines = []
    for sign, findings, rows in (("-", before, old - new), ("+", after, new - old)):
        for finding in findings:
            if rows[_known_by(finding)]:
                rows[_known_by(finding)] -= 1
                lines.append(f"{sign} {finding}")
    return lines


def _known_by(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.file, finding.what
