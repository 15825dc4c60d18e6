"""Whatever stops a build stops `answerdesk check` first, with the same words."""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from answerdesk.articles.errors import ContentError
from answerdesk.authoring.check_site import check_content
from answerdesk.build.language_build import BuildState, build_language

ROOT = Path(__file__).parents[2]
A, SECRET, VPN = "en/account/a.md", "en/account/secret.md", "en/network/vpn.md"
Change = Callable[[Any, Callable[..., str]], None]


@pytest.fixture(scope="module")
def shared(request: pytest.FixtureRequest) -> ModuleType:
    return request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))


@pytest.fixture
def site(tree: Callable[..., Any], shared: ModuleType) -> Any:
    """Write a site in English and Korean without a fault."""
    article = shared.article
    return tree(
        {
            A: article("A"),
            SECRET: article("Secret", audience="internal"),
            VPN: article("VPN", "## What to do\n\nText.\n", category="network"),
            "ko/account/a.md": article("가"),
            "queries/en.yml": "- { query: a, finds: account/a }\n",
        },
        languages=["en", "ko"],
    )


def body(text: str) -> Change:
    return lambda site, article: site.write({A: article("A", text)})


def front(**fields: object) -> Change:
    return lambda site, article: site.write({A: article("A", **fields)})


def raw(file: str, text: str) -> Change:
    return lambda site, _article: site.write({file: text})


def replaced(file: str, old: str, new: str) -> Change:
    def change(site: Any, _article: Callable[..., str]) -> None:
        assert old in site.text(file)
        site.write({file: site.text(file).replace(old, new, 1)})

    return change


def option(name: str, value: object) -> Change:
    def change(site: Any, _article: Callable[..., str]) -> None:
        settings = yaml.safe_load(site.config.read_text("utf-8"))
        settings["plugins"]["answerdesk/articles"][name] = value
        site.config.write_text(yaml.safe_dump(settings), "utf-8")

    return change


def setting(name: str, value: object) -> Change:
    def change(site: Any, _article: Callable[..., str]) -> None:
        settings = yaml.safe_load(site.config.read_text("utf-8")) | {name: value}
        site.config.write_text(yaml.safe_dump(settings), "utf-8")

    return change


def missing(file: str) -> Change:
    return lambda site, _article: (site.folder / "content" / file).unlink()


def encoded(site: Any, article: Callable[..., str]) -> None:
    (site.folder / "content" / A).write_bytes(article("Şifre").encode("cp1254"))


FAULTS: dict[str, Change] = {
    "link": body("[x](none.md)\n"),
    "typo": body("[x](secrets.md)\n"),
    "bare": body("[x](secret)\n"),
    "mail": body("[x](help@example.com)\n"),
    "absolute": body("[x](/en/account/a/)\n"),
    "nowhere-absolute": body("[x](/none/)\n"),
    "outside": body("[x](../../ko/account/a.md)\n"),
    "above": body("[x](../../../README.md)\n"),
    "internal": body("[x](secret.md)\n"),
    "reference": body("[x][one]\n\n[one]: none.md\n"),
    "download": body("[x](form.pdf)\n"),
    "anchor": body("[x](../network/vpn.md#none)\n"),
    "own-anchor": body("[x](#none)\n"),
    "image": body("![what it shows](none.png)\n"),
    "variable": body("{{ nobody }}\n"),
    "script": body("Text.\n\n<script>alert(1)</script>\n"),
    "event": body("<b onclick=x>b</b>\n"),
    "frame": body('<iframe src="https://example.com"></iframe>\n'),
    "address": body("[x](javascript:alert%281%29)\n"),
    "remote-image": body("![what it shows](https://example.com/x.png)\n"),
    "attribute": body("Text\n{: onclick=x }\n"),
    "title-below": body("Text.\n\n# Title\n"),
    "skeleton": body("Text.\n\n## <!-- TRANSLATE: What -->\n"),
    "link-in-box": body("!!! note\n    [x](none.md)\n"),
    "link-in-table": body("| a |\n| - |\n| [x](none.md) |\n"),
    "link-in-step": body("1. One\n\n    [x](none.md)\n"),
    "owner": front(owner=None),
    "title": lambda site, article: site.write({A: article("x" * 200)}),
    "summary": front(summary=""),
    "category": front(category="none"),
    "folder": front(category="network"),
    "review_every": front(review_every=0),
    "reviewed": front(reviewed="yesterday"),
    "audience": front(audience="staff"),
    "draft": front(draft="maybe"),
    "publish": front(publish="soon"),
    "applies_to": front(applies_to=["amiga"]),
    "related": front(related=["account/none"]),
    "related-form": front(related=["account/none.md"]),
    "aliases": front(aliases="one"),
    "alias": front(aliases=[True]),
    "unknown-field": front(colour="red"),
    "title-variable": lambda site, article: site.write({A: article("Call {{ nobody }}")}),
    "no-front": raw(A, "Text.\n"),
    "no-yaml": raw(A, "---\ntitle: a: b\n---\n"),
    "no-date": replaced(A, "2026-10-01", "2026-02-30"),
    "empty": raw(A, ""),
    "encoding": encoded,
    "file-name": raw("en/account/B_1.md", "---\ntitle: x\n---\n"),
    "index-script": raw("en/account/index.md", "<script>alert(1)</script>\n"),
    "index-link": raw("en/account/index.md", "[x](none.md)\n"),
    "leak": lambda site, article: site.write({"ko/account/secret.md": article("비밀")}),
    "translation": lambda site, article: site.write({"ko/account/a.md": article("가", "[x](none.md)\n")}),
    "lent": lambda site, article: site.write({VPN: article("VPN", "[x](none.md)\n", category="network")}),
    "no-categories": missing("categories.yml"),
    "no-company": missing("company.yml"),
    "categories-yaml": raw("categories.yml", "a: [\n"),
    "categories-form": raw("categories.yml", "categories: {}\n"),
    "categories-list": raw("categories.yml", "- a\n"),
    "icon": replaced("categories.yml", "key-variant", "no-such-icon"),
    "reserved": replaced("categories.yml", "id: network", "id: search"),
    "company-yaml": raw("company.yml", "a: b: c\n"),
    "company-empty": raw("company.yml", "company:\n"),
    "fallbacks": raw("fallbacks/ko.yml", "account/a: 1\n"),
    "fallbacks-yaml": raw("fallbacks/ko.yml", "a: [\n"),
    "sources": raw("sources/ko.yml", "x\n"),
    "redirects-yaml": raw("redirects.yml", "a: [\n"),
    "redirects-form": raw("redirects.yml", "account/old: 1\n"),
    "redirects-list": raw("redirects.yml", "- a\n"),
    "redirect-lost": raw("redirects.yml", "account/old: account/none\n"),
    "redirect-circle": raw("redirects.yml", "account/x: account/y\naccount/y: account/x\n"),
    "redirect-covers": raw("redirects.yml", "account/a: network/vpn\n"),
    "redirect-fixed": raw("redirects.yml", "search: network/vpn\n"),
    "synonyms-yaml": raw("synonyms/en.yml", "- [a\n"),
    "synonyms-form": raw("synonyms/en.yml", "- [a]\n"),
    "synonyms-table": raw("synonyms/ko.yml", "a: b\n"),
    "accent": option("accent", "#ffff00"),
    "grace": option("grace_days", -1),
    "language": lambda site, article: (
        site.write({"xx/account/a.md": article("A")}),
        option("languages", ["en", "xx"])(site, article),
    )[0],
    "option": option("colour", "red"),
    "no-folder": option("languages", ["en", "tr"]),
    "portal": setting("theme", {"custom_dir": "/nowhere"}),
    "extension": setting("markdown_extensions", ["no_such_extension"]),
    "site_url": setting("site_url", ""),
}


def check(site: Any) -> str:
    """Return what the check says; nothing if it has nothing to say."""
    try:
        return "\n".join(map(str, check_content(site.config)))
    except ContentError as error:
        return str(error)


def words(line: str) -> list[str]:
    """Return the first sentence that is said of a fault, without the place; what could run may share it with others."""
    line = re.sub(r"^\S+\.(?:md|yml)(?::\d+)?: ", "", line)
    return re.split(r"[.?](?: |$)", line.removesuffix("."))[0].split(" could run ")


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("templates")


@pytest.mark.parametrize("fault", FAULTS)
def test_what_stops_a_build_stops_the_check_first_with_the_same_words(
    site: Any, shared: ModuleType, templates: Path, fault: str
) -> None:
    FAULTS[fault](site, shared.article)
    settings = yaml.safe_load(site.config.read_text("utf-8"))
    languages = settings["plugins"]["answerdesk/articles"]["languages"]
    report, is_stopped = check(site), False
    for code in languages:
        # A build that is not strict goes on to say all; a strict one stops at what would be a warning here.
        made = build_language(
            site.config, code, basis="1", state=BuildState(), strict=False, templates=templates
        )  # fmt: skip
        lost = [line for line in made.messages if not all(part in report for part in words(line))]
        assert not lost, f"{lost}\n--- check said\n{report}"
        is_stopped |= not made.is_built or made.warnings > 0
    assert report
    assert is_stopped


def test_where_a_build_has_nothing_to_say_the_check_has_not(site: Any) -> None:
    assert check(site) == ""
    assert all(outcome.is_built and not outcome.messages for outcome in site.build())
