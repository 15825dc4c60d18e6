"""The line an author reads."""

import pytest

from answerdesk.articles.content_problem import ContentProblem


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (None, "a.md: owner is missing. Cure."),
        ("x", "a.md: owner is 'x'. Cure."),
        ("", "a.md: owner is ''. Cure."),
        (0, "a.md: owner is 0. Cure."),
        (False, "a.md: owner is false. Cure."),
        (["é"], "a.md: owner is [é]. Cure."),
    ],
)
def test_a_problem_is_one_line_of_file_field_value_and_cure(value: object, line: str) -> None:
    assert str(ContentProblem(file="a.md", field="owner", value=value, cure="Cure.")) == line


def test_a_value_of_many_lines_stays_on_one() -> None:
    assert "\n" not in str(ContentProblem(file="a.md", field="owner", value="one\ntwo", cure="Cure."))


@pytest.mark.parametrize(("length", "is_cut"), [(78, False), (79, True), (5000, True)])
def test_a_long_value_is_cut(length: int, is_cut: bool) -> None:
    line = str(ContentProblem(file="a.md", field="owner", value="x" * length, cure="Cure."))
    assert ("…" in line) == is_cut
    assert len(line) <= len("a.md: owner is . Cure.") + 80
