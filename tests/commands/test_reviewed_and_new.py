"""`answerdesk reviewed` and `answerdesk new`: what authors type, and what becomes of their files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from answerdesk.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def article(request: pytest.FixtureRequest) -> Callable[..., str]:
    return request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py")).article


@pytest.fixture
def site(tree: Callable[..., Any], article: Callable[..., str]) -> Any:
    return tree(
        {
            "en/account/a.md": article("A", "reviewed: 2026-10-01\n"),
            "en/account/b.md": article("B"),
            "ko/account/a.md": article("가"),
        },
        languages=["en", "ko"],
    )


def run(made: Any, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--config-file", str(made.config)])


def test_a_review_changes_one_line_of_one_language(site: Any) -> None:
    before = {code: site.text(f"{code}/account/a.md") for code in ("en", "ko")}
    assert run(site, "reviewed", "account/a").output == "content/en/account/a.md: reviewed on 2026-11-20.\n"
    assert site.text("en/account/a.md") == before["en"].replace("reviewed: 2026-10-01\n", "reviewed: 2026-11-20\n", 1)
    assert site.text("ko/account/a.md") == before["ko"]


@pytest.mark.parametrize(
    "arguments", [("account/a", "--lang", "ko"), ("content/ko/account/a.md",), ("/ko/account/a/",)]
)
def test_another_language_is_named_by_option_file_or_address(site: Any, arguments: tuple[str, ...]) -> None:
    assert run(site, "reviewed", *arguments, "--on", "2026-11-01").exit_code == 0
    assert "reviewed: 2026-11-01" in site.text("ko/account/a.md")
    assert "reviewed: 2026-10-01" in site.text("en/account/a.md").split("---")[1]


def test_one_mistake_changes_nothing(site: Any) -> None:
    result = run(site, "reviewed", "account/a", "account/none")
    assert result.exit_code == 2
    assert "content/en/account/none.md is not there." in result.output
    assert "reviewed: 2026-10-01" in site.text("en/account/a.md").split("---")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--on", "yesterday"), "--on is 'yesterday'. Write a day as YYYY-MM-DD."),
        (("--on", "2026-11-21"), "--on is 2026-11-21, and today is 2026-11-20. Name a day that has come."),
        (("--lang", "fr"), "--lang is 'fr'; the site has: en, ko."),
    ],
)
def test_a_review_that_cannot_be_is_explained(site: Any, arguments: tuple[str, ...], message: str) -> None:
    result = run(site, "reviewed", "account/a", *arguments)
    assert (result.exit_code, result.output) == (2, f"{message}\n")


def test_a_second_review_on_a_day_is_none(site: Any) -> None:
    run(site, "reviewed", "account/a")
    assert run(site, "reviewed", "account/a").output == "content/en/account/a.md: reviewed on 2026-11-20 already.\n"


@pytest.mark.parametrize("code", ["en", "ko"])
def test_a_new_article_passes_the_checks_and_is_a_draft(site: Any, code: str) -> None:
    options = ("--title", 'Say "when": #1', "--summary", "Find out when it is.")
    assert run(site, "new", "account/when", "--lang", code, *options).exit_code == 0
    text = site.text(f"{code}/account/when.md")
    assert "owner: identity\n" in text
    assert "draft: true\n" in text
    result = run(site, "check", "--lang", code)
    assert f"{code}/account/when.md" not in result.output
    site.build()
    assert not (site.site / code / "account/when").exists()


def test_a_title_that_an_article_has_already_is_refused_with_its_file(site: Any) -> None:
    result = run(site, "new", "account/other", "--title", " a ")
    assert result.exit_code == 2
    assert result.output == (
        "--title is ' a ', and so is that of content/en/account/a.md: readers could not tell them apart. Say what only "
        "this article is about, or write into that one.\n"
    )
    assert run(site, "new", "account/other", "--lang", "ko", "--title", "A").exit_code == 0


def test_an_owner_that_is_probably_a_typing_error_is_refused(site: Any) -> None:
    result = run(site, "new", "account/other", "--title", "T", "--owner", "idnetity")
    assert (result.exit_code, result.output) == (
        2,
        "--owner: 'idnetity' owns no article and is not in content/owners.yml. Did you mean identity? "
        "Else add “idnetity: <address>” there first.\n",
    )
    site.write({"owners.yml": "idnetity: a@example.com\n"})
    assert run(site, "new", "account/other", "--title", "T", "--owner", "idnetity").exit_code == 0


def test_a_new_owner_is_taken_and_told_of_its_address(site: Any) -> None:
    result = run(site, "new", "account/other", "--title", "T", "--owner", "printers")
    assert result.exit_code == 0
    assert "Add “printers: <address>” there, so that reviews are asked for." in result.output
    assert "owner: printers\n" in site.text("en/account/other.md")


def test_a_translation_of_an_internal_article_begins_as_internal(site: Any) -> None:
    run(site, "new", "account/staff", "--title", "Staff", "--internal")
    assert run(site, "new", "account/staff", "--lang", "ko", "--title", "직원").exit_code == 0
    assert "audience: internal\n" in site.text("ko/account/staff.md")
    run(site, "new", "account/all", "--title", "All")
    run(site, "new", "account/all", "--lang", "ko", "--title", "모두")
    assert "audience" not in site.text("ko/account/all.md")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("account/a",), "content/en/account/a.md is there already."),
        (("other/a",), "there is no category other. Use one of: account, network"),
        (("account/My",), "account/My is no path."),
        (("account",), "account is no path."),
        (("../../x/y",), "is no path."),
        (("network/a",), "Nobody owns articles in network yet."),
        (("account/old",), "account/old is an old address in redirects.yml."),
        (("account/long", "--summary", "x" * 201), "Shorten it to 200 characters"),
    ],
)
def test_an_article_that_cannot_be_is_explained(site: Any, arguments: tuple[str, ...], message: str) -> None:
    site.write({"redirects.yml": "account/old: account/a\n"})
    result = run(site, "new", *arguments, "--title", "T")
    assert result.exit_code == 2
    assert message in result.output
