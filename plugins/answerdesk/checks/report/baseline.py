"""A baseline: faults that a site has already. They pass, and new ones fail.

A fault is known by its rule, file and words, not by its line, so that it may move; of faults that look the same, as
many pass as there were.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from answerdesk.articles.errors import ContentError
from answerdesk.checks.report.finding import Finding

FORMAT = 1
Key = tuple[str, str, str]  # rule, file, what
Baseline = Mapping[Key, int]


def write_baseline(findings: Sequence[Finding]) -> str:
    """Return the text of a baseline file: a line a fault, sorted, so that versions compare well."""
    counts = sorted(Counter(map(_key, findings)).items())
    rows = [json.dumps([*key, count], ensure_ascii=False) for key, count in counts]
    return f'{{"format": {FORMAT}, "faults": [\n' + ",\n".join(rows) + "\n]}\n"


def read_baseline(text: str, name: str) -> Baseline:
    """Return the faults of a baseline file.

    Raises:
        ContentError: it is none.
    """
    cure = "Write it again with --write-baseline."
    try:
        table = json.loads(text)
        if table["format"] != FORMAT:
            raise ContentError(f"{name}: format is {table['format']!r}, not {FORMAT}. {cure}")
        return {(str(rule), str(file), str(what)): int(count) for rule, file, what, count in table["faults"]}
    except (ValueError, TypeError, KeyError) as error:
        raise ContentError(f"{name} is no baseline: {error}. {cure}") from error


def new_findings(findings: Sequence[Finding], baseline: Baseline) -> list[Finding]:
    """Return the findings that the baseline does not have."""
    return [finding for finding, key, number in numbered(findings) if number >= baseline.get(key, 0)]


def mended(findings: Sequence[Finding], baseline: Baseline) -> int:
    """Return how many faults of the baseline are gone."""
    return (Counter(dict(baseline)) - Counter(map(_key, findings))).total()


def numbered(findings: Sequence[Finding]) -> Iterator[tuple[Finding, Key, int]]:
    """Yield the findings with what they are known by: those that look the same are counted."""
    seen: Counter[Key] = Counter()
    for finding in findings:
        key = _key(finding)
        yield finding, key, seen[key]
        seen[key] += 1


def _key(finding: Finding) -> Key:
    return finding.rule, finding.file, finding.what
