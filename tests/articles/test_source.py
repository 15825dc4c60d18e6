"""An article's file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.source import split_source, unknown_variables
from answerdesk.articles.variables import fill

PLAIN = "---\ntitle: A\ntags: [b]\n---\n\nBody\n"


def problem(text: str) -> str:
    found = split_source("a.md", text)
    assert isinstance(found, ContentProblem)
    return str(found)


def test_a_file_is_front_matter_and_body() -> None:
    assert split_source("a.md", PLAIN) == ({"title": "A", "tags": ["b"]}, "\nBody\n")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        "\ufeff" + PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("---", "--- "),
    ],
    ids=["BOM", "CRLF", "BOM and CRLF", "blanks after the dashes"],
)
def test_what_editors_add_makes_no_difference(text: str) -> None:
    assert split_source("a.md", text) == split_source("a.md", PLAIN)


def test_dashes_in_the_body_stay_there() -> None:
    assert split_source("a.md", "---\ntitle: A\n---\nOne\n\n---\n\nTwo\n") == ({"title": "A"}, "One\n\n---\n\nTwo\n")


def test_a_file_may_end_with_its_front_matter() -> None:
    assert split_source("a.md", "---\ntitle: A\n---") == ({"title": "A"}, "")


@pytest.mark.parametrize(
    "text",
    ["", "Body\n", "\n---\ntitle: A\n---\n", "---\ntitle: A\n", "----\ntitle: A\n----\n", "---\n  ---\n"],
    ids=["empty", "body alone", "line before", "never closed", "four dashes", "indented dashes"],
)
def test_a_file_without_front_matter_is_told_how_to_begin(text: str) -> None:
    assert problem(text) == "a.md: front matter is missing. Begin the file with --- and end the block with ---."


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("title: A\nsummary: b: c", 3),
        ("title: 'A\nsummary: b", 4),
        ("title: A\n\ttags: b", 3),
        ("title: A\ntags: [a", 4),
        ("title: @x", 2),
        ("title: A\nsummary: b\nowner: *who", 4),
        ("? [a]\n: b", 2),
    ],
    ids=["colon", "open quote", "tab", "open list", "at sign", "unknown anchor", "list as name"],
)
def test_a_fault_in_yaml_is_named_with_its_line_in_the_file(front: str, line: int) -> None:
    said = problem(f"---\n{front}\n---\nBody\n").replace('"', "'")
    assert said.startswith(f"a.md: front matter is 'line {line}: ")
    assert said.endswith("Quote texts with : or # in them.")


@pytest.mark.parametrize("front", ["just text", "- a\n- b", "5"], ids=["text", "list", "number"])
def test_front_matter_that_is_no_mapping_is_shown_how_to_be_one(front: str) -> None:
    assert problem(f"---\n{front}\n---\n").endswith("Write one “field: value” a line.")


@pytest.mark.parametrize(
    "front",
    ["reviewed: 2026-02-30", "reviewed: 2026-13-01", "at: 2026-10-01T99:00:00", "n: !!int x", "n: !!bool x"],
)
def test_a_value_that_yaml_cannot_make_is_a_problem_of_its_file(front: str) -> None:
    assert "front matter" in problem(f"---\n{front}\n---\n")


def test_a_tag_that_would_make_python_objects_is_refused() -> None:
    assert "line 2" in problem("---\ntitle: !!python/object/apply:os.getcwd []\n---\n")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Call {{ phone }}.", "Call 123."),
        ("{{phone}}{{  phone  }}", "123123"),
        ("[{{ url }}]({{ url }})", "[https://x/](https://x/)"),
        ("{{ nobody }}", "{{ nobody }}"),
        ("{ phone } {{ }} { { phone } }", "{ phone } {{ }} { { phone } }"),
        ("{{ self }}", "{{ phone }}"),
        ("${{ secrets.key }}", "${{ secrets.key }}"),
    ],
    ids=["value", "spaces", "link", "unknown", "no variable", "values are not filled again", "others' braces"],
)
def test_variables_are_filled_in(text: str, filled: str) -> None:
    assert fill(text, {"phone": "123", "url": "https://x/", "self": "{{ phone }}"}) == filled


@pytest.mark.parametrize("name", ["nobody", "no-body", "nobody2", "Nobody"])
def test_an_unknown_variable_is_named_once_with_what_there_is(name: str) -> None:
    found = unknown_variables("a.md", f"{{{{ {name} }}}} {{{{ phone }}}} {{{{ {name} }}}}", {"phone": "1", "fax": "2"})
    cure = f"It has: fax, phone. Use one of them, or add “{name}: <text>” to it. "
    cure += f"To show the braces, write \\{{{{ {name} }}}}."
    assert [str(one) for one in found] == [f"a.md: {{{{ {name} }}}} stands for no value of company.yml. {cure}"]


def test_a_misspelt_variable_is_told_with_the_one_that_was_meant() -> None:
    (found,) = unknown_variables("a.md", "{{ phonee }}", {"phone": "1", "fax": "2"})
    assert found.cure.startswith("Did you mean {{ phone }}? It has: fax, phone.")


@settings(deadline=None)
@given(body=st.text(st.characters(exclude_characters="\r", exclude_categories=("Cs",))))
def test_a_body_is_kept_as_it_is(body: str) -> None:
    assert split_source("a.md", f"---\ntitle: A\n---\n{body}") == ({"title": "A"}, body)


@settings(deadline=None)
@given(text=st.text(st.sampled_from("-\n :[]{}'\"ab\t#&*!|>%@`\u2028\ufeff")))
def test_no_punctuation_raises(text: str) -> None:
    found = split_source("a.md", f"---\n{text}\n---\n")
    assert isinstance(found, ContentProblem) or isinstance(found[0], dict)
