"""The forms of a report: for people, for programs, for GitHub's and GitLab's pages."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from answerdesk.checks.report.baseline import numbered
from answerdesk.checks.report.finding import Finding, Level

SEVERITIES = {Level.ERROR: "major", Level.WARNING: "minor"}


def as_text(findings: Sequence[Finding]) -> str:
    """Return a line a finding."""
    return "".join(f"{finding}\n" for finding in findings)


def as_json(findings: Sequence[Finding]) -> str:
    """Return a list of objects with all fields."""
    return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2) + "\n"


def as_github(findings: Sequence[Finding]) -> str:
    """Return GitHub's workflow commands, which put each finding beside its line in a pull request."""
    return "".join(
        f"::{finding.level} file={_property(finding.file)},line={finding.line},"
        f"title={_property(finding.rule)}::{_escaped(finding.text)}\n"
        for finding in findings
    )


def as_gitlab(findings: Sequence[Finding]) -> str:
    """Return a Code Quality report, which GitLab shows in a merge request."""
    rows = [
        {
            "description": finding.text,
            "check_name": finding.rule,
            "fingerprint": hashlib.sha256(repr((key, number)).encode()).hexdigest(),
            "severity": SEVERITIES[finding.level],
            "location": {"path": finding.file, "lines": {"begin": finding.line}},
        }
        for finding, key, number in numbered(findings)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "gitlab": as_gitlab,
}


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
