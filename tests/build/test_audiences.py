"""Who sees what, and when: drafts, future and internal articles leave no byte in the public site; reviews run out."""

import base64
import binascii
import gzip
import os
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from answerdesk.articles.build_audience import Edition
from answerdesk.build.language_build import BuildState, build_language
from answerdesk.build.site_build import build_site
from answerdesk.search import open_index

TODAY = date(2026, 11, 20)
BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")
FIELDS = ("aliases", "questions", "tags", "codes")
PLACES = ("title", "summary", "body", "heading", "owner", "path", "picture", "inside", "download", "old", *FIELDS)
CANARY = re.compile(b"zqx(?:" + "|".join(PLACES).encode() + b")")
HIDDEN = {
    "internal": {"audience": "internal"},
    "draft": {"draft": True},
    "future": {"publish": "@later"},
}


def layers(data: bytes, depth: int = 4) -> Iterator[bytes]:
    """Yield what a file holds, and what is compressed or encoded in it, wherever that begins."""
    yield data
    if depth == 0:
        return
    for match in re.finditer(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", data):
        kind = 31 if match.group().startswith(b"\x1f") else 15
        try:
            yield from layers(zlib.decompressobj(kind).decompress(data[match.start() :]), depth - 1)
        except zlib.error:
            continue
    for match in BASE64.finditer(data):
        try:
            yield from layers(base64.b64decode(match.group() + b"=" * (-len(match.group()) % 4)), depth - 1)
        except binascii.Error:
            continue


def canaries(folder: Path) -> set[str]:
    """Return the canaries in the names and the bytes of all files of a folder, and in what its search knows."""
    found: set[str] = set()
    for file in folder.rglob("*"):
        found |= {word.decode() for word in CANARY.findall(file.relative_to(folder).as_posix().encode())}
        for layer in layers(file.read_bytes()) if file.is_file() else ():
            found |= {word.decode() for word in CANARY.findall(layer.lower())}
    for search in folder.glob("*/search"):
        for place in PLACES:
            results = open_index(search).search(f"zqx{place}")
            found |= {f"zqx{place}"} if any(result.url for result in results.results) else set()
            found |= {word.decode() for word in CANARY.findall(repr(results.suggested).encode())}
    return found


@pytest.fixture(params=HIDDEN)
def planted(request: pytest.FixtureRequest, tree: Callable[..., Any], article: Callable[..., str]) -> Any:
    """Plant an article that readers must not see, in two languages, with a canary wherever one fits."""
    fields: dict[str, Any] = {name: [f"zqx{name}"] for name in FIELDS} | HIDDEN[request.param]
    body = (
        "Zqxbody text.\n\n## Zqxheading\n\n![shot](zqxpicture.svg)\n\n[file](zqxdownload.pdf)\n\n"
        "See [the other](public.md).\n"
    )
    hidden = article("Zqxtitle", body, summary="Zqxsummary.", owner="zqxowner", **fields)
    hidden = hidden.replace("'@later'", "2026-11-21")
    made = tree(
        {
            "redirects.yml": "account/zqxold: account/zqxpath\n",
            "owners.yml": "zqxowner: zqxowner@example.com\n",
            "en/account/zqxpath.md": hidden,
            "ko/account/zqxpath.md": hidden,
            "en/account/zqxpath-alone.md": hidden.replace("](public.md)", "](zqxpath.md)"),
            "fallbacks/ko.yml": "account/zqxpath-alone: { title: Zqxtitle, aliases: [zqxaliases] }\n",
            "sources/ko.yml": 'account/zqxpath:\n- "00000000"\n- "00000000"\n',
            "en/account/zqxpicture.svg": "<svg><title>zqxinside</title></svg>",
            "ko/account/zqxpicture.svg": "<svg><title>zqxinside</title></svg>",
            "en/account/zqxdownload.pdf": "%PDF zqxinside",
            "ko/account/zqxdownload.pdf": "%PDF zqxinside",
            "en/account/public.md": article("Public", "![plan](plan.svg)\n", related=["account/zqxpath"]),
            "en/account/plan.svg": "<svg/>",
            "ko/account/public.md": article("공개", related=["account/zqxpath"]),
        },
        languages=["en", "ko"],
    )
    shared = yaml.safe_load(made.text("categories.yml")) | {"needed": ["account/zqxpath", "account/public"]}
    made.write({"categories.yml": yaml.safe_dump(shared)})
    return made


def build(made: Any, today: date = TODAY, **edition: Any) -> None:
    outcomes = list(build_site(made.config, strict=True, edition=Edition(today=today, **edition)))
    assert [(outcome.is_built, outcome.messages) for outcome in outcomes] == [(True, ())] * len(made.languages)


def test_what_readers_must_not_see_leaves_no_byte_in_the_public_site(planted: Any) -> None:
    build(planted)
    assert canaries(planted.site) == set()
    assert (planted.site / "en/account/public/index.html").is_file()
    assert (planted.site / "en/account/plan.svg").is_file()


def test_the_canaries_would_be_seen(planted: Any) -> None:
    build(planted, audience="internal", is_preview=True)
    shown = canaries(planted.folder / "site-internal-preview")
    assert shown == {f"zqx{place}" for place in PLACES} - {"zqxowner"}  # owners are on no page at all
    assert not planted.site.exists()


def test_what_was_public_and_is_hidden_is_gone_from_the_next_build(planted: Any, article: Callable[..., str]) -> None:
    hidden = {code: planted.text(f"{code}/account/zqxpath.md") for code in planted.languages}
    shown = {code: re.sub("(?m)^(audience|draft|publish): .*\n", "", text) for code, text in hidden.items()}
    planted.write({f"{code}/account/zqxpath.md": text for code, text in shown.items()})
    build(planted)
    assert "zqxtitle" in canaries(planted.site)
    planted.write({f"{code}/account/zqxpath.md": text for code, text in hidden.items()})
    build(planted)
    assert canaries(planted.site) == set()


# Translations that are more open than their source


def outcomes_of(made: Any, today: date = TODAY, *, strict: bool = True, **edition: Any) -> dict[str, Any]:
    for file in made.folder.glob("content/*/*/*.md"):
        os.utime(file, (1, 1))  # as if they had lain there for long
    outcomes = build_site(made.config, strict=strict, edition=Edition(today=today, **edition))
    return {outcome.language: outcome for outcome in outcomes}


LEAK = "content/ko/account/a.md:1: audience is public, and its source content/en/account/a.md is internal."


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "lenient"])
@pytest.mark.parametrize("edition", [{}, {"audience": "internal"}, {"is_preview": True}], ids=str)
def test_a_public_translation_of_an_internal_article_stops_every_build(
    tree: Callable[..., Any], article: Callable[..., str], strict: bool, edition: dict[str, Any]
) -> None:
    files = {"en/account/a.md": article("A", audience="internal"), "ko/account/a.md": article("가")}
    made = tree(files, languages=["en", "ko"])
    korean = outcomes_of(made, strict=strict, **edition)["ko"]
    assert (korean.is_built, korean.would_pass) == (False, False)
    assert korean.messages[0].startswith(LEAK)
    assert not list(made.folder.glob("site*/ko"))


def test_a_language_that_is_built_by_itself_refuses_it_too(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    files = {"en/account/a.md": article("A", audience="internal", owner=None), "ko/account/a.md": article("가")}
    made = tree(files, languages=["en", "ko"])
    korean = build_language(made.config, "ko", basis="", state=BuildState(), strict=False)
    assert (korean.is_built, korean.messages[-1].startswith(LEAK)) == (False, True)


@pytest.mark.parametrize("edition", [{}, {"audience": "internal"}, {"is_preview": True}], ids=str)
@pytest.mark.parametrize("before", [{}, {"draft": True}], ids=["shown", "draft"])
def test_a_source_that_becomes_internal_stops_the_build_of_a_translation_that_did_not_change(
    tree: Callable[..., Any], article: Callable[..., str], edition: dict[str, Any], before: dict[str, Any]
) -> None:
    made = tree({"en/account/a.md": article("A", **before), "ko/account/a.md": article("가")}, languages=["en", "ko"])
    assert all(outcome.is_built for outcome in outcomes_of(made, **edition).values())
    made.write({"en/account/a.md": article("A", audience="internal", **before)})
    assert outcomes_of(made, strict=False, **edition)["ko"].messages[-1].startswith(LEAK)
    made.write({"ko/account/a.md": article("가", audience="internal")})
    assert all(outcome.is_built for outcome in outcomes_of(made, strict=False, **edition).values())
    shown = (made.folder / f"site{Edition(today=TODAY, **edition).suffix}/ko/account/a/index.html").is_file()
    assert shown == (edition == {"audience": "internal"})


def test_a_translation_that_is_published_before_its_source_is_told_and_built(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    files = {"en/account/a.md": article("A", publish=date(2026, 12, 1)), "ko/account/a.md": article("가")}
    made = tree(files, languages=["en", "ko"])
    told = "content/ko/account/a.md:1: readers see this translation, and its source content/en/account/a.md is not"
    for is_unchanged in (False, True):  # a build that has nothing to do says it again
        korean = outcomes_of(made)["ko"]
        assert (korean.is_built, korean.is_unchanged, korean.warnings) == (True, is_unchanged, 0)
        assert [message.startswith(told) for message in korean.messages] == [True]
    assert outcomes_of(made, date(2026, 12, 1))["ko"].messages == ()


LINKS = (
    "[Words 1](zqxpath.md)",
    '[Words 2](../account/zqxpath.md#zqxheading "Zqxtitle")',
    "[Words 3][there]",
    "[Words 4](../zqxpath/)",
    "[Words 5](../zqxpath)",
    "[Words 6](/{code}/account/zqxpath/index.html)",
    "[Words 7](https://help.example.com/{code}/account/zqxpath/?a=b#zqxheading)",
    "[Words 8](../../../en/account/zqxpath/)",
    "[Words 9](../../en/account/zqxpath.md)",
    "[Words 10](../zqxold/)",
    '<a title="a > b" class=x href=../zqxpath/>Words **11**</a>',
    "<a href='zqxpath.md'>Words 12</a>",
    "[Words 13](../zqxpath-alone/)",
)


def test_a_link_to_what_readers_must_not_see_keeps_its_words_alone(planted: Any, article: Callable[..., str]) -> None:
    for code in planted.languages:
        text = "\n\n".join(LINKS).replace("{code}", code) + "\n\n[there]: zqxpath.md\n"
        planted.write({f"{code}/account/leading.md": article("Leading", text + "\n[Shown](public.md)\n")})
    outcomes = list(build_site(planted.config, strict=False, edition=Edition(today=TODAY)))
    assert all(outcome.is_built for outcome in outcomes)
    assert canaries(planted.site) == set()
    for code in planted.languages:
        page = planted.page(f"{code}/account/leading/index.html")
        assert re.findall(r"<p>(Words \d+)</p>", page) == [f"Words {n}" for n in range(1, 14) if n != 11]
        assert "<p>Words <strong>11</strong></p>" in page
        assert '<a href="../public/">Shown</a>' in page


def test_links_to_what_is_shown_and_to_other_places_stay(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    links = {
        "b.md": "../b/",
        "../b/": "../b/",
        "b.md#text": "../b/#text",
        "../../../ko/account/b/": "../../../ko/account/b/",
        "../../network/old/": "../../network/old/",
        "more/index.md": "../more/",
        "../more/": "../more/",
        "manual.pdf": "../manual.pdf",
        "/ticket": "/ticket",
        "../../a-z/": "../../a-z/",
        "../../account/": "../../account/",
        "https://example.com/en/account/none/": "https://example.com/en/account/none/",
        "https://example.com/README.md": "https://example.com/README.md",
        "mailto:a@example.com": "mailto:a@example.com",
    }
    made = tree(
        {
            "en/account/a.md": article(
                "A", "\n\n".join(f"[x]({link})" for link in links) + '\n\n<a href="http://[">no address</a>\n'
            ),
            "en/account/b.md": article("B", "## Text\n\nText.\n"),
            "en/account/more/index.md": "More.\n",
            "en/account/manual.pdf": "%PDF",
            "redirects.yml": "network/old: account/b\n",
        },
        languages=["en", "ko"],
    )
    assert all(outcome.is_built for outcome in build_site(made.config, strict=False, edition=Edition(today=TODAY)))
    assert re.findall(r'<p><a href="(.*?)">x</a></p>', made.page("en/account/a/index.html")) == list(links.values())


def test_a_link_gets_its_address_once_readers_may_see_where_it_leads(planted: Any, article: Callable[..., str]) -> None:
    def links() -> list[str]:
        list(build_site(planted.config, strict=False, edition=Edition(today=TODAY)))
        return re.findall("<p>(.*Words.*)</p>", planted.page("en/account/leading/index.html"))

    planted.write({"en/account/leading.md": article("Leading", "[Words](zqxpath.md)\n\n[Words](../zqxpath/)\n")})
    assert links() == ["Words", "Words"]
    hidden = planted.text("en/account/zqxpath.md")
    planted.write({"en/account/zqxpath.md": re.sub("(?m)^(audience|draft|publish): .*\n", "", hidden)})
    assert links() == ['<a href="../zqxpath/">Words</a>'] * 2
    planted.write({"en/account/zqxpath.md": hidden})
    assert links() == ["Words", "Words"]


def test_other_editions_are_not_for_search_engines(planted: Any) -> None:
    build(planted, is_preview=True)
    folder = planted.folder / "site-preview"
    assert (folder / "robots.txt").read_text("utf-8") == "User-agent: *\nDisallow: /\n"
    for page in folder.rglob("*.html"):
        assert '<meta name="robots" content="noindex">' in page.read_text("utf-8"), page


@pytest.mark.parametrize(
    ("fields", "edition", "words"),
    [
        ({"audience": "internal"}, {"audience": "internal"}, "Internal: for staff only."),
        ({"draft": True}, {"is_preview": True}, "Draft: only this preview shows it."),
        ({"publish": date(2026, 12, 1)}, {"is_preview": True}, "To be published on 1 December 2026"),
    ],
)
def test_what_the_public_does_not_see_is_marked(
    tree: Callable[..., Any], article: Callable[..., str], fields: Any, edition: Any, words: str
) -> None:
    made = tree({"en/account/a.md": article("A", **fields), "en/account/b.md": article("B")})
    build(made, **edition)
    folder = next(path for path in made.folder.glob("site-*") if path.is_dir())
    assert words in (folder / "en/account/a/index.html").read_text("utf-8")
    assert words not in (folder / "en/account/b/index.html").read_text("utf-8")
    assert "account/a/" in (folder / "en/account/index.html").read_text("utf-8")


def test_an_article_appears_on_its_day(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A", publish=date(2026, 12, 1)), "en/account/b.md": article("B")})
    build(made, date(2026, 11, 30))
    assert not (made.site / "en/account/a").exists()
    build(made, date(2026, 12, 1))
    assert (made.site / "en/account/a/index.html").is_file()


@pytest.fixture
def aging(tree: Callable[..., Any], article: Callable[..., str]) -> Any:
    """Build a site of articles whose reviews last 30, 200 and 5000 days; all were reviewed on 1 October 2026."""
    lasts = {"month": 30, "half": 200, "long": 5000}
    made = tree(
        {
            f"en/account/{name}.md": article(
                f"Printer {name}",
                "Reset the printer.\n",
                review_every=days,
                related=["account/month"] * (name == "long"),
            )
            for name, days in lasts.items()
        }
        | {
            "en/network/only.md": article("Only", category="network", review_every=30),
            "en/account/leads.md": article("Leads", "See [month](month.md).\n", review_every=5000),
            "ko/account/month.md": article("달", review_every=5000),
        },
        languages=["en", "ko"],
    )
    shared = yaml.safe_load(made.text("categories.yml")) | {"needed": ["account/month"]}
    made.write({"categories.yml": yaml.safe_dump(shared)})
    build(made, date(2026, 10, 2))
    return made


LISTS = ("index.html", "a-z/index.html", "account/index.html", "feed.xml", "sitemap.xml", "account/long/index.html")


def found(made: Any, text: str) -> list[str]:
    return [result.url for result in open_index(made.site / "en/search").search(text).results]


def test_an_overdue_article_tells_its_readers_and_sinks(aging: Any) -> None:
    before = found(aging, "printer")
    assert sorted(before) == ["account/half/", "account/long/", "account/month/"]
    build(aging, date(2026, 11, 1))
    page = aging.page("en/account/month/index.html")
    assert "This article was due for review on 31 October 2026 and may be out of date." in page
    assert "noindex" not in page
    assert found(aging, "printer")[-1] == "account/month/"
    assert found(aging, "printer month")[0] == "account/month/"
    lists = {name for name in LISTS if "account/month/" in aging.page(f"en/{name}")}
    assert lists == set(LISTS) - {"feed.xml"}


def test_an_archived_article_is_reached_by_its_links_alone(aging: Any) -> None:
    build(aging, date(2027, 10, 1))
    page = aging.page("en/account/month/index.html")
    assert "This article is archived: nobody has checked it since 1 October 2026" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "hreflang" not in page.split("</head>")[0]
    assert 'href="../month/">month</a>' in aging.page("en/account/leads/index.html")
    assert [name for name in LISTS if "account/month/" in aging.page(f"en/{name}")] == []
    assert "account/month/" not in found(aging, "printer month")


def test_a_translation_that_is_not_archived_stays_and_names_no_archived_twin(aging: Any) -> None:
    build(aging, date(2027, 10, 1))
    head = aging.page("ko/account/month/index.html").split("</head>")[0]
    assert re.findall('hreflang="([a-z]+)"', head) == ["ko"]
    assert "account/month/" in aging.page("ko/sitemap.xml")


def test_a_category_of_archived_articles_alone_has_no_page(aging: Any) -> None:
    assert (aging.site / "en/network/index.html").is_file()
    build(aging, date(2027, 10, 1))
    assert not (aging.site / "en/network/index.html").exists()
    assert "<li>Network</li>" in aging.page("en/network/only/index.html")
    assert "Network" not in aging.page("en/index.html")


def configure(made: Any, **options: object) -> None:
    settings = yaml.safe_load(made.config.read_text("utf-8"))
    settings["plugins"]["answerdesk/articles"] |= options
    made.config.write_text(yaml.safe_dump(settings), "utf-8")


def test_no_grace_days_archive_nothing(aging: Any) -> None:
    configure(aging, grace_days=0)
    build(aging, date(2040, 1, 1))
    assert "archived" not in aging.page("en/account/month/index.html")
    assert "account/month/" in aging.page("en/account/index.html")


def test_negative_grace_days_are_refused(aging: Any) -> None:
    configure(aging, grace_days=-1)
    outcomes = list(build_site(aging.config, strict=True))
    assert {message for outcome in outcomes for message in outcome.messages} == {
        "mkdocs.yml: grace_days is -1. Write a number of days, or 0 for never."
    }


def test_a_day_on_which_no_state_changes_builds_nothing(aging: Any) -> None:
    def built(today: date) -> list[str]:
        edition = Edition(today=today)
        outcomes = build_site(aging.config, strict=True, edition=edition)
        return [outcome.language for outcome in outcomes if not outcome.is_unchanged]

    configure(aging, fallback=False)
    build(aging, date(2026, 10, 2))
    assert built(date(2026, 10, 31)) == []
    assert built(date(2026, 11, 1)) == ["en"]  # overdue: nothing to Korean readers
    assert built(date(2027, 4, 19)) == []
    assert built(date(2027, 4, 20)) == ["en"]
    assert built(date(2027, 4, 29)) == []
    assert built(date(2027, 4, 30)) == ["en", "ko"]  # archived: no twin any more


def test_what_stands_in_for_a_translation_ages_with_its_source(aging: Any) -> None:
    build(aging, date(2026, 11, 1))
    assert "2026년 10월 31일까지" in aging.page("ko/network/only/index.html")
    build(aging, date(2027, 10, 1))
    assert "보관된 문서입니다" in aging.page("ko/network/only/index.html")
    assert "network/only/" not in aging.page("ko/a-z/index.html")


def test_after_any_day_the_site_is_that_of_a_clean_build(aging: Any) -> None:
    for today in (date(2026, 11, 1), date(2027, 4, 30), date(2027, 10, 1), date(2026, 10, 2)):
        build(aging, today)
        made = {file: file.read_bytes() for file in aging.site.rglob("*") if file.is_file()}
        edition = Edition(today=today)
        assert all(
            outcome.is_built for outcome in build_site(aging.config, strict=True, edition=edition, is_forced=True)
        )
        assert {file: file.read_bytes() for file in aging.site.rglob("*") if file.is_file()} == made, today


def test_a_year_ahead_the_starter_content_is_archived_by_its_rule_and_nothing_else(shared: Any, tmp_path: Path) -> None:
    made = shared.Tree(tmp_path, ["en"], docs=Path(__file__).parents[2] / "content")
    later = TODAY + timedelta(days=365)
    edition = Edition(today=later)
    assert all(outcome.is_built for outcome in build_site(made.config, strict=True, edition=edition))
    for file in (Path(__file__).parents[2] / "content/en").rglob("*.md"):
        meta = yaml.safe_load(file.read_text("utf-8").split("---")[1])
        path = file.relative_to(Path(__file__).parents[2] / "content/en").as_posix().removesuffix(".md")
        page = made.page(f"en/{path}/index.html")
        late = (later - meta["reviewed"]).days - meta["review_every"]
        assert ("This article is archived" in page) == (late > 180), path
        assert (f"/en/{path}/<" in made.page("en/sitemap.xml")) == (late <= 180), path
        assert ("was due for review" in page) == (0 < late <= 180), path


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> Any:
    return request.config.pluginmanager.get_plugin(str(Path(__file__).parents[1] / "conftest.py"))


@pytest.fixture
def article(shared: Any) -> Callable[..., str]:
    return shared.article


def test_the_search_for_canaries_sees_through_compression() -> None:
    packed = gzip.compress(b"... zqxdeep ...")
    for data in (packed, b"left" + packed + b"right", zlib.compress(b"zqxdeep"), base64.b64encode(packed * 2)):
        assert b"zqxdeep" in b"".join(layers(data))
