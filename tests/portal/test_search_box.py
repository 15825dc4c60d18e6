"""The search box by keyboard, by screen reader and by link."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def home(page: Page, server: Any) -> Page:
    page.goto(f"{server.portal}en/")
    return page


@pytest.fixture
def typed(home: Page) -> Page:
    home.get_by_role("combobox").fill("password")
    expect(home.get_by_role("option").first).to_be_visible()
    return home


def selected(page: Page) -> int:
    states = [option.get_attribute("aria-selected") for option in page.get_by_role("option").all()]
    return states.index("true") if "true" in states else -1


def test_the_slash_key_goes_to_the_box(home: Page) -> None:
    home.keyboard.press("/")
    expect(home.get_by_role("combobox")).to_be_focused()
    expect(home.get_by_role("combobox")).to_have_value("")


def test_slash_in_the_box_is_a_slash(home: Page) -> None:
    home.get_by_role("combobox").press_sequentially("c:/users")
    expect(home.get_by_role("combobox")).to_have_value("c:/users")


def test_nothing_of_search_is_loaded_before_the_box_is_used(page: Page, server: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.portal}en/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/search/" in url]
    page.get_by_role("combobox").focus()
    page.wait_for_event("request", lambda request: "index-" in request.url)


def test_arrow_keys_go_round(typed: Page) -> None:
    box = typed.get_by_role("combobox")
    last = typed.get_by_role("option").count() - 1
    seen = []
    for key in ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowDown", "End", "Home"]:
        box.press(key)
        seen.append(selected(typed))
    assert seen == [0, 1, 0, last, 0, last, 0]


def test_the_chosen_option_is_the_active_descendant(typed: Page) -> None:
    box = typed.get_by_role("combobox")
    box.press("ArrowDown")
    option = typed.locator(f"#{box.get_attribute('aria-activedescendant')}")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(typed.locator(f"#{box.get_attribute('aria-controls')}")).to_have_role("listbox")


def test_home_and_end_move_the_caret_while_nothing_is_chosen(typed: Page) -> None:
    box = typed.get_by_role("combobox")
    box.press("Home")
    assert selected(typed) == -1
    assert box.evaluate("(input) => input.selectionStart") == 0


def test_escape_closes_then_empties(typed: Page) -> None:
    box = typed.get_by_role("combobox")
    box.press("Escape")
    expect(typed.get_by_role("option").first).to_be_hidden()
    expect(box).to_have_value("password")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("Escape")
    expect(box).to_have_value("")


def test_arrow_down_opens_a_closed_list_again(typed: Page) -> None:
    box = typed.get_by_role("combobox")
    box.press("Escape")
    box.press("ArrowDown")
    expect(typed.get_by_role("option").first).to_be_visible()


def test_the_count_is_spoken(typed: Page) -> None:
    expect(typed.get_by_role("status").first).to_contain_text("Results:")


def test_enter_without_a_choice_opens_the_results_page(typed: Page) -> None:
    typed.get_by_role("combobox").press("Enter")
    typed.wait_for_url("**/en/search/?q=password")
    expect(typed.locator(".results > li").first).to_be_visible()
    expect(typed.locator(".results mark").first).to_be_visible()


def test_a_link_with_q_shows_its_results(page: Page, server: Any) -> None:
    page.goto(f"{server.portal}ko/search/?q=비밀번호가+기억나지+않아요")
    expect(page.locator(".results a").first).to_have_attribute("href", f"{server.portal}ko/account/forgot-password/")
    assert "비밀번호가 기억나지 않아요" in page.title()


def test_a_search_without_results_offers_a_ticket_with_the_query(page: Page, server: Any) -> None:
    page.goto(f"{server.portal}en/search/?q=qwxzv")
    expect(page.locator("[data-none-title]")).to_contain_text("qwxzv")
    page.locator("[data-none] a[data-ticket-link]").click()
    page.wait_for_url("**/ticket?*q=qwxzv*")


@pytest.mark.parametrize(
    "query", ["<img src=x onerror=alert(1)>", "'\"><script>alert(1)</script>", "{{7*7}}", "</title><b>"]
)
def test_a_query_is_text_and_never_markup(page: Page, server: Any, query: str) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{server.portal}en/search/")
    page.get_by_role("combobox").fill(query)
    page.get_by_role("combobox").press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.locator("[data-none-title], .results > li").first).to_be_attached()
    assert not dialogs
    assert page.locator("main img, main b").count() == 0


def test_a_missing_index_is_said_and_leads_on(context: Any, server: Any) -> None:
    page = context.new_page()
    page.route("**/index-*.json", lambda route: route.fulfill(status=404))
    page.goto(f"{server.portal}en/")
    page.get_by_role("combobox").fill("password")
    expect(page.locator(".suggestions .empty")).to_contain_text("not available")


def test_search_recovers_when_the_network_does(context: Any, server: Any) -> None:
    page = context.new_page()
    page.route("**/index-*.json", lambda route: route.abort())
    page.goto(f"{server.portal}en/")
    page.get_by_role("combobox").fill("pass")
    expect(page.locator(".suggestions .empty")).to_contain_text("not available")
    page.unroute("**/index-*.json")
    page.get_by_role("combobox").fill("password")
    expect(page.get_by_role("option").first).to_be_visible()


def test_the_server_is_asked_while_search_does_not_work_here(context: Any, server: Any) -> None:
    page = context.new_page()
    page.route("**/index-*.json", lambda route: route.abort())
    page.goto(f"{server.portal}en/")
    page.get_by_role("combobox").fill("forgot my password")
    expect(page.locator(".suggestions .empty")).to_contain_text("not available")
    page.get_by_role("combobox").press("Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.locator(".results > li").first).to_be_visible()


def test_the_results_page_without_an_index_leads_on(context: Any, server: Any) -> None:
    page = context.new_page()
    page.route("**/index-*.json", lambda route: route.abort())
    page.goto(f"{server.portal}en/search/?q=vpn")
    expect(page.locator("[data-none] a[data-ticket-link]")).to_be_visible()


def test_typing_before_the_answer_loses_no_results(page: Page, server: Any) -> None:
    held: list[Any] = []
    page.route("**/index-*.json", lambda route: held.append(route))
    with page.expect_request("**/index-*.json"):
        page.goto(f"{server.portal}en/search/?q=vpn")
    page.get_by_role("combobox").press_sequentially(" x")
    held[0].continue_()
    expect(page.locator(".results > li").first).to_be_visible()


@pytest.mark.parametrize("key", ["Shift+Home", "Control+ArrowDown"])
def test_keys_with_modifiers_stay_the_browsers(typed: Page, key: str) -> None:
    typed.get_by_role("combobox").press("End")
    typed.get_by_role("combobox").press("ArrowDown")
    typed.get_by_role("combobox").press("ArrowDown")
    typed.get_by_role("combobox").press(key)
    assert selected(typed) == 1


def test_a_query_of_spaces_leads_nowhere(home: Page) -> None:
    before = home.url
    home.get_by_role("combobox").fill("   ")
    home.get_by_role("combobox").press("Enter")
    assert home.url == before


def test_a_letter_still_being_composed_does_not_send(typed: Page) -> None:
    before = typed.url
    typed.get_by_role("combobox").evaluate(
        "(box) => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown', isComposing: true, bubbles: true}))"
    )
    assert selected(typed) == -1
    assert typed.url == before
