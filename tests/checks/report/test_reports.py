"""Baselines, and the forms of a report."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.articles.errors import ContentError
from answerdesk.checks.report.baseline import mended, new_findings, read_baseline, write_baseline
from answerdesk.checks.report.changes import changes
from answerdesk.checks.report.finding import Finding, Level
from answerdesk.checks.report.formats import as_github, as_gitlab, as_json, as_text

ONE = Finding(
    rule="link", file="content/en/a.md", line=3, what="b.md leads to no file", why="Nobody gets there", cure="Mend it"
)
WARNING = replace(ONE, rule="steps", line=7, what="3 steps are a list", level=Level.WARNING)


# baseline


def test_faults_of_a_baseline_pass_and_new_ones_do_not() -> None:
    baseline = read_baseline(write_baseline([ONE]), "b.json")
    assert new_findings([ONE, WARNING], baseline) == [WARNING]


def test_a_fault_that_has_moved_still_passes() -> None:
    baseline = read_baseline(write_baseline([ONE]), "b.json")
    assert new_findings([replace(ONE, line=90)], baseline) == []


def test_the_same_fault_once_more_is_new() -> None:
    baseline = read_baseline(write_baseline([ONE]), "b.json")
    again = replace(ONE, line=50)
    assert new_findings([ONE, again], baseline) == [again]


def test_another_file_has_faults_of_its_own() -> None:
    baseline = read_baseline(write_baseline([ONE]), "b.json")
    other = replace(ONE, file="content/en/c.md")
    assert new_findings([other], baseline) == [other]


def test_mended_faults_are_counted() -> None:
    baseline = read_baseline(write_baseline([ONE, replace(ONE, line=9), WARNING]), "b.json")
    assert mended([ONE], baseline) == 2


findings = st.lists(
    st.builds(
        replace,
        st.just(ONE),
        rule=st.sampled_from(["link", "steps"]),
        file=st.sampled_from(["a.md", 'b "quoted".md']),
        line=st.integers(1, 9),
        what=st.text(max_size=3),
    )
)


@given(findings)
def test_nothing_is_new_beside_its_own_baseline(found: list[Finding]) -> None:
    baseline = read_baseline(write_baseline(found), "b.json")
    assert new_findings(found, baseline) == []
    assert mended(found, baseline) == 0
    assert write_baseline(found) == write_baseline(found[::-1])


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 2, "faults": []}', '{"format": 1, "faults": [[1]]}', '{"format": 1, "faults": 5}'],
)
def test_a_file_that_is_no_baseline_is_named_with_its_cure(text: str) -> None:
    with pytest.raises(ContentError, match=r"b\.json.*--write-baseline"):
        read_baseline(text, "b.json")


# forms


def test_text_has_a_line_a_finding_that_editors_can_jump_to() -> None:
    assert as_text([ONE, WARNING]).splitlines() == [
        "content/en/a.md:3: error link: b.md leads to no file. Nobody gets there. Mend it.",
        "content/en/a.md:7: warning steps: 3 steps are a list. Nobody gets there. Mend it.",
    ]


def test_json_has_all_fields() -> None:
    (row,) = json.loads(as_json([ONE]))
    assert row == {
        "rule": "link", "file": "content/en/a.md", "line": 3, "what": "b.md leads to no file",
        "why": "Nobody gets there", "cure": "Mend it", "level": "error",
    }  # fmt: skip


def test_github_gets_workflow_commands_without_signs_that_end_them() -> None:
    odd = replace(ONE, file="a,b:c.md", what="100 %\n::error::x")
    (line,) = as_github([odd]).splitlines()
    assert line == ("::error file=a%2Cb%3Ac.md,line=3,title=link::100 %25%0A::error::x. Nobody gets there. Mend it.")


def test_gitlab_gets_a_code_quality_report_with_fingerprints_that_lines_do_not_change() -> None:
    first, again, warning = json.loads(as_gitlab([ONE, replace(ONE, line=9), WARNING]))
    assert first["location"] == {"path": "content/en/a.md", "lines": {"begin": 3}}
    assert (first["severity"], warning["severity"]) == ("major", "minor")
    assert first["fingerprint"] != again["fingerprint"]
    (moved,) = json.loads(as_gitlab([replace(ONE, line=80)]))
    assert moved["fingerprint"] == first["fingerprint"]


@pytest.mark.parametrize("form", [as_json, as_gitlab])
def test_programs_get_an_empty_list_when_all_is_well(form: Callable[[list[Finding]], str]) -> None:
    assert json.loads(form([])) == []


# watch


def test_only_what_has_changed_is_said_again() -> None:
    new = replace(ONE, what="c.md leads to no file")
    assert changes([ONE, WARNING], [replace(WARNING, line=20), new]) == [f"- {ONE}", f"+ {new}"]


def test_one_of_two_that_look_the_same_is_one() -> None:
    assert len(changes([ONE, replace(ONE, line=9)], [ONE])) == 1
