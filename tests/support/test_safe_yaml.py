"""What YAML would lose without a word, and values in its own words."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from answerdesk.articles.catalogue import load_catalogue
from answerdesk.articles.errors import ContentError
from answerdesk.authoring.check_site import check_content
from answerdesk.support.safe_yaml import LostTextError, kind, load, load_texts, show


@pytest.fixture(scope="session")
def article(request: pytest.FixtureRequest) -> Callable[..., str]:
    root = Path(__file__).parents[2]
    shared: ModuleType = request.config.pluginmanager.get_plugin(str(root / "tests" / "conftest.py"))
    return shared.article


@pytest.mark.parametrize(
    ("text", "problem", "cure"),
    [
        ("title: Update #2\n", "“#2” would be a comment, and the text “Update”", '"Update #2"'),
        ("aliases:\n- ok\n- Issue #5 again\n", "“#5 again” would be a comment", '"Issue #5 again"'),
        ("title: A\nowner: b\ntitle: C\n", "title is written twice", "Keep one"),
        ("a: {b: 1, b: 2}\n", "b is written twice", "Keep one"),
        ("- { query: C #sharp\n  , finds: x }\n", "“#sharp” would be a comment", '"C #sharp"'),
    ],
)
def test_what_would_be_lost_is_refused_with_its_cure(text: str, problem: str, cure: str) -> None:
    for read in (load, load_texts):
        with pytest.raises(LostTextError) as caught:
            read(text)
        assert problem in str(caught.value)
        assert cure in caught.value.cure


@pytest.mark.parametrize(
    "text",
    [
        "title: Update # by Ann\n",
        "title: 'Update #2' # a comment\n",
        "title: C#\n",
        "title: issue#2\n",
        "a: |\n  text #2\n",
        "#2\na: b\n",
        "a: &x {b: 1}\nc: {<<: *x, b: 2}\n",
        "",
    ],
)
def test_what_loses_nothing_is_read(text: str) -> None:
    load(text)


def test_a_text_is_what_is_written() -> None:
    texts = load_texts("version: 1.10\nhours: 12:30\nopen: yes\ncode: 0123\nnone: ~\nday: 2026-10-01\n")
    assert list(texts.values()) == ["1.10", "12:30", "yes", "0123", "~", "2026-10-01"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2026, 10, 1), "2026-10-01"),
        (False, "false"),
        (None, "empty"),
        (["a", True], "[a, true]"),
        ({"a": date(2026, 1, 2)}, "{a: 2026-01-02}"),
        ("x", "'x'"),
        (3, "3"),
    ],
)
def test_messages_speak_yaml(value: object, shown: str) -> None:
    assert show(value) == shown


def test_what_a_file_holds_is_said_in_words() -> None:
    assert [kind([]), kind({}), kind(None), kind(3)] == [
        "a list", "a table of names and values", "nothing", "the single value 3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("en/account/a.md", "title: A", "title: A #2", "en/account/a.md:7: error contract: front matter"),
        ("en/account/a.md", "owner: identity", "owner: identity\nowner: b", "owner is written twice"),
        ("categories.yml", "needed: []", "needed: []\nneeded: [x]", "categories.yml:"),
        ("company.yml", "phone:", "company: x\nphone:", "company is written twice"),
        ("synonyms/en.yml", "", "- [a, b #2]\n", "synonyms/en.yml"),
        ("fallbacks/ko.yml", "", "a/b: {title: x}\na/b: {title: y}\n", "fallbacks/ko.yml:2: a/b is written twice"),
        ("redirects.yml", "", "a/b: account/a\na/b: account/a\n", "redirects.yml:2: a/b is written twice"),
        ("words.yml", "", "avoid:\n  en: {x: y, x: z}\n", "content/words.yml:2: x is written twice"),
        ("../mkdocs.yml", "plugins:", "site_name: x\nsite_name: y\nplugins:", "mkdocs.yml:"),
    ],
)
def test_every_file_is_told_with_its_name_and_line(
    tree: Callable[..., Any], article: Callable[..., str], file: str, old: str, new: str, said: str
) -> None:
    made = tree({"en/account/a.md": article("A"), "ko/account/a.md": article("가")}, languages=["en", "ko"])
    path: Path = made.folder / "content" / file
    before = path.read_text("utf-8") if path.exists() else ""
    path.parent.mkdir(exist_ok=True)
    path.write_text(before.replace(old, new, 1), "utf-8")
    try:
        report = "\n".join(map(str, check_content(made.config)))
    except ContentError as error:
        report = str(error)
    assert said in report
    assert "written twice" in report or "would be a comment" in report or "expected" in report


def test_company_values_are_what_is_written(tree: Callable[..., Any]) -> None:
    made = tree({"company.yml": "company: Yes\nphone: 0123\nhours: 8:30\nversion: 1.10\n"})
    values = load_catalogue(made.folder / "content").variables("en")
    assert values == {"company": "Yes", "phone": "0123", "hours": "8:30", "version": "1.10"}


@pytest.mark.parametrize(("value", "reason"), [("2026-13-01", "month"), ("0x_", "int"), ("!!int x", "int")])
def test_a_value_that_cannot_be_one_is_a_fault_of_yaml_with_its_line(value: str, reason: str) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as raised:
        load(f"a: b\nc: {value}\n")
    assert raised.value.problem_mark is not None
    assert raised.value.problem_mark.line == 1
    assert reason in str(raised.value.problem)
