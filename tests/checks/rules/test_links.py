"""Links lead where readers can go."""

from collections.abc import Callable
from datetime import date

import pytest

from answerdesk.checks.report.finding import Finding, Level

A, B = "en/account/a.md", "en/network/b.md"
Find = Callable[..., list[Finding]]


def test_a_link_to_a_file_that_is_there_is_good(find: Find) -> None:
    files = {A: "[b](../network/b.md) [pdf](files/a%20b.pdf) [site](https://example.org/x)", B: "Text."}
    assert find("link", files | {"en/account/files/a b.pdf": b""}) == []


@pytest.mark.parametrize(
    ("link", "cure"),
    [
        ("../network/none.md", "Mend the path or take the link out"),
        ("../network/B.md", "Mind capital letters: write ../network/b.md"),
        ("../network/b", "Write ../network/b.md"),
        ("../network/b.html", "Write ../network/b.md"),
        ("b.md", "Did you mean ../network/b.md?"),
        ("../network/connect-vpn.md", "Did you mean ../network/connect-to-vpn.md?"),
        ("old.md", "It has moved; write ../network/b.md"),
    ],
)
def test_a_link_to_nothing_names_its_line_and_what_was_meant(find: Find, link: str, cure: str) -> None:
    files = {A: f"Text.\n\nSee [this]({link}).\n", B: "Text.", "en/network/connect-to-vpn.md": "Text."}
    (found,) = find("link", files, redirects={"account/old": "network/b"})
    assert (found.file, found.cure, found.level) == ("content/en/account/a.md", cure, Level.ERROR)
    assert found.line == 11
    assert link in found.what


def test_a_link_that_works_in_browsers_only_is_a_warning(find: Find) -> None:
    (found,) = find("link", {A: "[b](../../network/b/)", B: "Text."})
    assert (found.level, found.cure) == (Level.WARNING, "Write ../network/b.md")


def test_the_cure_keeps_the_part_behind_the_hash(find: Find) -> None:
    (found,) = find("link", {A: "[b](../../network/b/#get-in)", B: "## Get in\n"})
    assert found.cure == "Write ../network/b.md#get-in"
    (found,) = find("link", "[top](./#own)\n\n## Own\n")
    assert found.cure == "Write #own"


@pytest.mark.parametrize("target", ["../../network/b/", "../x.pdf", "https://example.org/", "#own"])
def test_raw_html_leads_where_browsers_find_it(find: Find, target: str) -> None:
    files = {A: f'<a href="{target}">b</a>\n\n## Own\n', B: "Text.", "en/account/x.pdf": b""}
    assert find("link", files) == []


def test_raw_html_that_leads_to_a_file_as_markdown_does_is_named(find: Find) -> None:
    (found,) = find("link", {A: 'See <a href="../network/b.md">b</a>.', B: "Text."})
    assert found.cure == "Write it in Markdown: [text](../network/b.md)"


@pytest.mark.parametrize("target", ["/en/network/b/", "https://help.example.com/en/network/b/"])
def test_the_sites_own_address_written_out_is_named(find: Find, target: str) -> None:
    (found,) = find("link", {A: f"[b]({target})", B: "Text."})
    assert found.cure == "Write ../network/b.md"


def test_the_sites_own_address_that_leads_nowhere_is_named(find: Find) -> None:
    (found,) = find("link", {A: "[b](https://help.example.com/en/network/none/)"})
    assert "leads to no article" in found.what


@pytest.mark.parametrize("target", ["https://help.example.com/ticket", "mailto:a@example.com", "tel:+12025550143"])
def test_links_that_leave_the_portal_are_let_be(find: Find, target: str) -> None:
    assert find("link", f"[form]({target})") == []


@pytest.mark.parametrize(
    "target", ["../../ko/network/b.md", "/ko/network/b/", "https://help.example.com/ko/network/b/"]
)
def test_a_link_into_another_language_names_the_article_of_its_own(find: Find, target: str) -> None:
    (found,) = find("language", {A: f"[b]({target})", B: "Text.", "ko/network/b.md": "글."})
    assert found.cure == "Link to ../network/b.md"


def test_a_link_to_what_is_not_translated_is_named_unless_the_source_stands_in(find: Find) -> None:
    files = {"ko/account/a.md": "[b](../network/b.md)", B: "Text."}
    (found,) = find("link", files)
    assert found.cure == "It is not translated yet: translate it, or take the link out"
    assert find("link", files, has_fallback=True) == []


def test_an_empty_link_of_a_paragraph_does_no_harm(find: Find) -> None:
    assert find("link", "[x](<>) [y](http://[)") != []


# anchors


def test_an_anchor_that_is_there_is_good(find: Find) -> None:
    assert find("anchor", {A: "[x](../network/b.md#get-in) [y](#own)\n\n## Own\n", B: "## Get in\n"}) == []


@pytest.mark.parametrize(
    ("link", "cure"),
    [
        ("../network/b.md#get-inn", "Write #get-in"),
        ("../network/b.md#Get-In", "Write #get-in"),
        ("../network/b.md#other", "Link to the article alone, or give its heading that name"),
        ("#none", "Link to the article alone, or give its heading that name"),
    ],
)
def test_an_anchor_that_is_not_there_is_named(find: Find, link: str, cure: str) -> None:
    (found,) = find("anchor", {A: f"[x]({link})", B: "## Get in\n"})
    assert found.cure == cure


def test_anchors_that_only_the_built_page_has_are_good(find: Find) -> None:
    tabs = '=== "Windows"\n\n    Text.\n\n=== "Mac"\n\n    Text.\n'
    assert find("anchor", {A: "[x](../network/b.md#__tabbed_1_2)", B: tabs}) == []


def test_an_anchor_in_another_alphabet_may_be_percent_encoded(find: Find) -> None:
    assert find("anchor", {"ko/account/a.md": "[x](#%EB%B9%84%EB%B0%80) [y](#비밀)\n\n## 비밀\n"}) == []


# audiences and states

META = (
    "---\ntitle: T\nsummary: S.\ncategory: network\nowner: o\nreviewed: 2026-10-01\nreview_every: 180\n{}---\nText.\n"
)


@pytest.mark.parametrize(
    ("field", "what"),
    [
        ("audience: internal\n", "leads to an internal article"),
        ("draft: true\n", "leads to an article that is a draft"),
        ("publish: 2027-01-01\n", "leads to an article that is not published yet"),
    ],
)
def test_a_public_article_does_not_lead_to_what_its_readers_may_not_see(find: Find, field: str, what: str) -> None:
    files = {A: "[b](../network/b.md)", B: META.format(field)}
    (found,) = find("audience", files, today=date(2026, 11, 1))
    assert found.what.endswith(what)


@pytest.mark.parametrize("field", ["audience: internal\n", "draft: true\n"])
def test_an_article_that_nobody_sees_either_may_lead_there(find: Find, field: str) -> None:
    hidden = META.format(field)
    files = {B: hidden.replace("Text.", "[c](c.md)"), "en/network/c.md": hidden}
    assert find("audience", files, today=date(2026, 11, 1)) == []


def test_a_link_to_an_archived_article_is_a_warning(find: Find) -> None:
    files = {
        A: META.format("").replace("network", "account").replace("Text.", "[b](../network/b.md)"),
        B: META.format("").replace("180", "1"),
    }
    (found,) = find("archived", files, today=date(2027, 1, 1), grace_days=30)
    assert found.level is Level.WARNING
    assert find("archived", files, today=date(2026, 10, 5), grace_days=30) == []


# related


def test_a_related_article_that_there_is_not_is_named_with_its_line(find: Find, article: Callable[..., str]) -> None:
    text = article("A", related=["network/b", "network/bb"])
    (found,) = find("related", {A: text, B: "Text."})
    assert found.what == "related is 'network/bb', which this language does not have"
    assert text.split("\n")[found.line - 1] == "- network/bb"


def test_an_article_is_not_related_to_itself(find: Find, article: Callable[..., str]) -> None:
    (found,) = find("related", {A: article("A", related=["account/a"])})
    assert found.cure == "Take it out"


def test_a_related_article_is_one_that_readers_may_see(find: Find, article: Callable[..., str]) -> None:
    files = {A: article("A", related=["network/b"]), B: META.format("audience: internal\n")}
    assert len(find("audience", files, today=date(2026, 11, 1))) == 1
