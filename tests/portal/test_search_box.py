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


def test_nothing_of_search_is_loaded_before_the_box_is_used(page: Page, server: Any, index_files: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.portal}en/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/search/" in url]
    page.get_by_role("combobox").focus()
    page.wait_for_event("request", lambda request: bool(index_files.search(request.url)))


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
    made = page.locator("main :is(img, b, script), form.search-form :is(img, b, script)")
    page.get_by_role("combobox").fill(query)
    expect(page.get_by_role("option").first).to_be_visible()
    assert made.count() == 0
    page.get_by_role("combobox").press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.locator("[data-found]")).to_be_visible()
    assert made.count() == 0
    assert not dialogs


def test_a_missing_index_is_said_and_leads_on(context: Any, server: Any, index_files: Any) -> None:
    page = context.new_page()
    page.route(index_files, lambda route: route.fulfill(status=404))
    page.goto(f"{server.portal}en/")
    page.get_by_role("combobox").fill("password")
    expect(page.locator(".suggestions .lead-lines")).to_contain_text("not available")


def test_search_recovers_when_the_network_does(context: Any, server: Any, index_files: Any) -> None:
    page = context.new_page()
    page.route(index_files, lambda route: route.abort())
    page.goto(f"{server.portal}en/")
    page.get_by_role("combobox").fill("pass")
    expect(page.locator(".suggestions .lead-lines")).to_contain_text("not available")
    page.unroute(index_files)
    page.get_by_role("combobox").fill("password")
    expect(page.get_by_role("option").first).to_be_visible()


def test_the_server_is_asked_while_search_does_not_work_here(context: Any, server: Any, index_files: Any) -> None:
    page = context.new_page()
    page.route(index_files, lambda route: route.abort())
    page.goto(f"{server.portal}en/")
    page.get_by_role("combobox").fill("forgot my password")
    expect(page.locator(".suggestions .lead-lines")).to_contain_text("not available")
    page.get_by_role("combobox").press("Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.locator(".results > li").first).to_be_visible()


def test_the_results_page_without_an_index_leads_on(context: Any, server: Any, index_files: Any) -> None:
    page = context.new_page()
    page.route(index_files, lambda route: route.abort())
    page.goto(f"{server.portal}en/search/?q=vpn")
    expect(page.locator("[data-none] a[data-ticket-link]")).to_be_visible()


def test_typing_before_the_answer_loses_no_results(page: Page, server: Any, index_files: Any) -> None:
    held: list[Any] = []
    page.route(index_files, lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(index_files):
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


def options(page: Page) -> list[str]:
    return page.get_by_role("option").all_inner_texts()


def articles(page: Page) -> list[str]:
    return page.locator(".suggestions .articles strong").all_inner_texts()


def type_into_home(page: Page, server: Any, text: str, code: str = "en") -> Any:
    page.goto(f"{server.portal}{code}/")
    box = page.get_by_role("combobox")
    box.fill(text)
    expect(page.get_by_role("option").first).to_be_visible()
    return box


def test_a_suggestion_says_where_it_is_and_marks_what_was_found(typed: Page) -> None:
    first = typed.get_by_role("option").first
    expect(first.locator(".where")).to_contain_text("Sign-in and passwords")
    expect(first.locator("mark").first).to_be_visible()


def test_the_last_option_opens_all_results(page: Page, server: Any, fake_search: Any) -> None:
    many = fake_search.found(*[f"Article {number}" for number in range(9)])
    fake_search.answer(en={"vpn": many})
    box = type_into_home(page, server, "vpn")
    assert len(articles(page)) == 7
    assert options(page)[-1] == "See all results (9)"
    box.press("ArrowUp")
    box.press("Enter")
    page.wait_for_url("**/en/search/?q=vpn")
    expect(page.locator(".results > li")).to_have_count(9)


def test_what_was_probably_meant_is_an_option_that_searches_it(page: Page, server: Any, fake_search: Any) -> None:
    typo = fake_search.found("Prints", suggested="printer")
    fake_search.answer(en={"prnter": typo, "printer": fake_search.found("Printer")})
    box = type_into_home(page, server, "prnter")
    assert options(page)[1] == "Did you mean printer?"
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("printer")
    expect(page.locator(".suggestions strong")).to_have_text("Printer")
    expect(page.get_by_role("option", name="Did you mean")).to_have_count(0)


def test_a_correction_names_what_was_typed_and_suggests_nothing_more(page: Page, server: Any, fake_search: Any) -> None:
    corrected = fake_search.found("Password", tier="corrected", corrected="password", suggested="passport")
    fake_search.answer(en={"pasword": corrected})
    type_into_home(page, server, "pasword")
    lines = page.locator(".suggestions .lead-lines p")
    expect(lines).to_have_text(["Showing results for “password”", "You typed: “pasword”"])
    assert options(page)[1:] == ["See all results (1)"]
    expect(page.get_by_role("status").first).to_contain_text("Showing results for “password”")


def test_words_found_besides_the_typed_ones_are_named(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(zh_Hant={"打印機": fake_search.found("印表機", tier="synonym", also=["印表機", "printer"])})
    type_into_home(page, server, "打印機", "zh-Hant")
    expect(page.locator(".suggestions .also")).to_have_text("同時符合：印表機、printer")


def test_the_nearest_articles_are_called_so_and_a_ticket_is_offered(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={"vpn espresso": fake_search.found("VPN", tier="partial")})
    box = type_into_home(page, server, "vpn espresso")
    expect(page.locator(".suggestions .lead-lines")).to_have_text("No article has all these words. The nearest:")
    assert options(page)[1:] == ["Open a ticket about “vpn espresso”", "See all results (1)"]
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/ticket?*")
    expect(page.locator("input[name=q]").first).to_have_value("vpn espresso")


@pytest.mark.parametrize("query", ["كوب قهوة", "50% & <b>", "咖啡 杯"])
def test_the_form_shows_a_search_that_found_nothing(page: Page, server: Any, fake_search: Any, query: str) -> None:
    fake_search.answer(en={})
    box = type_into_home(page, server, query)
    assert options(page) == [f"Open a ticket about “{query}”"]
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/ticket?*")
    expect(page.locator("form.ticket-form input[name=q]")).to_have_value(query)
    expect(page.locator("form.ticket-form .choice")).to_contain_text(query)


def test_the_old_list_stays_while_an_answer_is_awaited(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={"vpn": fake_search.found("VPN"), "vpn ": {"hold": True}, "vpn x": {"hold": True}})
    box = type_into_home(page, server, "vpn")
    box.press_sequentially(" x")
    page.wait_for_timeout(100)
    assert articles(page) == ["VPN"]


def test_a_growing_word_moves_no_article_that_is_shown(page: Page, server: Any, fake_search: Any) -> None:
    before = fake_search.found("Ants", "Bees", "Cats", tier="prefix")
    after = fake_search.found("Bees", "Dogs", "Ants", tier="prefix")
    fake_search.answer(en={"pass": before, "passw": after, "passw o": after})
    box = type_into_home(page, server, "pass")
    box.press_sequentially("w")
    expect(page.locator(".suggestions strong").nth(2)).to_have_text("Dogs")
    assert articles(page) == ["Ants", "Bees", "Dogs"]
    box.press_sequentially(" o")
    expect(page.locator(".suggestions strong").first).to_have_text("Bees")


def test_what_was_chosen_while_an_answer_was_awaited_stays_chosen(page: Page, server: Any) -> None:
    page.goto(f"{server.portal}en/")
    page.evaluate(
        """() => { window.Worker = class extends EventTarget {
          postMessage(message) { window.asked = [this, message] } terminate() {} } }"""
    )
    answer = """([names, id]) => asked[0].dispatchEvent(new MessageEvent("message", { data: names
        ? { type: "results", id, total: names.length, results: names.map((name) => ({
            url: name, title: name, summary: name, excerpt: [], breadcrumb: [], score: 1, tier: "prefix" })) }
        : { type: "ready" } }))"""
    box = page.get_by_role("combobox")
    box.focus()
    page.evaluate(answer, [None, 0])
    box.fill("pa")
    page.wait_for_timeout(50)
    page.evaluate(answer, [["A", "B"], 1])
    box.press_sequentially("s")
    page.wait_for_timeout(50)
    box.press("ArrowDown")
    box.press("ArrowDown")
    page.evaluate(answer, [["C", "B"], 2])
    expect(page.get_by_role("option", selected=True)).to_contain_text("B")
    assert articles(page) == ["C", "B"]


def test_typing_chooses_nothing(typed: Page) -> None:
    box = typed.get_by_role("combobox")
    box.press("ArrowDown")
    box.press_sequentially("s")
    assert selected(typed) == -1
    expect(box).not_to_have_attribute("aria-activedescendant", "q-list-0")


def test_a_shard_that_cannot_be_had_is_said_and_the_next_query_tries_again(
    page: Page, server: Any, fake_search: Any
) -> None:
    fake_search.answer(en={"vpn": {"error": "missing"}, "vpn x": fake_search.found("VPN")})
    page.goto(f"{server.portal}en/")
    box = page.get_by_role("combobox")
    box.fill("vpn")
    expect(page.locator(".suggestions .lead-lines")).to_contain_text("not available")
    box.press_sequentially(" x")
    expect(page.locator(".suggestions strong")).to_have_text("VPN")


def test_a_worker_that_dies_is_started_again(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={"vpn": fake_search.found("VPN")})
    page.add_init_script(
        "window.Worker = class extends Worker { constructor(...all) { super(...all); window.last = this } }"
    )
    box = type_into_home(page, server, "vpn")
    page.evaluate("last.dispatchEvent(new Event('error'))")
    box.fill("")
    box.fill("vpn")
    expect(page.locator(".suggestions strong")).to_have_text("VPN")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 768)])
def test_what_leads_on_is_in_sight_below_a_long_list(
    context: Any, server: Any, fake_search: Any, width: int, height: int
) -> None:
    fake_search.answer(en={"vpn": fake_search.found(*[f"Article {number}" for number in range(12)], also=["tunnel"])})
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    box = type_into_home(page, server, "vpn")
    expect(page.get_by_role("option").last).to_be_in_viewport(ratio=1)
    for _ in range(7):
        box.press("ArrowDown")
    last = page.get_by_role("option", selected=True)
    expect(last).to_contain_text("Article 6")
    onward = page.locator(".suggestions .onward").bounding_box()
    chosen = last.bounding_box()
    assert onward
    assert chosen
    assert chosen["y"] + chosen["height"] <= onward["y"] + 1
