"""Files beside the articles: redirects lead somewhere, and nothing is kept for articles that are gone."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from answerdesk.checks.report.finding import Finding, Level
from answerdesk.cli import main

Find = Callable[..., list[Finding]]
ARTICLES = {"en/account/a.md": "Text.", "en/network/vpn.md": "Text.", "ko/account/a.md": "Text."}
DRAFT = (
    "---\ntitle: T\nsummary: S.\ncategory: network\nowner: o\nreviewed: 2026-10-01\nreview_every: 180\n{}\n---\nText.\n"
)


def redirects(find: Find, text: str, articles: Mapping[str, str] = ARTICLES) -> list[Finding]:
    return find("redirect", {**articles, "redirects.yml": text}, redirects=yaml.safe_load(text))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# moved\naccount/old: account/gone\n", 2, "account/old leads to account/gone. Whoever follows an old link"),
        ("account/old: account/older\naccount/older: account/gone\n", 1, "account/old leads to account/gone"),
        ("account/b: account/c\naccount/c: account/b\n", 1, "It goes round in a circle"),
        ("account/old: account/old\n", 1, "It goes round in a circle"),
        ("\naccount/a: network/vpn\n", 2, "account/a leads to network/vpn. Readers get that article, so nobody"),
        ("search/old: account/a\n", 1, "Every site has a page there"),
        ("network: account/a\n", 1, "Every site has a page there"),
        ("account/old: https://example.com\n", 1, "account/old leads to 'https://example.com'. The build refuses"),
        ("../old: account/a\n", 1, "'../old' is no old path"),
        ("1: account/a\n", 1, "1 is no old path"),
        ("account/old: account/a\naccount/old: network/vpn\n", 2, "account/old is there already, in line 1"),
    ],
)
def test_a_redirect_that_leads_nobody_anywhere_is_named_with_its_line(
    find: Find, text: str, line: int, words: str
) -> None:
    found = redirects(find, text)[0]
    assert (found.file, found.line) == ("content/redirects.yml", line)
    assert words in found.text


@pytest.mark.parametrize(
    "text",
    ["", "account/old: account/a\n", "account/older: account/old\naccount/old: network/vpn\n", "x.html: account/a\n"],
)
def test_redirects_that_lead_to_articles_are_good(find: Find, text: str) -> None:
    assert find("redirect", {**ARTICLES, "redirects.yml": text}, redirects=yaml.safe_load(text) or {}) == []


def test_an_article_that_only_another_language_has_is_an_article(find: Find) -> None:
    files = {**ARTICLES, "ko/account/own.md": "Text."}
    assert redirects(find, "account/old: account/own\n", files) == []
    (found,) = redirects(find, "account/own: account/a\n", files)
    assert found.cure == "There is an article at this path; take the redirect out"


def test_a_redirect_over_an_article_of_all_languages_is_said_once(find: Find) -> None:
    assert len(redirects(find, "account/a: network/vpn\n")) == 1


def test_words_for_an_article_that_is_gone_are_named(find: Find) -> None:
    words = "# own words\nnetwork/vpn: {title: 가상사설망}\nnetwork/gone: {aliases: [x]}\n"
    (found,) = find("leftover", {**ARTICLES, "fallbacks/ko.yml": words})
    assert (found.file, found.line, found.level) == ("content/fallbacks/ko.yml", 3, Level.WARNING)
    assert found.what == "there is no article network/gone in en"
    assert found.cure == "Mend the path, or take the entry out"


def test_words_for_an_article_that_has_moved_are_told_where(find: Find) -> None:
    files = {**ARTICLES, "fallbacks/ko.yml": "network/old: {title: 가상사설망}\n"}
    (found,) = find("leftover", files, redirects={"network/old": "network/older", "network/older": "network/vpn"})
    assert found.cure == "It has moved; write network/vpn"


def test_words_for_an_article_that_is_translated_by_now_are_named(find: Find) -> None:
    files = {**ARTICLES, "fallbacks/ko.yml": "account/a: {aliases: [x]}\n"}
    (found,) = find("leftover", files)
    assert found.what == "account/a is translated into ko"
    assert "content/ko/account/a.md" in found.cure


@pytest.mark.parametrize("field", ["draft: true", "audience: internal"])
def test_words_are_kept_while_readers_do_not_see_the_translation(find: Find, field: str) -> None:
    files = {**ARTICLES, "ko/network/vpn.md": DRAFT.format(field), "fallbacks/ko.yml": "network/vpn: {aliases: [x]}\n"}
    assert find("leftover", files) == []


def test_a_record_of_a_translation_that_is_gone_is_named(find: Find) -> None:
    record = '# Written\naccount/a:\n- "00000000"\nnetwork/vpn:\n- "00000000"\nnetwork/gone:\n- "00000000"\n'
    found = find("leftover", {**ARTICLES, "sources/ko.yml": record})
    assert [(finding.line, finding.what) for finding in found] == [
        (4, "there is no article network/vpn in ko"),
        (6, "there is no article network/gone in en and ko"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("redirects.yml", "- a\n", "holds a list"),
        ("redirects.yml", "a: [", "did not find expected node content"),
        ("fallbacks/ko.yml", "network/vpn: VPN\n", "content/fallbacks/ko.yml:1: network/vpn is 'VPN'. Write"),
        ("sources/ko.yml", "# x\nnonsense here\n", "content/sources/ko.yml:2: 'nonsense here' is no article"),
    ],
)
def test_a_file_that_builds_refuse_is_refused(
    tree: Callable[..., Any], article: Callable[..., str], name: str, text: str, words: str
) -> None:
    made = tree({"en/account/a.md": article("A"), name: text}, languages=["en", "ko"])
    result = CliRunner().invoke(main, ["check", "-f", str(made.config)])
    assert (result.exit_code, type(result.exception)) == (2, SystemExit)
    assert words in result.output
    assert name in result.output


def test_the_command_reads_the_files_and_one_language_is_told_its_own(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = tree(
        {
            "en/account/a.md": article("A", aliases=["first"]),
            "redirects.yml": "account/old: account/gone\n",
            "fallbacks/ko.yml": "account/gone: {title: 가}\n",
            "fallbacks/tr.yml": "account/gone: {title: A}\n",
        },
        languages=["en", "ko", "tr"],
    )
    arguments = ["check", "-f", str(made.config), "--only", "redirect", "--only", "leftover"]
    lines = CliRunner().invoke(main, [*arguments, "--lang", "ko"]).stdout.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["content/fallbacks/ko.yml:1", "content/redirects.yml:1"]
