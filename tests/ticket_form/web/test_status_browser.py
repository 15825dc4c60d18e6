"""Status page and desk in a browser: accessible, in their width, light and dark, by keyboard, without JavaScript."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from accessibility import violations
from playwright.sync_api import Browser, Page, expect

LANGUAGES = ["en", "zh-Hans", "zh-Hant", "ko", "tr", "ar"]
VIEWS = [(320, "light"), (1280, "dark")]
LONG = "E_" * 80  # a pasted line without a space


def is_wide(page: Page, width: int) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") > width)


def open_status(page: Page, server: Any, code: str = "en") -> None:
    """Send a ticket as a visitor does, and follow the receipt's link to its status page."""
    page.goto(f"{server.form}?lang={code}")
    page.locator("#category").select_option("network")
    page.locator("#subject").fill(f"VPN {LONG}")
    page.locator("#description").fill(LONG)
    page.locator("#email").fill("visitor@example.com")
    # A form with a file is sent without the step that suggests articles.
    page.locator("#files").set_input_files({"name": "first.txt", "mimeType": "text/plain", "buffer": b"text\n"})
    page.locator("form.ticket-form button[type=submit]").last.click()
    page.wait_for_url("**/ticket/received/**", timeout=15_000)
    page.locator("a[href*='/ticket/status/']").first.click()
    page.wait_for_url("**/ticket/status/**")


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def open_page(request: Any, browser: Browser) -> Iterator[Callable[..., Page]]:
    opened = []

    def make(width: int = 1280, scheme: Any = "light") -> Page:
        size: Any = {"width": width, "height": 800}
        context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=request.param)
        opened.append(context)
        return context.new_page()

    yield make
    for context in opened:
        context.close()


def test_a_visitor_writes_closes_and_reopens(open_page: Callable[..., Page], server: Any) -> None:
    page = open_page()
    open_status(page, server)
    page.get_by_label("Your comment").fill("One more thing.")
    page.get_by_label("Files").set_input_files({"name": "log.txt", "mimeType": "text/plain", "buffer": b"first line\n"})
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator("#latest")).to_contain_text("One more thing.")
    expect(page.locator("#latest")).to_contain_text("log.txt")
    page.get_by_role("button", name="My problem is solved").click()
    expect(page.locator(".state")).to_have_text("Closed")
    expect(page.get_by_role("button", name="My problem is solved")).to_have_count(0)
    page.get_by_role("button", name="Open the ticket again").click()
    expect(page.locator(".state")).to_have_text("In progress")
    expect(page.locator(".entry.is-visitor")).to_have_count(4)


def test_an_empty_comment_is_explained_beside_its_field(open_page: Callable[..., Page], server: Any) -> None:
    page = open_page()
    open_status(page, server)
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator("#text")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#text")).to_have_accessible_description("Write something first.")
    page.locator(".summary a").click()
    assert re.search("#text$", page.url)


# Every language once, and both views of a long one, a dense one and one from right to left.
@pytest.mark.parametrize(
    ("code", "size"),
    [*((code, VIEWS[0]) for code in LANGUAGES), *((code, VIEWS[1]) for code in ("en", "ko", "ar"))],
    ids=str,
)
def test_axe_finds_nothing_on_status_page_and_desk(
    browser: Browser, server: Any, code: str, size: tuple[int, Any]
) -> None:
    width, scheme = size
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda message: failures.append(message.text) if "Security" in message.text else None)

    def check(what: str) -> None:
        failures.extend(f"{what}: {found}" for found in violations(page, has_colours=code in ("en", "ar")))
        failures.extend([f"{what}: scrolls sideways"] if is_wide(page, width) else [])

    open_status(page, server, code)
    status = page.url
    check("new")
    page.locator("button[value=comment]").click()
    expect(page.locator("#summary")).to_be_visible()
    check("errors")
    page.locator("#text").fill(LONG)
    page.locator("#files").set_input_files({"name": f"{'n' * 90}.txt", "mimeType": "text/plain", "buffer": b"text\n"})
    page.locator("button[value=comment]").click()
    expect(page.locator("#latest")).to_be_visible()
    page.goto(server.queue)
    page.goto(f"{server.portal}queue?lang={code}")
    check("queue")
    page.locator("main a[href*='/queue/AD-']").first.click()
    page.wait_for_url("**/queue/AD-**")
    page.locator("#text").fill(LONG)
    page.locator("button[value=comment]").click()
    expect(page.locator("#latest.is-team")).to_be_visible()
    page.locator("button[value=moved]").click()
    expect(page.locator(".entry.is-team")).to_have_count(2)
    check("ticket")
    page.goto(f"{server.portal}queue/quarantine?lang={code}")
    check("quarantine")
    page.goto(status)
    expect(page.locator(".entry.is-team")).to_have_count(2)
    check("answered")
    page.locator("button[value=closed]").click()
    expect(page.locator("button[value=reopened]")).to_be_visible()
    check("closed")
    context.close()
    assert failures == []


def test_the_page_leaks_nothing_to_where_its_links_lead(page: Page, server: Any) -> None:
    open_status(page, server)
    secret = page.url.split("/status/")[1].split("?")[0]
    told: list[str] = []
    page.on("request", lambda request: told.append(f"{request.url} {request.headers.get('referer', '')}"))
    page.locator(".header-links a").first.click()
    page.wait_for_url("**/en/")
    assert told
    assert not [line for line in told if secret in line]
    assert page.evaluate("document.referrer") == ""
    assert secret not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
