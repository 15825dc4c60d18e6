"""The documents name what there is, and what they name is there."""

import re
from pathlib import Path

import pytest

from answerdesk.articles.plugin import ArticlesConfig
from answerdesk.search.constants import INDEX_FORMAT
from answerdesk.search.plugin import SearchConfig

ROOT = Path(__file__).parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
SETTINGS = (ROOT / "docs/settings.md").read_text("utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("option", [name for config in (ArticlesConfig, SearchConfig) for name, _ in config._schema])
def test_every_option_of_the_plugins_is_documented(option: str) -> None:
    assert re.search(rf"\b{option}`", SETTINGS)


def test_every_variable_of_the_form_is_documented_and_no_other() -> None:
    used = set(re.findall(r"TICKET_FORM_[A-Z_]+", (ROOT / "ticket_form/settings.py").read_text("utf-8")))
    assert set(re.findall(r"`(TICKET_FORM_[A-Z_]+)`", SETTINGS)) == {name for name in used if name != "TICKET_FORM_"}


def test_the_index_is_specified_in_the_format_that_is_written() -> None:
    head = (ROOT / "docs/search-index.md").read_text("utf-8").splitlines()[0]
    assert head == f"# The search index, format {INDEX_FORMAT}"


def test_every_command_of_run_is_in_its_help() -> None:
    script = (ROOT / "run").read_text("utf-8")
    commands = set(re.findall(r"^(\w+)\) ", script, re.MULTILINE)) - {"start"}
    assert {command for command in commands if f"./run {command}" not in script} == set()
