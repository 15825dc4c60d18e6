"""The pages of a small portal as they are built: English, Korean and Arabic."""

import gzip
import json
import posixpath
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit
from xml.etree import ElementTree

import pytest

from answerdesk.articles.ui_messages import load_words

WORDS = {code: load_words(Path(__file__).parents[2] / "portal" / "words", code) for code in ("en", "ko", "ar")}
HOST = "https://help.example.com"
TITLE = 'Reset <i>your</i> "password" & PIN'
ARTICLE = "en/account/password/index.html"
FAQ = "en/account/faq/index.html"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
VOID = {"meta", "link", "input", "img", "br", "hr", "path"}


class Page(HTMLParser):
    """A page's elements: (tag, attributes, text with all below it)."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text: list[str] = []
        self.elements.append((tag, {name: value or "" for name, value in attrs}, text))
        if tag not in VOID:
            self._open.append((tag, text))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        opened, _ = self._open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"
        if tag in ("li", "p", "a"):
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        for _, text in self._open:
            text.append(data)

    def all(self, tag: str, **wanted: str) -> list[tuple[dict[str, str], str]]:
        return [
            (attributes, " ".join("".join(text).split()))
            for name, attributes, text in self.elements
            if name == tag and all(attributes.get(key.strip("_")) == value for key, value in wanted.items())
        ]

    def text(self, tag: str, **wanted: str) -> str:
        return self.all(tag, **wanted)[0][1]


def parse(portal: Any, path: str) -> Page:
    return Page(portal.page(path))


def pages(portal: Any) -> dict[str, Page]:
    return {
        str(file.relative_to(portal.site)): Page(file.read_text("utf-8"))
        for file in sorted(portal.site.rglob("*.html"))
    }


def target(path: str, href: str) -> str:
    """Return where a link of a page leads, as a path on the host."""
    return urlsplit(urljoin(f"{HOST}/{path.removesuffix('index.html')}", href)).path


# An article


def test_an_article_shows_title_and_summary(portal: Any) -> None:
    page = parse(portal, ARTICLE)
    assert (page.text("h1"), page.text("p", class_="lead")) == (TITLE, f"About: {TITLE}.")
    assert page.text("title") == f"{TITLE} · IT help"
    assert page.all("meta", name="description")[0][0]["content"] == f"About: {TITLE}."


def test_an_article_says_where_it_is(portal: Any) -> None:
    page = parse(portal, ARTICLE)
    assert page.text("nav", class_="breadcrumb") == "Home Accounts"
    links = [target(ARTICLE, a["href"]) for a, text in page.all("a") if text in ("Home", "Accounts")]
    assert links == ["/en/", "/en/account/"]


def test_an_article_says_what_it_applies_to(portal: Any) -> None:
    assert parse(portal, ARTICLE).text("ul", class_="tags") == "Windows macOS"


def test_an_article_for_everything_says_nothing_of_it(portal: Any) -> None:
    assert WORDS["en"]["applies_to"] not in portal.page("en/account/short/index.html")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (ARTICLE, "Reviewed on 1 October 2026"),
        ("ko/account/password/index.html", WORDS["ko"]["reviewed_on"].format(date="2026년 10월 1일")),
        ("ar/account/faq/index.html", WORDS["ar"]["reviewed_on"].split("{")[0].strip()),
    ],
)
def test_an_article_says_in_its_language_when_it_was_reviewed(portal: Any, path: str, text: str) -> None:
    ((attributes, shown),) = parse(portal, path).all("time")
    assert attributes["datetime"] == "2026-10-01"
    assert text in shown


def test_an_article_lists_its_contents(portal: Any) -> None:
    page = parse(portal, ARTICLE)
    assert page.text("nav", class_="contents") == "On this page First, the <b> key Then"
    ids = {a["id"] for _, a, _ in page.elements if "id" in a}
    anchors = [
        a["href"].removeprefix("#") for a, _ in page.all("a") if a["href"].startswith("#") and len(a["href"]) > 1
    ]
    assert len(anchors) == 5  # to the content; the list beside the text, and the one that narrow pages fold
    assert set(anchors) <= ids


def test_an_article_without_headings_has_no_contents(portal: Any) -> None:
    assert parse(portal, "en/account/short/index.html").all("nav", class_="contents") == []


def test_an_article_leads_first_to_what_its_author_named(portal: Any) -> None:
    page = portal.page("en/network/vpn/index.html").split('class="related"')[1]
    assert page.index("../../account/short/") < page.index("</ul>")
    assert re.findall(r'<li><a href="([^"]+)"', page)[0] == "../../account/short/"


def test_an_article_is_not_related_to_itself(portal: Any) -> None:
    for path, page in pages(portal).items():
        lists = portal.page(path).split('class="related"')[1:]
        own = "../../" + "/".join(path.split("/")[1:-1]) + "/"
        assert not any(f'<li><a href="{own}">' in text.split("</section>")[0] for text in lists), page


def test_the_ticket_link_names_language_and_article(portal: Any) -> None:
    page = parse(portal, "ko/account/password/index.html")
    links = [urlsplit(a["href"]) for a, _ in page.all("a") if "data-ticket-link" in a]
    assert all(link.path == "/ticket" and parse_qs(link.query)["lang"] == ["ko"] for link in links)
    assert [parse_qs(link.query).get("article") for link in links] == [None, ["account/password/"]]


def test_company_values_are_filled_in(portal: Any) -> None:
    assert "Call +1 202 555 0143." in parse(portal, ARTICLE).text("article")


def test_a_link_to_another_article_leads_there(portal: Any) -> None:
    ((attributes, _),) = [
        link for link in parse(portal, ARTICLE).all("a") if link[1] == "VPN" and ".." in link[0]["href"]
    ][:1]
    assert target(ARTICLE, attributes["href"]) == "/en/network/vpn/"


# FAQ


@pytest.mark.parametrize(
    ("path", "questions"), [(FAQ, ["Why & <how>?", "When?"]), ("ar/account/faq/index.html", ["ما هذا؟", "لماذا؟"])]
)
def test_an_faq_tells_search_engines_its_questions(portal: Any, path: str, questions: list[str]) -> None:
    faq = json.loads(parse(portal, path).text("script", type="application/ld+json"))
    assert (faq["@context"], faq["@type"]) == ("https://schema.org", "FAQPage")
    assert [row["name"] for row in faq["mainEntity"]] == questions
    assert {row["@type"] for row in faq["mainEntity"]} == {"Question"}
    assert all(
        row["acceptedAnswer"]["@type"] == "Answer" and row["acceptedAnswer"]["text"] for row in faq["mainEntity"]
    )


def test_what_faq_data_quotes_cannot_end_its_script(portal: Any) -> None:
    data = portal.page(FAQ).split('"application/ld+json">')[1].split("</script>")[0]
    assert "</script> time" in json.loads(data)["mainEntity"][1]["acceptedAnswer"]["text"]


def test_every_question_has_an_anchor(portal: Any) -> None:
    assert [
        a.get("id") for a, text in parse(portal, FAQ).all("h2") if text.endswith("?") and "solved" not in a["id"]
    ] == [
        "why--",
        "when",
    ]


def test_an_ordinary_article_has_no_faq_data(portal: Any) -> None:
    assert parse(portal, ARTICLE).all("script", type="application/ld+json") == []


# Pages that nobody writes


def test_the_index_has_every_article_under_its_letter(portal: Any) -> None:
    page = parse(portal, "en/a-z/index.html")
    assert page.text("ul", class_="letters") == "Q R S V"
    assert [text for a, text in page.all("a") if a["href"].count("/") == 3] == [
        "Questions & answers",
        TITLE,
        "Short",
        "VPN",
    ]
    ids = {a["id"] for _, a, _ in page.elements if "id" in a}
    assert {f"letter-{number}" for number in range(1, 5)} <= ids


def test_a_category_page_lists_its_articles(portal: Any) -> None:
    page = parse(portal, "en/account/index.html")
    assert page.text("h1") == "Accounts"
    links = [target("en/account/index.html", a["href"]) for a, text in page.all("a") if text in (TITLE, "Short", "VPN")]
    assert links == ["/en/account/password/", "/en/account/short/"]


def test_a_category_page_sends_tickets_to_its_category(portal: Any) -> None:
    assert "/ticket?lang=ko&category=account" in [a["href"] for a, _ in parse(portal, "ko/account/index.html").all("a")]


def test_a_category_may_have_an_introduction(portal: Any) -> None:
    page = parse(portal, "ko/network/index.html")
    assert "네트워크 소개." in page.text("main")
    assert page.text("h1") == "네트워크"


def test_a_category_without_articles_has_no_page(portal: Any) -> None:
    assert not (portal.site / "ar/network/index.html").exists()
    assert "../network/" not in portal.page("ar/index.html")


def test_home_leads_to_topics_and_needed_articles(portal: Any) -> None:
    page = parse(portal, "en/index.html")
    assert page.text("ul", class_="cards") == "Accounts Network"
    assert page.text("ul", class_="article-list two") == f"{TITLE} About: {TITLE}."


def test_home_leaves_out_needed_articles_that_a_language_has_not(portal: Any) -> None:
    assert parse(portal, "ar/index.html").all("section", **{"aria-labelledby": "needed-title"}) == []


@pytest.mark.parametrize("code", ["en", "ko", "ar"])
def test_search_works_by_a_plain_form(portal: Any, code: str) -> None:
    page = parse(portal, f"{code}/index.html")
    ((form, _),) = page.all("form")
    assert (form["action"], form["method"], form["role"]) == ("/search", "get", "search")
    assert [a["name"] for a, _ in page.all("input")] == ["q", "lang"]
    assert page.all("input", name="lang")[0][0]["value"] == code


@pytest.mark.parametrize("code", ["en", "ko", "ar"])
def test_the_page_for_lost_visitors_speaks_their_language(portal: Any, code: str) -> None:
    page = parse(portal, f"{code}/404.html")
    assert page.text("h1") == WORDS[code]["not_found_title"]
    assert page.all("meta", name="robots")[0][0]["content"] == "noindex"


def test_the_page_for_lost_visitors_links_without_empty_path_segments(portal: Any) -> None:
    page = parse(portal, "en/404.html")
    links = [a[name] for _, a, _ in page.elements for name in ("href", "src") if name in a]
    assert [link for link in links if "//" in link] == []


def test_the_page_for_lost_visitors_leads_from_the_root(portal: Any) -> None:
    page = parse(portal, "en/404.html")
    links = [a[name] for _, a, _ in page.elements for name in ("href", "src") if name in a]
    assert [link for link in links if not link.startswith(("/", "#", "tel:"))] == []


# Languages


@pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("ko", "ltr"), ("ar", "rtl")])
def test_every_page_says_its_language_and_direction(portal: Any, code: str, direction: str) -> None:
    found = {path: page.all("html")[0][0] for path, page in pages(portal).items() if path.startswith(f"{code}/")}
    assert len(found) > 3
    assert {(a["lang"], a["dir"]) for a in found.values()} == {(code, direction)}


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("account/password/", ["en", "ko"]),
        ("account/faq/", ["en", "ar"]),
        ("account/short/", ["en"]),
        ("", ["en", "ko", "ar"]),
        ("a-z/", ["en", "ko", "ar"]),
    ],
)
def test_a_page_names_its_address_and_its_twins(portal: Any, path: str, codes: list[str]) -> None:
    page = parse(portal, f"en/{path}index.html")
    assert [a["href"] for a, _ in page.all("link", rel="canonical")] == [f"{HOST}/en/{path}"]
    twins = [(a["hreflang"], a["href"]) for a, _ in page.all("link", rel="alternate") if "hreflang" in a]
    assert twins == [(code, f"{HOST}/{code}/{path}") for code in codes]


@pytest.mark.parametrize(
    ("path", "targets"),
    [
        (ARTICLE, ["/en/account/password/", "/ko/account/password/", "/ar/"]),
        ("ar/account/faq/index.html", ["/en/account/faq/", "/ko/", "/ar/account/faq/"]),
        ("ko/index.html", ["/en/", "/ko/", "/ar/"]),
        ("en/a-z/index.html", ["/en/a-z/", "/ko/a-z/", "/ar/a-z/"]),
        pytest.param(
            "en/404.html",
            ["/en/", "/ko/", "/ar/"],
        ),
    ],
)
def test_the_language_switch_leads_to_the_twin_or_home(portal: Any, path: str, targets: list[str]) -> None:
    switch = [a for a, _ in parse(portal, path).all("a") if "hreflang" in a]
    assert [a["hreflang"] for a in switch] == ["en", "ko", "ar"]
    assert [re.sub("/+", "/", target(path, a["href"])) for a in switch] == targets
    assert [a["hreflang"] for a in switch if a.get("aria-current")] == [path[:2]]


def test_every_twin_that_a_page_names_is_there(portal: Any) -> None:
    lost = [
        (path, a["href"])
        for path, page in pages(portal).items()
        for a, _ in [*page.all("link", rel="alternate"), *page.all("a")]
        if "hreflang" in a and not (portal.site / target(path, a["href"]).strip("/") / "index.html").is_file()
    ]
    assert [row for row in lost if not row[0].endswith("404.html")] == []


# Machines


def test_the_feed_has_every_public_article(portal: Any) -> None:
    feed = ElementTree.fromstring(portal.page("en/feed.xml"))
    entries = {entry.findtext(f"{ATOM}title"): entry for entry in feed.findall(f"{ATOM}entry")}
    assert sorted(entries) == sorted([TITLE, "Questions & answers", "Short", "VPN"])
    assert entries[TITLE].findtext(f"{ATOM}id") == f"{HOST}/en/account/password/"
    assert entries[TITLE].findtext(f"{ATOM}updated") == "2026-10-01T00:00:00Z"
    assert entries[TITLE].findtext(f"{ATOM}summary") == f"About: {TITLE}."


@pytest.mark.parametrize("code", ["en", "ko", "ar"])
def test_the_feed_has_what_atom_asks_for(portal: Any, code: str) -> None:
    feed = ElementTree.fromstring(portal.page(f"{code}/feed.xml"))
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == code
    for part in [feed, *feed.findall(f"{ATOM}entry")]:
        assert all(part.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"{HOST}/{code}/feed.xml"


def test_the_sitemap_has_every_page_for_readers(portal: Any) -> None:
    urls = ElementTree.fromstring(portal.page("en/sitemap.xml")).findall(f"{MAP}url")
    own = ["", "a-z/", "account/", "network/", "account/faq/", "account/password/", "account/short/", "network/vpn/"]
    assert [url.findtext(f"{MAP}loc") for url in urls] == [f"{HOST}/en/{path}" for path in own]


def test_the_sitemap_names_twins_and_reviews(portal: Any) -> None:
    urls = ElementTree.fromstring(portal.page("en/sitemap.xml")).findall(f"{MAP}url")
    (url,) = [url for url in urls if url.findtext(f"{MAP}loc", "").endswith("/password/")]
    assert url.findtext(f"{MAP}lastmod") == "2026-10-01"
    assert [(link.get("hreflang"), link.get("href")) for link in url.findall(f"{XHTML}link")] == [
        (code, f"{HOST}/{code}/account/password/") for code in ("en", "ko")
    ]


# What no page may do


def test_no_title_or_text_becomes_markup(portal: Any) -> None:
    for file in [*portal.site.rglob("*.html"), *portal.site.rglob("*.xml")]:
        assert "<i>your" not in file.read_text("utf-8"), file


def test_every_page_is_well_formed(portal: Any) -> None:
    assert len(pages(portal)) > 20  # Page refuses elements that are closed out of order


def test_every_id_of_a_page_is_there_once(portal: Any) -> None:
    for path, page in pages(portal).items():
        ids = [a["id"] for _, a, _ in page.elements if "id" in a]
        assert len(ids) == len(set(ids)), path


def test_every_aria_reference_has_its_element(portal: Any) -> None:
    for path, page in pages(portal).items():
        ids = {a["id"] for _, a, _ in page.elements if "id" in a}
        named = {a[name] for _, a, _ in page.elements for name in ("aria-labelledby", "for") if name in a}
        assert named <= ids, path


def test_nothing_is_loaded_from_another_host(portal: Any) -> None:
    loaded = [
        (path, a.get("src") or a["href"])
        for path, page in pages(portal).items()
        for tag, a, _ in page.elements
        if ("src" in a or (tag == "link" and a["rel"] in ("stylesheet", "icon", "preload", "modulepreload")))
    ]
    assert len(loaded) > 100
    assert [row for row in loaded if urlsplit(row[1]).scheme or (row[1].startswith("//"))] == []
    for style in portal.site.rglob("*.css"):
        assert not re.search(r"@import|url\(\s*['\"]?(?!data:|#)", style.read_text("utf-8")), style


def test_everything_that_is_loaded_is_there(portal: Any) -> None:
    for path, page in pages(portal).items():
        for tag, a, _ in page.elements:
            if "src" in a or (tag == "link" and a["rel"] in ("stylesheet", "icon")):
                file = re.sub("/+", "/", target(path, a.get("src") or a["href"]))
                assert (portal.site / file.strip("/")).is_file(), (path, file)


def test_every_link_inside_leads_to_a_page(portal: Any) -> None:
    for path, page in pages(portal).items():
        for a, _ in page.all("a"):
            to = re.sub("/+", "/", target(path, a["href"]))
            # Other languages, and 404.html, have tests of their own above.
            if "hreflang" in a or path.endswith("404.html") or a["href"].startswith(("#", "tel:", "/ticket")):
                continue
            file = portal.site / to.strip("/")
            assert file.is_file() or (file / "index.html").is_file(), (path, a["href"])


def test_no_page_has_scripts_or_styles_of_its_own(portal: Any) -> None:
    for path, page in pages(portal).items():
        for tag, a, _ in page.elements:
            assert tag != "style", path
            assert "style" not in a, path
            assert not [name for name in a if name.startswith("on")], path
            assert tag != "script" or "src" in a or a["type"] == "application/ld+json", path


def test_an_internal_article_leaves_no_byte(portal: Any) -> None:
    for file in portal.site.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            content = (gzip.decompress(content) if file.suffix == ".gz" else content).lower()
            assert b"xyzzy" not in content, file
            assert b"account/secret" not in content, file
    assert not (portal.site / "en/account/secret").exists()


def test_no_page_leads_to_an_internal_twin(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree(
        {"en/account/a.md": article("A"), "ko/account/a.md": article("가", audience="internal")},
        languages=["en", "ko"],
        fallback=False,
    )
    made.build()
    assert "ko/account/a/" not in made.page("en/account/a/index.html")
    assert "ko/account/a/" not in made.page("en/sitemap.xml")


def test_a_page_does_not_grow_with_the_number_of_articles(
    tree: Callable[..., Any], article: Callable[..., str], shared: ModuleType
) -> None:
    def size(count: int) -> int:
        more = {
            f"en/network/n{number}.md": article(f"Same {number}", category="network") for number in range(100, count)
        }
        made.write(more)
        assert all(outcome.is_built for outcome in made.build())
        return len(made.page("en/account/a/index.html"))

    made = tree(
        {"en/account/a.md": article("A", related=["network/n100", "network/n101", "network/n102", "network/n103"])}
    )
    assert size(106) == size(140)


def test_pages_lie_where_their_names_say(portal: Any) -> None:
    files = {posixpath.join(*path.split("/")[1:]) for path in pages(portal) if path.startswith("ko/")}
    assert files == {
        "404.html",
        "index.html",
        "a-z/index.html",
        "search/index.html",
        "account/index.html",
        "account/password/index.html",
        "network/index.html",
        "network/vpn/index.html",
    }
