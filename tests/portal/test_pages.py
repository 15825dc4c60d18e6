"""Every type of page in every language: accessible, in its width, light and dark."""

from collections.abc import Iterator
from typing import Any

import pytest
from accessibility import CONTRAST, violations
from playwright.sync_api import Browser, Page, expect

LANGUAGES = ["en", "zh-Hans", "zh-Hant", "ko", "tr", "ar"]
PAGES = {
    "home": "{portal}{code}/",
    "category": "{portal}{code}/account/",
    "article": "{portal}{code}/devices/error-codes/",
    "faq": "{portal}{code}/email/faq/",
    "a-z": "{portal}{code}/a-z/",
    "results": "{portal}{code}/search/?q=vpn",
    "no results": "{portal}{code}/search/?q=qwxzv",
    "not found": "{portal}{code}/no-such-page/",
    "form": "{form}?lang={code}&article=account/forgot-password/&q=vpn",
    "search without script": "{portal}search?lang={code}&q=vpn",
}
VIEWS = [(360, "dark"), (1280, "light")]


def visit(page: Page, server: Any, kind: str, code: str) -> None:
    page.goto(PAGES[kind].format(portal=server.portal, form=server.form, code=code))
    if kind == "results":
        expect(page.locator(".results > li").first).to_be_visible()


def open_view(browser: Browser, width: int, scheme: str) -> Iterator[Page]:
    size = {"width": width, "height": 800}
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(params=VIEWS, ids=[f"{width} {scheme}" for width, scheme in VIEWS])
def view(request: Any, browser: Browser) -> Iterator[Page]:
    yield from open_view(browser, *request.param)


# Both widths where direction or script differ; one in the languages that share their styles.
WIDTHS = [(code, width) for code in ["en", "ko", "ar"] for width in (360, 1280)]
WIDTHS += [("zh-Hans", 360), ("zh-Hant", 1280), ("tr", 360)]
COLOURED = [("en", 360), ("ar", 1280)]  # colours are the same in all languages


@pytest.mark.parametrize(("code", "width"), WIDTHS)
def test_axe_finds_nothing_on_any_page(browser: Browser, server: Any, code: str, width: int) -> None:
    found = {}
    for page in open_view(browser, width, "light"):
        for kind in PAGES:
            page.emulate_media(color_scheme="light")
            visit(page, server, kind, code)
            has_colours = (code, width) in COLOURED
            found[kind] = violations(page, has_colours=has_colours)
            if has_colours:
                page.emulate_media(color_scheme="dark")
                found[kind] += violations(page, CONTRAST)
    assert sorted(found) == sorted(PAGES)
    assert not {kind: rows for kind, rows in found.items() if rows}


def test_axe_finds_nothing_on_the_chooser(view: Page, server: Any) -> None:
    view.goto(server.portal)
    assert not violations(view)


@pytest.mark.parametrize("code", ["en", "ar"])
def test_axe_finds_nothing_on_an_open_search_box(view: Page, server: Any, code: str) -> None:
    view.goto(f"{server.portal}{code}/")
    view.get_by_role("combobox").fill("vpn")
    expect(view.get_by_role("option").first).to_be_visible()
    view.get_by_role("combobox").press("ArrowDown")
    assert not violations(view)


LONG = "E_" * 60  # what was typed may be a pasted line without a space


@pytest.mark.parametrize("code", ["en", "ar"])
@pytest.mark.parametrize("kind", ["nearest", "corrected", "none"])
def test_axe_finds_nothing_on_any_kind_of_answer(
    view: Page, server: Any, fake_search: Any, code: str, kind: str
) -> None:
    fake = type(fake_search)(view.context)
    facets = {"category": [["Accounts", 20], ["Network", 5]], "appliesTo": [["Windows", 9], ["macOS", 3]]}
    more = {"suggested": "printer", "also": ["印表機", "printer"], "facets": facets}
    answers = {
        "nearest": fake.found(*[f"Article {number}" for number in range(25)], tier="partial", **more),
        "corrected": fake.found("One", "Two", tier="corrected", corrected="E_WORD", also=["tunnel"], facets=facets),
        "none": {"results": []},
    }
    other = {"*": fake.found("다른 언어", "또 하나")}
    fake.answer(**{code: {"*": answers[kind]}}, ko=other)
    view.goto(f"{server.portal}{code}/search/?q={LONG}&category=Accounts")
    expect(view.locator("[data-found]")).to_be_visible()
    view.locator("[data-others]").scroll_into_view_if_needed()
    expect(view.locator(".language li")).to_have_count(2)
    if view.locator(".filters").is_visible() and not view.locator(".filters[open]").count():
        view.locator(".filters summary").click()
    assert not violations(view)
    view.get_by_role("combobox").fill(LONG + " 2")
    expect(view.get_by_role("option").first).to_be_visible()
    view.get_by_role("combobox").press("ArrowUp")
    assert not violations(view)
    view.set_viewport_size({"width": 320, "height": 700})
    assert view.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_page_scrolls_sideways_at_320_pixels(browser: Browser, server: Any, code: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    wide = {}
    for kind in PAGES:
        visit(page, server, kind, code)
        wide[kind] = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert {kind: width for kind, width in wide.items() if width > 320} == {}


def test_arabic_reads_from_the_right(page: Page, server: Any) -> None:
    page.goto(f"{server.portal}ar/account/forgot-password/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    heading = page.locator("h1").bounding_box()
    side = page.locator(".contents").bounding_box()
    assert heading
    assert side
    assert side["x"] < heading["x"]


def test_the_language_switch_leads_to_the_same_article(page: Page, server: Any) -> None:
    page.goto(f"{server.portal}en/network/vpn/")
    page.locator(".lang-links a[lang=ko]").click()
    page.wait_for_url("**/ko/network/vpn/")
    expect(page.locator("html")).to_have_attribute("lang", "ko")


def test_the_theme_switch_is_remembered(page: Page, server: Any) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{server.portal}en/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("[data-theme-switch]").click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_the_chooser_puts_the_visitors_language_first(browser: Browser, server: Any) -> None:
    context = browser.new_context(locale="zh-TW")
    page = context.new_page()
    page.goto(server.portal)
    expect(page.locator(".cards a").first).to_have_attribute("lang", "zh-Hant")
    context.close()


def test_yes_is_thanked_and_asks_no_more(page: Page, server: Any) -> None:
    page.goto(f"{server.portal}en/network/vpn/")
    page.locator("[data-solved]").click()
    expect(page.locator("[data-solved-thanks]")).to_have_text("Good to hear. Thank you.")
    expect(page.locator(".solved .actions")).to_be_hidden()


def test_pages_ask_no_other_host(page: Page, server: Any) -> None:
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    for kind in PAGES:
        visit(page, server, kind, "en") if kind != "not found" else None
    assert {url for url in asked if not url.startswith(server.portal)} == set()


def test_print_is_dark_on_light_whatever_was_chosen(page: Page, server: Any) -> None:
    page.goto(f"{server.portal}en/network/vpn/")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print")
    colour = page.evaluate("getComputedStyle(document.querySelector('.lead')).color")
    assert max(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) < 128


@pytest.mark.parametrize("width", [360, 900, 1280])
def test_contents_are_on_every_article_at_every_width(page: Page, server: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{server.portal}en/network/vpn/")
    shown = [part for part in (".contents", ".contents-fold") if page.locator(part).is_visible()]
    assert len(shown) == 1


def test_a_printed_article_is_the_article_alone(page: Page, server: Any) -> None:
    page.goto(f"{server.portal}en/network/vpn/")
    page.emulate_media(media="print")
    for rest in (".site-header", ".site-footer", ".solved", ".related", ".side"):
        expect(page.locator(rest)).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
