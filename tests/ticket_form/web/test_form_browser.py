"""The ticket form in a real browser, with JavaScript and without: nothing typed or chosen is lost."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from accessibility import violations
from playwright.sync_api import Browser, Locator, Page, Route, expect

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
SUBJECT, TEXT = "VPN drops", "It worked yesterday.\nNow it does not."


def png(name: str, size: int = len(PNG)) -> Any:
    return {"name": name, "mimeType": "image/png", "buffer": PNG + bytes(size - len(PNG))}


def write(page: Page, server: Any, *, email: str = "kim@example.com", code: str = "en") -> None:
    page.goto(f"{server.form}?lang={code}")
    page.select_option("#category", "network")
    page.fill("#subject", SUBJECT)
    page.fill("#description", TEXT)
    page.fill("#email", email)


def send(page: Page) -> None:
    page.locator("form.ticket-form .actions button:not([name])").click()


def await_suggestions(page: Page) -> None:
    """Wait for the search; who is quicker than that gets the step of those without JavaScript."""
    expect(page.locator("input[name=suggested]")).to_have_value("1")


def typed(page: Page) -> list[str]:
    return [page.input_value(field) for field in ("#category", "#subject", "#description", "#email")]


def chosen(page: Page) -> list[str]:
    """Return what the browser's own field would send."""
    names: list[str] = page.evaluate("[...document.getElementById('files').files].map(({ name }) => name)")
    return names


def drop(target: Locator, kind: str, name: str) -> None:
    """Drop or paste a picture, as a file manager or a screenshot tool does."""
    target.evaluate(
        """(element, [kind, name, bytes]) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
          const options = { bubbles: true, cancelable: true };
          element.dispatchEvent(kind === "paste"
            ? new ClipboardEvent("paste", { ...options, clipboardData: data })
            : new DragEvent("drop", { ...options, dataTransfer: data }));
        }""",
        [kind, name, list(PNG)],
    )


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Open a page that runs no JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def sloppy(browser: Browser) -> Iterator[Page]:
    """Open a page that may be told of failed requests."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


# Without JavaScript


def test_without_javascript_a_ticket_with_a_file_is_sent(plain: Page, server: Any) -> None:
    write(plain, server)
    plain.set_input_files("#files", [png("shot.png")])
    send(plain)
    expect(plain.get_by_role("heading", name="We have your ticket")).to_be_visible()
    plain.get_by_role("link", name="Status of your ticket").click()
    expect(plain.get_by_text("shot.png")).to_be_visible()


def test_without_javascript_suggestions_are_a_step_that_ends_in_thanks_or_in_the_ticket(
    plain: Page, server: Any
) -> None:
    write(plain, server)
    send(plain)
    expect(plain.get_by_role("heading", name="Could one of these help?")).to_be_visible()
    expect(plain.get_by_role("link", name=re.compile("Connect to the VPN"))).to_have_attribute("target", "_blank")
    plain.get_by_role("button", name="Change my text").click()
    assert typed(plain) == ["network", SUBJECT, TEXT, "kim@example.com"]
    send(plain)
    plain.get_by_role("button", name="Send ticket anyway").click()
    expect(plain.get_by_role("heading", name="We have your ticket")).to_be_visible()
    write(plain, server)
    send(plain)
    plain.get_by_role("link", name="This solved it").click()
    expect(plain.get_by_text("No ticket has been sent.")).to_be_visible()


def test_without_javascript_what_was_too_large_is_still_there_after_going_back(
    plain: Page, server: Any, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.png"
    huge.write_bytes(bytes(45 * 1024 * 1024))
    write(plain, server)
    plain.set_input_files("#files", huge)
    send(plain)
    expect(plain.get_by_text("Press the Back button")).to_be_visible()
    plain.go_back()
    assert typed(plain) == ["network", SUBJECT, TEXT, "kim@example.com"]


def test_without_javascript_going_back_from_the_errors_keeps_the_text(plain: Page, server: Any) -> None:
    write(plain, server, email="no address")
    send(plain)
    expect(plain.locator("#summary")).to_be_visible()
    plain.go_back()
    assert typed(plain) == ["network", SUBJECT, TEXT, "no address"]


# With JavaScript


def test_suggestions_come_while_writing_and_nothing_is_sent(page: Page, server: Any) -> None:
    posts: list[str] = []
    asked: list[str] = []
    page.on("request", lambda request: (posts if request.method == "POST" else asked).append(request.url))
    write(page, server)
    expect(page.get_by_role("complementary", name="Could one of these help?")).to_be_visible()
    link = page.get_by_role("link", name="Connect to the VPN (opens in a new tab)")
    expect(link).to_have_attribute("target", "_blank")
    assert posts == []
    assert not [url for url in asked if "drops" in url or "yesterday" in url]
    send(page)
    page.wait_for_url("**/ticket/received/*")  # no step more


def test_what_no_page_answers_gets_no_suggestion(page: Page, server: Any) -> None:
    page.goto(f"{server.form}?lang=en")
    page.fill("#subject", "Order a coffee machine for our kitchen")
    page.fill("#description", "Our team would like to have one.")
    expect(page.locator("input[name=suggested]")).to_have_value("1")
    expect(page.locator("[data-suggested]")).to_be_hidden()


def test_this_solved_it_ends_with_thanks_and_forgets_the_draft(page: Page, server: Any) -> None:
    write(page, server)
    page.get_by_role("link", name="This solved it").click()
    expect(page.get_by_text("No ticket has been sent.")).to_be_visible()
    page.wait_for_load_state()  # its scripts have run
    page.goto(f"{server.form}?lang=en")
    assert typed(page)[1:] == ["", "", ""]


def test_without_a_search_the_server_suggests(sloppy: Page, server: Any) -> None:
    sloppy.route("**/search/worker.js", lambda route: route.abort())
    write(sloppy, server)
    send(sloppy)
    expect(sloppy.get_by_role("heading", name="Could one of these help?", level=1)).to_be_visible()
    sloppy.get_by_role("button", name="Send ticket anyway").click()
    sloppy.wait_for_url("**/ticket/received/*")


def test_files_come_by_choice_by_drop_and_by_paste_and_can_be_removed(page: Page, server: Any) -> None:
    write(page, server)
    page.set_input_files("#files", [png("chosen.png")])
    drop(page.locator("[data-files]"), "drop", "dropped.png")
    drop(page.locator("#description"), "paste", "image.png")
    page.set_input_files("#files", [png("later.png")])
    assert chosen(page) == ["chosen.png", "dropped.png", "image.png", "later.png"]
    page.get_by_role("button", name="Remove dropped.png").click()
    assert chosen(page) == ["chosen.png", "image.png", "later.png"]
    expect(page.get_by_role("button", name="Remove image.png")).to_be_focused()
    send(page)
    page.wait_for_url("**/ticket/received/*")
    page.get_by_role("link", name="Status of your ticket").click()
    for name in ("chosen.png", "image.png", "later.png"):
        expect(page.get_by_text(name)).to_be_visible()


def test_pasted_text_stays_text(page: Page, server: Any) -> None:
    write(page, server)
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "from a table");
          data.items.add(new File(["x"], "cells.png", { type: "image/png" }));
          const paste = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data });
          window.wasLeft = document.getElementById("description").dispatchEvent(paste);
        }"""
    )
    assert page.evaluate("window.wasLeft")
    assert chosen(page) == []


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([{"name": "a.exe", "mimeType": "", "buffer": b"MZ"}], "a.exe is of a type that cannot be sent here"),
        ([png("big.png", 10 * 1024 * 1024 + 1)], "big.png is too large. A file may have at most 10 MB."),
        ([png("a.png", 9_000_000), png("b.png", 9_000_001), png("c.png", 9_000_002)], "too large together"),
        ([png(f"{number}.png", 100 + number) for number in range(6)], "Choose at most 5 files."),
        ([{"name": "a.txt", "mimeType": "", "buffer": b""}], "a.txt is empty."),
    ],
)
def test_a_file_that_cannot_be_sent_is_told_before_sending(
    page: Page, server: Any, files: list[Any], told: str, tmp_path: Path
) -> None:
    page.goto(f"{server.form}?lang=en")
    paths = []
    for given in files:
        (tmp_path / given["name"]).write_bytes(given["buffer"])
        paths.append(tmp_path / given["name"])
    page.set_input_files("#files", paths)
    expect(page.get_by_role("alert").filter(has_text=told)).to_be_visible()
    assert len(chosen(page)) == len(files) - 1


def test_files_survive_the_errors_of_other_fields(sloppy: Page, server: Any) -> None:
    write(sloppy, server, email="")
    sloppy.set_input_files("#files", [png("kept.png")])
    send(sloppy)
    expect(sloppy.locator("#summary")).to_be_focused()
    assert chosen(sloppy) == ["kept.png"]
    expect(sloppy.get_by_text("Please choose your files again")).to_have_count(0)
    assert typed(sloppy) == ["network", SUBJECT, TEXT, ""]
    assert sloppy.title().startswith("Error:")
    sloppy.fill("#email", "kim@example.com")
    send(sloppy)
    sloppy.wait_for_url("**/ticket/received/*")


def test_a_lost_connection_loses_nothing_and_the_form_can_be_sent_again(sloppy: Page, server: Any) -> None:
    write(sloppy, server)
    await_suggestions(sloppy)
    sloppy.set_input_files("#files", [png("kept.png")])
    sloppy.route("**/ticket?*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    send(sloppy)
    expect(sloppy.locator("#summary")).to_be_focused()
    expect(sloppy.locator("#summary")).to_contain_text("The connection was lost.")
    assert typed(sloppy) == ["network", SUBJECT, TEXT, "kim@example.com"]
    assert chosen(sloppy) == ["kept.png"]
    sloppy.unroute("**/ticket?*")
    send(sloppy)
    sloppy.wait_for_url("**/ticket/received/*")


@pytest.mark.parametrize("status", [413, 429, 502, 503])
def test_an_answer_without_the_form_leaves_the_form(sloppy: Page, server: Any, status: int) -> None:
    def fail(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        return route.fulfill(status=status, body="<main><h1>Not now</h1><p class=lead>Try <b>later</b>.</p></main>")

    write(sloppy, server)
    sloppy.route("**/ticket?*", fail)
    send(sloppy)
    expect(sloppy.locator("#summary")).to_be_focused()
    expect(sloppy.locator("#summary")).to_have_text(re.compile(r"Not now\s*Try later\."))
    assert typed(sloppy) == ["network", SUBJECT, TEXT, "kim@example.com"]


def test_a_double_click_sends_once(page: Page, server: Any) -> None:
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    write(page, server)
    await_suggestions(page)
    page.locator("form.ticket-form .actions button:not([name])").dblclick()
    page.wait_for_url("**/ticket/received/*")
    assert len(posts) == 1


def test_progress_is_shown_and_said(page: Page, server: Any) -> None:
    def hold(route: Route) -> None:
        if route.request.method == "POST":
            expect(page.get_by_role("status").filter(has_text="Sending:")).to_be_visible()
            expect(page.locator("progress")).to_be_visible()
        route.continue_()

    write(page, server)
    page.route("**/ticket?*", hold)
    page.set_input_files("#files", [png("large.png", 5_000_000)])
    send(page)
    page.wait_for_url("**/ticket/received/*")


def test_a_draft_comes_back_in_this_tab_and_says_so(page: Page, server: Any) -> None:
    write(page, server)
    page.goto(f"{server.portal}en/")
    page.goto(f"{server.form}?lang=ko&q=vpn")
    assert typed(page) == ["network", SUBJECT, TEXT, "kim@example.com"]
    page.goto(f"{server.form}?lang=en")
    expect(page.get_by_role("status").filter(has_text="filled in again")).to_be_visible()
    page.get_by_role("button", name="Start with an empty form").click()
    expect(page.locator("#subject")).to_have_value("")
    expect(page.get_by_text("filled in again")).to_have_count(0)


def test_a_draft_is_gone_once_the_ticket_is_sent(page: Page, server: Any) -> None:
    write(page, server)
    await_suggestions(page)
    send(page)
    page.wait_for_url("**/ticket/received/*")
    page.goto(f"{server.form}?lang=en")
    assert typed(page)[1:] == ["", "", ""]


def test_a_draft_whose_answer_got_lost_does_not_become_a_second_ticket(sloppy: Page, server: Any) -> None:
    def lose_answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            return route.abort()
        return route.continue_()

    write(sloppy, server)
    await_suggestions(sloppy)
    sloppy.route("**/ticket?*", lose_answer)
    send(sloppy)
    expect(sloppy.locator("#summary")).to_be_focused()
    sloppy.unroute("**/ticket?*")
    key = sloppy.input_value("input[name=form_key]")
    sloppy.goto(f"{server.form}?lang=en")
    assert sloppy.input_value("input[name=form_key]") == key
    await_suggestions(sloppy)
    send(sloppy)
    sloppy.wait_for_url("**/ticket/received/*")


def test_the_link_of_the_status_page_can_be_copied(browser: Browser, server: Any) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    write(page, server)
    await_suggestions(page)
    send(page)
    page.wait_for_url("**/ticket/received/*")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status").filter(has_text="The link has been copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"{re.escape(server.form)}/status/[\w-]{{43}}", copied)
    context.close()


def test_a_ticket_is_sent_with_the_keyboard_alone(page: Page, server: Any) -> None:
    page.goto(f"{server.form}?lang=en")
    page.locator("#category").focus()
    page.keyboard.type("Net")
    for text in (SUBJECT, "It drops."):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    expect(page.locator("[data-suggested]")).to_be_visible()
    page.locator("#files").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#email")).to_be_focused()
    page.keyboard.type("kim@example.com")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ticket/received/*")


# Every view


@pytest.mark.parametrize(
    ("code", "width", "scheme"),
    [("en", 360, "light"), ("en", 1280, "dark"), ("ar", 360, "dark"), ("ar", 1280, "light")],
)
def test_axe_finds_nothing_and_every_page_keeps_its_width(
    browser: Browser, server: Any, width: int, scheme: Any, code: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name].append("wider than the window")

    words = {"en": "forgot my password", "ar": "نسيت كلمة المرور"}[code]
    page.goto(f"{server.form}?lang={code}")
    page.fill("#subject", words)
    page.fill("#description", words)
    page.set_input_files("#files", [png("screenshot-with-a-long-name-" * 4 + ".png"), png("b.exe")])
    expect(page.locator("[data-suggested]")).to_be_visible()
    look("form with suggestions and files")
    send(page)
    expect(page.locator("#summary")).to_be_visible()
    look("errors")
    page.goto(f"{server.form}?lang={code}")
    look("restored draft")
    page.route("**/search/worker.js", lambda route: route.abort())
    page.reload()
    page.select_option("#category", "account")
    page.fill("#email", "kim@example.com")
    send(page)
    expect(page.locator("button[name=edit]")).to_be_visible()
    look("suggestions")
    page.locator("form.ticket-form button:not([name])").click()
    page.wait_for_url("**/ticket/received/*")
    look("receipt")
    page.goto(f"{server.form}/solved?lang={code}")
    look("thanks")
    context.close()
    assert len(found) == 6
    assert not {name: rows for name, rows in found.items() if rows}
