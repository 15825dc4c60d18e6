"""Building a site: what is built when, what fails and how, what all languages share."""

import json
import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from answerdesk.articles.build_audience import Edition
from answerdesk.articles.reader import Reader
from answerdesk.build.configuration import languages_of, load_site_config, root_url
from answerdesk.build.fingerprint import basis_of, fingerprints, survey
from answerdesk.build.language_build import BuildState, build_language
from answerdesk.build.site_build import Outcome, build_site

ROOT = Path(__file__).parents[2]
GOOD = "---\ntitle: A\nsummary: S.\ncategory: account\nowner: o\nreviewed: 2026-10-01\nreview_every: 180\n"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> ModuleType:
    return request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))


@pytest.fixture(scope="session")
def article(shared: ModuleType) -> Callable[..., str]:
    return shared.article


@pytest.fixture
def unbuilt(tree: Callable[..., Any], article: Callable[..., str]) -> Any:
    """Write a site in English and Korean."""
    return tree(
        {"en/account/a.md": article("A"), "ko/account/a.md": article("가")}, languages=["en", "ko"], fallback=False
    )


@pytest.fixture
def pair(unbuilt: Any) -> Any:
    """Build a site in English and Korean, to be changed."""
    assert built(unbuilt.build()) == ["en", "ko"]
    return unbuilt


@pytest.fixture(scope="session")
def finished(shared: ModuleType, article: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Build a site in English and Korean once, to be looked at."""
    made = shared.Tree(tmp_path_factory.mktemp("finished"), ["en", "ko"])
    made.write({"categories.yml": yaml.safe_dump(shared.CATEGORIES), "company.yml": yaml.safe_dump(shared.COMPANY)})
    made.write({"en/account/a.md": article("A"), "ko/account/a.md": article("가")})
    assert built(made.build()) == ["en", "ko"]
    return made


def built(outcomes: list[Outcome]) -> list[str]:
    assert all(outcome.is_built for outcome in outcomes), outcomes
    return [outcome.language for outcome in outcomes if not outcome.is_unchanged]


def use_portal_of_its_own(made: Any) -> Path:
    portal = made.folder / "portal"
    shutil.copytree(ROOT / "portal", portal)
    configure(made, theme={"custom_dir": str(portal)})
    return portal


def configure(made: Any, **settings: object) -> None:
    made.config.write_text(yaml.safe_dump(yaml.safe_load(made.config.read_text("utf-8")) | settings), "utf-8")


def marks(made: Any) -> Mapping[str, str]:
    """Return what the fingerprint of each language is now."""
    config = load_site_config(made.config)
    edition = Edition(today=date(2026, 11, 20))
    found = survey(config, made.languages, Reader(), edition)
    return fingerprints(config, made.languages, basis_of(made.config, config, edition), found)


def aged_marks(made: Any) -> Mapping[str, str]:
    """Let all files be some seconds old, and return the fingerprints."""
    for file in made.folder.rglob("*"):
        os.utime(file, (1, 1))
    return marks(made)


def changed(made: Any, before: Mapping[str, str]) -> list[str]:
    return [code for code, mark in marks(made).items() if mark != before[code]]


def digest(site: Path) -> dict[str, bytes]:
    return {str(file.relative_to(site)): file.read_bytes() for file in sorted(site.rglob("*")) if file.is_file()}


# What is built


def test_a_site_that_did_not_change_is_not_built_again(finished: Any) -> None:
    before = {file: file.stat().st_mtime_ns for file in finished.site.rglob("*/account/a/index.html")}
    assert built(finished.build()) == []
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_a_change_in_one_language_builds_that_one(pair: Any, article: Callable[..., str]) -> None:
    pair.write({"ko/account/a.md": article("나")})
    assert built(pair.build()) == ["ko"]
    assert "나" in pair.page("ko/account/a/index.html")


def test_a_new_article_builds_the_languages_that_lead_to_it(unbuilt: Any, article: Callable[..., str]) -> None:
    before = aged_marks(unbuilt)
    unbuilt.write({"ko/account/b.md": article("나")})
    assert changed(unbuilt, before) == ["en", "ko"]


def test_an_article_that_is_gone_is_gone_from_the_site(pair: Any) -> None:
    (pair.folder / "content/ko/account/a.md").unlink()
    assert built(pair.build()) == ["en", "ko"]
    assert not (pair.site / "ko/account/a").exists()
    assert "ko/account/a/" not in pair.page("en/account/a/index.html")


@pytest.mark.parametrize("name", ["content/categories.yml", "content/company.yml", "mkdocs.yml", "portal/home.html"])
def test_a_change_in_what_all_share_builds_all(unbuilt: Any, name: str) -> None:
    use_portal_of_its_own(unbuilt)
    before = aged_marks(unbuilt)
    file = unbuilt.folder / name
    file.write_text(file.read_text("utf-8") + "\n# changed\n", "utf-8")
    assert changed(unbuilt, before) == ["en", "ko"]


def test_a_picture_builds_its_language(unbuilt: Any) -> None:
    before = aged_marks(unbuilt)
    unbuilt.write({"ko/account/a.svg": "<svg/>"})
    assert changed(unbuilt, before) == ["ko"]


def test_a_date_on_a_file_changes_nothing(pair: Any) -> None:
    before = {file: file.stat().st_mtime_ns for file in pair.site.rglob("*/*.html")}
    os.utime(pair.folder / "content/en/account/a.md", (1, 1))
    assert built(pair.build()) == []
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_a_file_that_changed_just_now_may_change_again_and_look_the_same(unbuilt: Any) -> None:
    before = aged_marks(unbuilt)
    assert changed(unbuilt, before) == []
    soon = time.time() + 60  # however slow this machine is
    os.utime(unbuilt.folder / "content/ko/account/a.md", (soon, soon))
    just_now = marks(unbuilt)
    assert changed(unbuilt, just_now) == ["ko"]


def test_a_change_in_an_inherited_configuration_builds_all(unbuilt: Any) -> None:
    parent = unbuilt.folder / "parent.yml"
    shutil.copy(ROOT / "mkdocs.yml", parent)
    configure(unbuilt, INHERIT=str(parent))
    before = aged_marks(unbuilt)
    parent.write_text(parent.read_text("utf-8").replace("/ticket", "/tickets"), "utf-8")
    assert changed(unbuilt, before) == ["en", "ko"]


def test_a_site_that_was_deleted_is_built_again(pair: Any) -> None:
    shutil.rmtree(pair.site / "en")
    assert built(pair.build()) == ["en"]


def test_what_is_lost_of_the_cache_is_made_again(pair: Any, article: Callable[..., str]) -> None:
    stored = sorted(file.name for file in (pair.folder / ".answerdesk-cache").rglob("*.pickle"))
    assert stored == ["en-folder.pickle", "en.pickle", "ko-folder.pickle", "ko.pickle", "reader.pickle"]
    for number, name in enumerate(stored):
        (lost,) = (pair.folder / ".answerdesk-cache").rglob(name)
        lost.unlink()
        pair.write({"en/account/a.md": article("A", f"Version {number}.\n")})
        assert built(pair.build()) == ["en"]
        made = digest(pair.site)
        list(build_site(pair.config, strict=True, is_forced=True))
        assert digest(pair.site) == made
        assert f"Version {number}." in pair.page("en/account/a/index.html")


def test_what_a_failed_build_has_rendered_is_there_for_the_next(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = tree({"en/account/a.md": article("A", "[x](none.md)\n"), "en/account/b.md": article("B")})
    assert not made.build()[0].is_built
    (stored,) = (made.folder / ".answerdesk-cache").rglob("en.pickle")
    state = pickle.loads(stored.read_bytes())
    made.write({"en/account/a.md": article("A")})
    assert build_language(made.config, "en", basis=state.basis, state=state, strict=True).is_built
    assert state.anew < 4  # one page rendered, indexed and compared; not all


def test_force_builds_what_did_not_change_and_the_bytes_stay_the_same(finished: Any) -> None:
    first = digest(finished.site)
    outcomes = list(build_site(finished.config, strict=True, is_forced=True))
    assert [outcome.is_unchanged for outcome in outcomes] == [False, False]
    assert digest(finished.site) == first
    assert len(first) > 40


def test_after_a_failed_build_the_content_from_before_is_built_again(pair: Any, article: Callable[..., str]) -> None:
    pair.write({"en/account/a.md": article("A", "[x](none.md)\n")})
    assert not pair.build()[0].is_built
    pair.write({"en/account/a.md": article("A")})
    pair.build()
    assert "none.md" not in pair.page("en/account/a/index.html")


def test_warnings_passed_over_once_still_fail_a_strict_build(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = tree({"en/account/a.md": article("A", "[x](none.md)\n")})
    made.build(strict=False)
    assert not made.build()[0].is_built


def test_a_build_after_one_with_warnings_says_them_again_and_writes_nothing(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = tree({"en/account/a.md": article("A", "[x](none.md)\n")})
    (first,) = made.build(strict=False)
    time.sleep(0.2)  # until its files are old enough to be trusted
    made.build(strict=False)
    (again,) = made.build(strict=False)
    assert "none.md" in first.messages[0]
    assert again.is_unchanged
    assert again.messages == first.messages


def test_two_builds_of_the_same_content_are_the_same_byte_for_byte(alone: Path, by_mkdocs: Path) -> None:
    run(alone, "mkdocs", "build", "--strict", "--site-dir", "again/en", PYTHONHASHSEED="7")
    first, second = digest(by_mkdocs), digest(alone / "again")
    assert len(first) > 20
    assert first == second


# What fails


def fails(made: Any, *, strict: bool = True) -> list[str]:
    outcome = build_language(made.config, "en", basis="", state=BuildState(), strict=strict)
    assert not outcome.is_built
    assert not any("Traceback" in message for message in outcome.messages)
    return list(outcome.messages)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("[x](none.md)\n", "10: none.md leads to no file. Readers who follow it get an error page. Mend the path or"),
        ("[x](secrets.md)\n", "10: secrets.md leads to no file. Readers who follow it get an error page. Did you mean"),
        (
            "[x](../network/a.md)\n",
            "10: ../network/a.md leads to no file. Readers who follow it get an error page. Did",
        ),
        ("[x](secret)\n", "10: secret leads to no file. Readers who follow it get an error page. Write secret.md."),
        (
            "[x](help@example.com)\n",
            "10: help@example.com leads to no file. Readers who follow it get an error page. Write ma",
        ),
        ("[x](/en/a/)\n", "10: /en/a/ is an absolute path. Links lead from one Markdown file to another. Link to the"),
        ("[x](../../ko/a.md)\n", "10: ../../ko/a.md leads out of the folder en/. Each language is built alone: link"),
        ("[x](faq.md#x)\n", "10: faq.md#x: account/faq.md has no heading #x. Readers land at the top instead. Link to"),
        (
            "[x](#teext)\n\n## Text\n",
            "10: #teext: this article has no heading #teext. Readers land at the top instead. Did",
        ),
        ("Text.\n\n[x](#none)\n", "12: #none: this article has no heading #none. Readers land at the top instead."),
        ("[x](../network/vpn.md)\n", "10: ../network/vpn.md leads to no file."),
        ("[x](secret.md)\n", "10: secret.md leads to an internal article. Readers of this site may not see it. Take"),
        ("Text.\n![x](none.png)\n", "11: the image none.png is missing."),
        (
            "{{ phone }} nobody\n{{ nobody }}\n",
            "11: {{ nobody }} stands for no value of company.yml. It has: company, ",
        ),
        ("Text.\n\n<script>alert(1)</script>\n", "12: <script> could run or load things. Write it in Markdown"),
        ("<b onclick=x>b</b>\n", "10: onclick= could run or load things."),
        ("Text.\n\n# Title\n", "12: a heading of level 1 stands in the text. Begin with level 2: ## …"),
        ("Text.\n\n## <!-- TRANSLATE: What -->\n", "12: translation is"),
    ],
    ids=[
        "link",
        "typo",
        "folder",
        "bare",
        "mail",
        "absolute",
        "outside",
        "anchor-there",
        "anchor-typo",
        "anchor",
        "nowhere",
        "internal",
        "image",
        "variable",
        "script",
        "event",
        "title",
        "translation",
    ],
)
def test_a_fault_in_an_article_fails_the_build_and_is_named_by_file_and_line(
    tree: Callable[..., Any], article: Callable[..., str], body: str, words: str
) -> None:
    made = tree(
        {
            "en/account/a.md": article("A", body),
            "en/account/secret.md": article("S", audience="internal"),
            "en/account/faq.md": article("F"),
        }
    )
    assert any(message.startswith(f"content/en/account/a.md:{words}") for message in fails(made)), fails(made)


def test_a_breach_of_the_contract_fails_the_build(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A", owner=None)})
    line = 'content/en/account/a.md:1: owner is missing. Add "owner: <text>" to the front matter.'
    assert line in fails(made)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("---\ntitle: A\nsummary: a: b\n---\n", "3: front matter is 'line 3: mapping values"),
        ("Text.\n", "1: front matter is missing."),
        (GOOD.replace("180", "0"), "7: review_every is 0."),
        (GOOD + "related:\n- account/none\n---\n", "9: related is 'account/none'."),
    ],
)
def test_a_fault_in_front_matter_is_named_by_file_and_line(tree: Callable[..., Any], text: str, place: str) -> None:
    made = tree({"en/account/a.md": text if text.endswith("---\n") or text == "Text.\n" else text + "---\n"})
    assert any(message.startswith(f"content/en/account/a.md:{place}") for message in fails(made)), fails(made)


def test_the_same_fault_twice_has_two_lines(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A", "[x](none.md)\n\n[y](none.md)\n")})
    lines = [message.partition(" ")[0] for message in fails(made) if "none.md" in message]
    assert lines == ["content/en/account/a.md:10:", "content/en/account/a.md:12:"]


def test_a_fault_in_what_stands_in_for_a_translation_is_named_in_the_sources_file(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = tree({"en/account/a.md": article("A", "[x](none.md)\n")}, languages=["en", "ko"])
    messages = build_language(made.config, "ko", basis="", state=BuildState(), strict=True).messages
    assert messages[0].startswith("content/en/account/a.md:10: none.md leads to no file.")


def test_a_redirect_to_nothing_is_named_by_its_line(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A"), "redirects.yml": "# moved\naccount/old: account/none\n"})
    assert fails(made)[0].startswith(
        "content/redirects.yml:2: account/old leads to account/none. There is no such article"
    )


def test_a_fault_is_named_again_when_its_page_is_taken_over(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = tree({"en/account/a.md": article("A", "[x](none.md)\n"), "en/account/b.md": article("B")})
    state = BuildState()
    first = build_language(made.config, "en", basis="", state=state, strict=False).messages
    made.write({"en/account/a.md": article("A", "[x](none.md)\n").replace("review_every: 180", "review_every: 90")})
    assert build_language(made.config, "en", basis="", state=state, strict=False).messages == first


def test_missing_words_fail_the_build(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A")}, languages=["en", "xx"])
    assert any("words/xx.yml is missing; there are words for: ar, en" in message for message in fails(made))


@pytest.mark.parametrize("name", ["categories.yml", "company.yml"])
def test_a_missing_shared_file_fails_the_build(
    tree: Callable[..., Any], article: Callable[..., str], name: str
) -> None:
    made = tree({"en/account/a.md": article("A")})
    (made.folder / "content" / name).unlink()
    assert any(f"{name} is missing. Copy it from the starter content" in message for message in fails(made))


def test_a_missing_language_fails_alone(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A")}, languages=["en", "ko"])
    (made.folder / "content/ko").rmdir()
    english, korean = made.build()
    assert english.is_built
    assert not korean.is_built
    assert "content/ko" in korean.messages[0]


@pytest.mark.parametrize("fault", ["icon", "words", "word", "date", "encoding"])
def test_what_cannot_be_read_fails_with_a_line(
    tree: Callable[..., Any], article: Callable[..., str], shared: ModuleType, fault: str
) -> None:
    made = tree({"en/account/a.md": article("A")})
    source = made.folder / "content/en/account/a.md"
    if fault == "icon":
        made.write({"categories.yml": yaml.safe_dump(shared.CATEGORIES).replace("key-variant", "no-such-icon")})
    elif fault == "words":
        (use_portal_of_its_own(made) / "words/en.yml").write_text("a: [", "utf-8")
    elif fault == "word":
        words = use_portal_of_its_own(made) / "words/en.yml"
        words.write_text(words.read_text("utf-8").replace("home_title:", "hone_title:"), "utf-8")
    elif fault == "date":
        source.write_text(article("A").replace("2026-10-01", "2026-02-30"), "utf-8")
    else:
        source.write_bytes(article("Şifre").encode("cp1254"))
    assert fails(made)


def test_without_strict_warnings_are_told_and_the_rest_is_built(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = tree({"en/account/a.md": article("A", "[x](none.md)\n"), "en/account/b.md": article("B", owner=None)})
    (outcome,) = made.build(strict=False)
    assert outcome.is_built
    assert len(outcome.messages) == 2
    assert (made.site / "en/account/a/index.html").is_file()
    assert not (made.site / "en/account/b").exists()


def test_without_strict_a_script_still_fails(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A", "<script>alert(1)</script>\n")})
    assert any("a.md:10: <script> could run" in message for message in fails(made, strict=False))
    assert not (made.site / "en/account/a/index.html").exists()


def test_a_script_in_the_text_of_a_category_page_fails_too(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = tree({"en/account/a.md": article("A"), "en/account/index.md": "<script>alert(1)</script>\n"})
    assert any("content/en/account/index.md:1: <script> could run" in message for message in fails(made))


# What all languages share


def test_the_chooser_leads_to_every_language(finished: Any) -> None:
    page = finished.page("index.html")
    assert '<a href="en/" lang="en" hreflang="en" dir="ltr"><span>English</span></a>' in page
    assert '<a href="ko/" lang="ko" hreflang="ko" dir="ltr"><span>한국어</span></a>' in page
    assert '<link rel="alternate" hreflang="ko" href="https://help.example.com/ko/">' in page
    assert '<link rel="alternate" hreflang="x-default" href="https://help.example.com/">' in page


def test_the_chooser_loads_what_is_there(finished: Any) -> None:
    names = [part.split('"')[0] for part in finished.page("index.html").split('="') if part.startswith("en/assets/")]
    assert len(names) == 6
    assert all((finished.site / name).is_file() for name in names)


def test_the_sitemap_index_names_every_language(finished: Any) -> None:
    index = ElementTree.fromstring(finished.page("sitemap.xml"))
    assert index.tag == f"{MAP}sitemapindex"
    assert [place.text for place in index.iter(f"{MAP}loc")] == [
        "https://help.example.com/en/sitemap.xml",
        "https://help.example.com/ko/sitemap.xml",
    ]


def test_robots_are_shown_the_sitemap(finished: Any) -> None:
    robots = "User-agent: *\nAllow: /\nSitemap: https://help.example.com/sitemap.xml\n"
    assert finished.page("robots.txt") == robots


def test_the_page_for_lost_visitors_stands_at_the_root_too(finished: Any) -> None:
    assert finished.page("404.html") == finished.page("en/404.html")


def test_the_ticket_form_is_told_of_the_portal(finished: Any) -> None:
    portal = json.loads(finished.page("portal.json"))
    assert (finished.site / "en" / portal.pop("assets") / "portal.css").is_file()
    assert portal == {
        "format": 1,
        "name": {"en": "IT help", "ko": "IT 도움말"},
        "company": {"en": "Example Company", "ko": "Example Company"},
        "phone": {"en": "+1 202 555 0143", "ko": "+1 202 555 0143"},
        "hours": {"en": "8:00 to 18:00", "ko": "8:00 to 18:00"},
        "accent": "#0b5cad",
        "languages": [
            {"code": "en", "name": "English", "direction": "ltr"},
            {"code": "ko", "name": "한국어", "direction": "ltr"},
        ],
        "categories": [
            {"id": "account", "names": {"en": "Accounts", "ko": "계정"}},
            {"id": "network", "names": {"en": "Network", "ko": "네트워크"}},
        ],
    }


def test_a_language_that_was_never_built_is_left_out_of_what_all_share(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    script = article("가", "<script>x</script>\n")
    made = tree({"en/account/a.md": article("A"), "ko/account/a.md": script}, languages=["en", "ko"])
    made.build()
    assert [language["code"] for language in json.loads(made.page("portal.json"))["languages"]] == ["en"]


def test_a_site_of_one_language_needs_no_other(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"tr/account/a.md": article("Şifre")}, languages=["tr"])
    assert built(made.build()) == ["tr"]
    assert json.loads(made.page("portal.json"))["languages"] == [{"code": "tr", "name": "Türkçe", "direction": "ltr"}]


# Configuration


@pytest.mark.parametrize("url", ["https://a.example/en/", "https://a.example/", "https://a.example"])
def test_each_language_has_its_address_below_the_same_root(
    tree: Callable[..., Any], article: Callable[..., str], url: str
) -> None:
    made = tree({"en/account/a.md": article("A")}, languages=["en", "ko"])
    configure(made, site_url=url)
    config = load_site_config(made.config)
    assert languages_of(config) == ["en", "ko"]
    assert root_url(config).rstrip("/") == "https://a.example"
    assert load_site_config(made.config, "ko").site_url == "https://a.example/ko/"


# Others that build


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory, article: Callable[..., str], shared: ModuleType) -> Path:
    """Copy the site's configuration with two articles into a folder of its own."""
    folder = tmp_path_factory.mktemp("alone")
    shutil.copytree(ROOT / "portal", folder / "portal")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    files: Mapping[str, str] = {
        "categories.yml": yaml.safe_dump(shared.CATEGORIES),
        "company.yml": yaml.safe_dump(shared.COMPANY),
        "en/account/a.md": article("A", "## One?\n\n{{ phone }}\n\n## Two?\n\n[B](b.md)\n"),
        "en/account/b.md": article("B"),
        "ko/account/a.md": article("가"),
    }
    for path, text in files.items():
        (folder / "content" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "content" / path).write_text(text, "utf-8")
    return folder


def run(folder: Path, *command: str, **variables: str) -> None:
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"} | variables
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def by_mkdocs(alone: Path) -> Path:
    run(alone, "mkdocs", "build", "--strict", "--site-dir", "mkdocs/en")
    return alone / "mkdocs"


def test_mkdocs_alone_builds_one_language(by_mkdocs: Path) -> None:
    assert [folder.name for folder in by_mkdocs.iterdir()] == ["en"]
    page = (by_mkdocs / "en/account/a/index.html").read_text("utf-8")
    assert "+1 202 555 0143" in page
    assert "application/ld+json" in page
    assert (by_mkdocs / "en/search/manifest.json").is_file()


def test_properdocs_builds_the_same_pages(alone: Path, by_mkdocs: Path) -> None:
    run(alone, "properdocs", "build", "--strict", "--config-file", "mkdocs.yml", "--site-dir", "properdocs/en")
    other = {name: content for name, content in digest(alone / "properdocs").items() if not name.endswith(".gz")}
    assert "en/account/a/index.html" in other
    assert other == {name: content for name, content in digest(by_mkdocs).items() if not name.endswith(".gz")}


@pytest.mark.parametrize(
    "fault", ["<script>alert(1)</script>\n", "See [nothing](nothing.md).\n"], ids=["script", "link"]
)
def test_a_build_that_fails_leaves_what_visitors_had(
    tree: Callable[..., Any], article: Callable[..., str], fault: str
) -> None:
    made = tree({"en/account/a.md": article("A"), "ko/account/a.md": article("가")}, languages=["en", "ko"])
    made.build()
    before = {file: file.read_bytes() for file in made.site.rglob("*") if file.is_file()}
    made.write({"ko/account/a.md": article("가", fault)})
    outcomes = {outcome.language: outcome.is_built for outcome in made.build()}
    assert outcomes == {"en": True, "ko": False}
    assert {file: file.read_bytes() for file in made.site.rglob("*") if file.is_file()} == before


def test_a_setting_from_the_environment_is_part_of_what_a_site_was_built_from(
    tree: Callable[..., Any], article: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tree({"en/account/a.md": article("A")})
    made.config.write_text(
        made.config.read_text("utf-8") + "site_url: !ENV [HELP_URL, 'https://one.example/en/']\n", "utf-8"
    )
    made.build()
    monkeypatch.setenv("HELP_URL", "https://two.example/en/")
    assert [outcome.is_unchanged for outcome in made.build()] == [False]
    assert "https://two.example/en/account/a/" in made.page("en/account/a/index.html")
