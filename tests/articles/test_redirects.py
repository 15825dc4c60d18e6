"""Old addresses lead to new ones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser

from answerdesk.articles.errors import ContentError
from answerdesk.articles.redirects import (
    address_of,
    covering_redirects,
    follow,
    load_redirects,
    lost_redirects,
)


def test_without_the_file_there_are_no_redirects(tmp_path: Path) -> None:
    assert load_redirects(tmp_path) == {}


def test_an_empty_file_has_no_redirects(tmp_path: Path) -> None:
    (tmp_path / "redirects.yml").write_text("# none yet\n", "utf-8")
    assert load_redirects(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a", "holds a list. Write one “old path: new path” a line."),
        ("a: [", "did not find expected node content"),
        ("../a: b", "'../a' is no old path"),
        ("a/../../b: b", "is no old path"),
        ("/etc: b", "is no old path"),
        ("a/: b", "is no old path"),
        (".htaccess: b", "is no old path"),
        ("1: b", "1 is no old path"),
        ("'a /b': b", "is no old path"),
        ("a: https://example.com", "a leads to 'https://example.com'"),
        ("a: ", "a leads to empty"),
    ],
)
def test_what_is_no_redirect_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "redirects.yml").write_text(text, "utf-8")
    with pytest.raises(ContentError) as raised:
        load_redirects(tmp_path)
    assert message in str(raised.value)
    assert "redirects.yml" in str(raised.value)


def test_old_paths_may_be_those_of_another_site(tmp_path: Path) -> None:
    (tmp_path / "redirects.yml").write_text("A/My_Page.html: a/b\nsupport/ürün: a/b\nTwo words/日本: a/b\n", "utf-8")
    assert set(load_redirects(tmp_path)) == {"A/My_Page.html", "support/ürün", "Two words/日本"}


def test_a_chain_is_followed_to_its_end() -> None:
    assert follow({"a": "b", "b": "c"}, "a") == "c"


def test_a_circle_leads_nowhere() -> None:
    assert follow({"a": "b", "b": "a"}, "a") is None


@pytest.mark.parametrize(
    ("old", "address"), [("a/b", "a/b/index.html"), ("a/b.html", "a/b.html"), ("a/index.html", "a/index.html")]
)
def test_an_old_path_is_answered_where_it_was(old: str, address: str) -> None:
    assert address_of(old) == address


@pytest.mark.parametrize(
    ("redirects", "words"),
    [
        ({"old": "none"}, "There is no such article in any language"),
        ({"a": "b", "b": "a"}, "circle"),
        ({"search/old": "net/vpn"}, "Every site has a page there"),
        ({"net": "net/vpn"}, "Every site has a page there"),
        ({"feed.xml": "net/vpn"}, "Every site has a page there"),
    ],
)
def test_a_redirect_to_nothing_is_a_problem_with_a_cure(redirects: dict[str, str], words: str) -> None:
    problems = lost_redirects(redirects, {"net/vpn"}, ["net"])
    assert problems
    assert all("content/redirects.yml" in str(problem) and words in str(problem) for problem in problems)


@pytest.mark.parametrize("old", ["net/vpn", "net/vpn/index.html"])
def test_an_articles_own_address_is_no_old_one(old: str) -> None:
    assert len(covering_redirects({old: "net/wi-fi"}, {"net/vpn", "net/wi-fi"})) == 1


def test_a_redirect_over_an_article_is_a_problem_with_a_cure() -> None:
    [problem] = covering_redirects({"net/vpn": "net/wi-fi", "net/old": "net/wi-fi"}, {"net/vpn", "net/wi-fi"})
    assert str(problem) == (
        "content/redirects.yml: net/vpn leads to net/wi-fi. There is an article at this path; take the redirect out."
    )


@pytest.fixture
def moved(tree: Callable[..., Any], article: Callable[..., str]) -> Any:
    """Build a site in which account/old has moved to account/new, and account/gone to one that only English has."""
    made = tree(
        {
            "redirects.yml": "account/older: account/old\naccount/old: account/new\naccount/gone: account/english\n",
            "en/account/new.md": article("New & <b>true</b>"),
            "en/account/english.md": article("English only"),
            "ar/account/new.md": article("جديد"),
        },
        languages=["en", "ar"],
    )
    assert [(outcome.is_built, outcome.messages) for outcome in made.build()] == [(True, ())] * 2
    return made


def test_every_language_answers_at_its_old_addresses(moved: Any) -> None:
    for code in ("en", "ar"):
        for old in ("old", "older"):
            page = moved.page(f"{code}/account/{old}/index.html")
            assert f'<link rel="canonical" href="https://help.example.com/{code}/account/new/">' in page
            assert '<meta name="robots" content="noindex">' in page
            assert '<meta http-equiv="refresh" content="0; url=../../account/new/">' in page
            assert '<a href="../../account/new/">' in page


def test_an_old_address_speaks_the_language_of_its_site(moved: Any) -> None:
    page = moved.page("ar/account/old/index.html")
    assert '<html lang="ar" dir="rtl">' in page
    assert "نُقلت هذه الصفحة" in page


def test_an_article_of_the_source_language_is_named_in_that_language(moved: Any) -> None:
    page = moved.page("ar/account/gone/index.html")
    assert 'href="../../account/english/" lang="en" hreflang="en" dir="ltr">English only</a>' in page
    assert '<link rel="canonical" href="https://help.example.com/en/account/english/">' in page


def test_an_article_that_a_language_has_not_is_shown_in_another(moved: Any) -> None:
    settings = yaml.safe_load(moved.config.read_text("utf-8"))
    settings["plugins"]["answerdesk/articles"]["fallback"] = False
    moved.config.write_text(yaml.safe_dump(settings), "utf-8")
    moved.build()
    page = moved.page("ar/account/gone/index.html")
    assert 'href="../../../en/account/english/" lang="en" hreflang="en" dir="ltr">English</a>' in page
    assert '<link rel="canonical" href="https://help.example.com/en/account/english/">' in page


def test_a_title_becomes_no_markup(moved: Any) -> None:
    assert "New &amp; &lt;b&gt;true&lt;/b&gt;" in moved.page("en/account/old/index.html")


def test_old_addresses_are_in_no_list_feed_or_index(moved: Any) -> None:
    for file in moved.site.rglob("*"):
        if file.is_file() and file.parent.name not in ("old", "older", "gone"):
            assert b"account/old" not in file.read_bytes(), file
            assert b"account/gone" not in file.read_bytes(), file


def test_a_redirect_that_is_taken_out_is_gone(moved: Any) -> None:
    moved.write({"redirects.yml": "account/old: account/new\n"})
    moved.build()
    assert (moved.site / "en/account/old/index.html").is_file()
    assert not (moved.site / "en/account/older").exists()
    assert not (moved.site / "ar/account/gone").exists()


@pytest.mark.parametrize(
    ("redirects", "message"),
    [
        ("account/old: account/none\n", "There is no such article"),
        ("account/new: account/english\n", "There is an article at this path"),
    ],
)
def test_a_redirect_that_cannot_be_fails_the_build(moved: Any, redirects: str, message: str) -> None:
    moved.write({"redirects.yml": redirects})
    outcomes = {outcome.language: outcome for outcome in moved.build()}
    assert not outcomes["en"].is_built
    assert message in "".join(outcomes["en"].messages)


def test_a_browser_keeps_the_section_that_was_asked_for_even_from_disk(moved: Any, browser: Browser) -> None:
    page = browser.new_page()
    page.goto((moved.site / "en/account/old/index.html").as_uri() + "#what-to-do")
    page.wait_for_url("**/en/account/new/index.html#what-to-do")
    assert page.locator("h1").inner_text() == "New & <b>true</b>"
    page.close()


def test_without_javascript_a_browser_goes_by_itself(moved: Any, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((moved.site / "ar/account/gone/index.html").as_uri())
    page.wait_for_url("**/ar/account/english/")
    page.context.close()
