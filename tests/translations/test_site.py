"""What readers see: marks at outdated steps, and the source's article where there is no translation."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from accessibility import violations
from click.testing import CliRunner
from playwright.sync_api import Page

from answerdesk.authoring.check_site import check_content
from answerdesk.build.site_build import build_site
from answerdesk.cli import main
from answerdesk.search import open_index

KO_VPN = "ko/network/vpn/index.html"


def record(translations: Any) -> None:
    done = CliRunner().invoke(main, ["translated", "-f", str(translations.config), "--all", "--lang", "ko"])
    assert done.exit_code == 0, done.output


def edit(translations: Any, path: str, old: str, new: str) -> None:
    assert old in translations.text(path)
    translations.write({path: translations.text(path).replace(old, new)})


def build(translations: Any) -> Any:
    outcomes = translations.build()
    assert all(outcome.is_built for outcome in outcomes), outcomes
    return translations


def digest(site: Path) -> dict[str, bytes]:
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in site.rglob("*") if file.is_file()}


def axe(page: Page, translations: Any, path: str) -> list[str]:
    page.route("**/*", lambda route: route.fulfill(path=translations.site / urlsplit(route.request.url).path[1:]))
    page.goto(f"http://site.test/{path}")
    return violations(page)


@pytest.fixture
def drifted(translations: Any) -> Any:
    """Build a site whose only translation is older than its source, in one step."""
    record(translations)
    edit(
        translations,
        "en/account/reset.md",
        "Choose **Reset**.",
        "Choose **Start over**. See [the VPN](../network/vpn.md).",
    )
    return build(translations)


# Outdated translations


def test_a_current_translation_and_one_of_which_nothing_is_known_have_no_mark(translations: Any) -> None:
    edit(translations, "en/account/reset.md", "Wait.", "Wait a minute.")
    assert "drift" not in build(translations).page("ko/account/reset/index.html")
    record(translations)
    assert "drift" not in build(translations).page("ko/account/reset/index.html")


def test_the_step_that_changed_is_marked_with_the_current_source_and_a_notice_leads_to_it(drifted: Any) -> None:
    page = drifted.page("ko/account/reset/index.html")
    assert re.findall(r'<li class="drifted">(.*?)\n?<details', page) == ["<strong>재설정</strong>을 고르세요."]
    assert page.count('class="drift"') == 1
    assert '<div lang="en" dir="ltr"><ol start="2"><li><p>Choose <strong>Start over</strong>.' in page
    assert '<a href="#source-change-1">' in page
    assert 'id="source-change-1"' in page


def test_links_in_the_current_source_lead_to_pages_that_are_there(drifted: Any) -> None:
    assert '<a href="../../network/vpn/">the VPN</a>' in drifted.page("ko/account/reset/index.html")


def test_without_fallback_links_in_the_current_source_lead_into_its_own_site(translations: Any) -> None:
    translations.config.write_text(
        translations.config.read_text("utf-8").replace("languages:", "fallback: false\n    languages:"), "utf-8"
    )
    edit(translations, "ko/account/reset.md", "related:\n- network/vpn\n", "")
    record(translations)
    edit(translations, "en/account/reset.md", "1. Open", "1. Now open")
    assert '<a href="../../../en/network/vpn/">the VPN</a>' in build(translations).page("ko/account/reset/index.html")


def test_a_link_in_the_current_source_tells_of_no_internal_article(
    translations: Any, article: Callable[..., str]
) -> None:
    record(translations)
    translations.write({"en/account/xyzzy.md": article("Hidden", audience="internal")})
    edit(translations, "en/account/reset.md", "Wait.", "Wait [for it](xyzzy.md).")
    assert all(outcome.is_built for outcome in translations.build(strict=False))
    page = translations.page("ko/account/reset/index.html")
    assert "Wait for it." in page
    assert "xyzzy" not in page


def test_the_companys_values_are_filled_in_and_are_no_change(translations: Any) -> None:
    record(translations)
    edit(translations, "company.yml", "555 0143", "555 0199")
    assert "drift" not in build(translations).page("ko/account/reset/index.html")
    edit(translations, "en/account/reset.md", "Call", "Ring")
    assert "Ring +1 202 555 0199." in build(translations).page("ko/account/reset/index.html")


def test_marks_go_when_the_translation_is_up_to_date_again(drifted: Any) -> None:
    record(drifted)
    assert "drift" not in build(drifted).page("ko/account/reset/index.html")


def test_the_source_beside_a_step_is_not_found_in_its_translation(drifted: Any) -> None:
    assert open_index(drifted.site / "ko/search").search("Choose").results == ()


def test_what_could_run_is_refused_beside_a_step_too(translations: Any) -> None:
    record(translations)
    edit(translations, "en/account/reset.md", "Wait.", '<img src="x.png" onerror="run()" alt="">')
    (ko,) = [outcome for outcome in translations.build() if outcome.language == "ko"]
    assert not ko.is_built
    line = 1 + next(
        n for n, text in enumerate(translations.text("en/account/reset.md").split("\n")) if "onerror" in text
    )
    assert any(f"content/en/account/reset.md:{line}: onerror= could run" in message for message in ko.messages)


def test_a_draft_of_the_source_leaves_no_mark_on_a_published_translation(translations: Any) -> None:
    record(translations)
    edit(translations, "en/account/reset.md", "Wait.", "Xyzzy.")
    text = translations.text("en/account/reset.md").replace("---\n", "---\ndraft: true\n", 1)
    translations.write({"en/account/reset.md": text})
    edit(translations, "en/network/vpn.md", "related:\n- account/reset\n", "")
    page = build(translations).page("ko/account/reset/index.html")
    assert "Xyzzy" not in page
    assert "drift" not in page


def test_marks_that_come_with_a_change_are_those_of_a_clean_build(drifted: Any) -> None:
    edit(drifted, "en/account/reset.md", "Wait.", "Wait a minute.")
    edit(drifted, "en/network/vpn.md", "Start it.", "Start it twice.")
    made = digest(build(drifted).site)
    assert all(outcome.is_built for outcome in build_site(drifted.config, strict=True, is_forced=True))
    assert digest(drifted.site) == made
    assert made["ko/account/reset/index.html"].count(b'<li class="drifted">') == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_are_accessible(drifted: Any, page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    results = axe(page, drifted, "ko/account/reset/index.html")
    assert not results


# Articles that are not translated


def test_an_article_that_is_not_translated_is_shown_in_the_source_language_and_says_so(translations: Any) -> None:
    page = build(translations).page(KO_VPN)
    assert '<html lang="ko" dir="ltr">' in page
    assert '<h1 lang="en" dir="ltr">Connect to the VPN</h1>' in page
    assert '<div class="prose" lang="en" dir="ltr"><p>Start it.</p></div>' in page
    assert "이 문서는 아직 한국어로 번역되지 않아 English로 표시됩니다." in page


def test_search_engines_are_led_to_the_source_alone(translations: Any) -> None:
    page = build(translations).page(KO_VPN)
    assert '<meta name="robots" content="noindex">' in page
    assert '<link rel="canonical" href="https://help.example.com/en/network/vpn/">' in page
    assert 'rel="alternate" hreflang' not in page
    assert 'hreflang="ko" href' not in translations.page("en/network/vpn/index.html").split("<body")[0]
    assert "network/" not in translations.page("ko/sitemap.xml")
    assert "network/vpn" not in translations.page("ko/feed.xml")
    assert "ko/network/vpn" not in translations.page("en/sitemap.xml")


def test_lists_and_the_language_switch_say_in_which_language_it_is(translations: Any) -> None:
    build(translations)
    link = r'network/vpn/" lang="en" dir="ltr">Connect to the VPN</a>.{0,120}>English</span>'
    for path in ("ko/network/index.html", "ko/a-z/index.html", "ko/account/reset/index.html"):
        assert re.search(link, translations.page(path)), path
    switch = r'href="../../../ko/network/vpn/"[^>]* title="Not translated yet: shown in English"'
    assert re.search(switch, translations.page("en/network/vpn/index.html"))


def test_it_is_found_under_the_languages_own_words(translations: Any) -> None:
    translations.write({"fallbacks/ko.yml": "network/vpn: {title: VPN 연결하기, aliases: [가상사설망]}\n"})
    index = open_index(build(translations).site / "ko/search")
    assert [result.url for result in index.search("가상사설망").results] == ["network/vpn/"]
    assert [result.title for result in index.search("tunnel").results] == ["VPN 연결하기"]
    page = translations.page(KO_VPN)
    assert "<h1>VPN 연결하기</h1>" in page
    assert "가상사설망" not in translations.page("en/network/vpn/index.html")


def test_a_translation_takes_its_place(translations: Any, article: Callable[..., str]) -> None:
    build(translations)
    translations.write({"ko/network/vpn.md": article("사설망", category="network")})
    page = build(translations).page(KO_VPN)
    assert "사설망" in page
    assert "Start it." not in page
    assert "ko/network/vpn" in translations.page("en/sitemap.xml")


def test_a_change_of_the_source_is_seen_in_the_language_that_shows_it(translations: Any) -> None:
    build(translations)
    edit(translations, "en/network/vpn.md", "Start it.", "Stop it.")
    assert "Stop it." in build(translations).page(KO_VPN)


def test_a_change_of_an_article_that_a_language_does_not_show_builds_only_its_own(translations: Any) -> None:
    build(translations)
    edit(
        translations, "en/account/reset.md", "Wait.", "Wait a minute."
    )  # nobody recorded what the translation was made from
    assert [outcome.language for outcome in translations.build() if not outcome.is_unchanged] == ["en"]


def test_pictures_of_a_source_article_come_along(translations: Any) -> None:
    edit(translations, "en/network/vpn.md", "Start it.", "![a key](key.svg)")
    translations.write({"en/network/key.svg": "<svg/>", "en/network/other.svg": "<svg/>"})
    build(translations)
    assert (translations.site / "ko/network/key.svg").is_file()
    assert not (translations.site / "ko/network/other.svg").exists()


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ("![열쇠](key.svg)", "key.svg"),
        ("![열쇠](img/a%20key.svg)", "img/a key.svg"),
        ("![열쇠](<img/a key.svg>)", "img/a key.svg"),
        ("![열쇠](key(1).svg)", "key(1).svg"),
        ("![열쇠][k]\n\n[k]: key.svg", "key.svg"),
        ("[양식](form.pdf)", "form.pdf"),
        ('<img src="../key.svg" alt="열쇠">', "key.svg"),
    ],
)
def test_a_translation_shows_the_pictures_of_its_source(translations: Any, written: str, file: str) -> None:
    edit(translations, "ko/account/reset.md", "기다리세요.", f"기다리세요.\n\n{written}")
    translations.write({f"en/account/{file}": "<svg/>", "en/account/other.svg": "<svg/>"})
    assert check_content(translations.config, rules=["image", "link"]) == []
    build(translations)
    assert (translations.site / "ko/account" / file).read_text("utf-8") == "<svg/>"
    assert not (translations.site / "ko/account/other.svg").exists()


def test_a_translated_picture_takes_the_place_of_the_sources(translations: Any) -> None:
    edit(translations, "ko/account/reset.md", "기다리세요.", "![열쇠](key.svg)")
    edit(translations, "en/network/vpn.md", "Start it.", "![a key](tunnel.svg)")
    pictures = {"account/key.svg": "<svg/>", "network/tunnel.svg": "<svg/>"}
    translations.write({f"en/{name}": text for name, text in pictures.items()})
    build(translations)
    translations.write({f"ko/{name}": "<svg>한</svg>" for name in pictures})
    build(translations)
    assert {(translations.site / "ko" / name).read_text("utf-8") for name in pictures} == {"<svg>한</svg>"}


def test_a_picture_of_the_source_that_changes_is_new_in_translations_too(translations: Any) -> None:
    edit(translations, "ko/account/reset.md", "기다리세요.", "![열쇠](key.svg)")
    translations.write({"en/account/key.svg": "<svg/>", "ko/network/vpn.md": translations.text("en/network/vpn.md")})
    build(translations)
    translations.write({"en/account/key.svg": "<svg>2</svg>"})
    build(translations)
    assert (translations.site / "ko/account/key.svg").read_text("utf-8") == "<svg>2</svg>"


def test_without_fallback_the_pictures_of_the_source_are_missed(translations: Any) -> None:
    edit(translations, "ko/account/reset.md", "기다리세요.", "![열쇠](key.svg)")
    edit(translations, "ko/account/reset.md", "related:\n- network/vpn\n", "")
    translations.write({"en/account/key.svg": "<svg/>"})
    translations.config.write_text(
        translations.config.read_text("utf-8").replace("languages:", "fallback: false\n    languages:"), "utf-8"
    )
    assert [finding.rule for finding in check_content(translations.config, rules=["image"])] == ["image"]
    assert not next(one for one in translations.build() if one.language == "ko").is_built


def test_internal_articles_and_drafts_are_lent_to_nobody(translations: Any, article: Callable[..., str]) -> None:
    translations.write(
        {
            "en/network/secret.md": article("Xyzzy", "Xyzzy.\n", category="network", audience="internal"),
            "en/network/draft.md": article("Xyzzy", "Xyzzy.\n", category="network", draft=True),
            "fallbacks/ko.yml": "network/secret: {title: Xyzzy, aliases: [Xyzzy]}\n",
        }
    )
    build(translations)
    assert not (translations.site / "ko/network/secret").exists()
    assert not (translations.site / "ko/network/draft").exists()
    assert all(b"Xyzzy" not in file.read_bytes() for file in translations.site.rglob("*") if file.is_file())


def test_without_fallback_there_is_no_such_page(translations: Any) -> None:
    translations.config.write_text(
        translations.config.read_text("utf-8").replace("languages:", "fallback: false\n    languages:"), "utf-8"
    )
    edit(translations, "ko/account/reset.md", "related:\n- network/vpn\n", "")
    build(translations)
    assert not (translations.site / "ko/network").exists()
    assert "../network/" not in translations.page("ko/index.html")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("- a\n", "1: the file holds a list"),
        ("a: 1\nb: [\n", "3: did not find expected node content"),
        ("a: {title: x}\nnetwork/vpn: VPN\n", "2: network/vpn is 'VPN'"),
        ("network/vpn: {alias: [x]}\n", "1: network/vpn is {alias"),
        ("network/vpn:\n  title: x\n  aliases: x\n", "3: network/vpn: aliases is 'x'"),
        ("network/vpn:\n  title: 1\n", "2: network/vpn: title is 1"),
    ],
)
def test_a_mistake_in_the_languages_own_words_is_named_by_file_and_line(
    translations: Any, text: str, named: str
) -> None:
    translations.write({"fallbacks/ko.yml": text})
    (messages,) = [outcome.messages for outcome in translations.build() if outcome.language == "ko"]
    assert messages[0].startswith(f"content/fallbacks/ko.yml:{named}")


def test_a_lent_page_is_accessible(translations: Any, page: Page) -> None:
    results = axe(page, build(translations), KO_VPN)
    assert not results
