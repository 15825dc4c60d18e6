"""The results page: every kind of answer, its filters, other languages, and no dead end."""

import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

FACETS = {"category": [["Accounts", 3], ["Network", 2]], "appliesTo": [["Windows", 4], ["iPhone, iPad", 1]]}

RIGHT_EDGE = """node => {
  const range = document.createRange();
  range.selectNodeContents(node);
  return range.getBoundingClientRect().right;
}"""


def open_results(page: Page, server: Any, query: str, code: str = "en") -> None:
    page.goto(f"{server.portal}{code}/search/?q={query}")
    expect(page.locator("[data-status] p").first).to_be_attached()


def titles(page: Page) -> list[str]:
    return page.locator("[data-list] > li > a").all_inner_texts()


def filters(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(".filter a").all_inner_texts()]


@pytest.fixture
def mixed(page: Page, server: Any, fake_search: Any) -> Page:
    rows = [fake_search.result(name) for name in ("Password", "Locked", "Approval")]
    rows += [fake_search.result(name, category="Network") for name in ("VPN", "Wi-Fi")]
    fake_search.answer(en={"help": {"results": rows, "facets": FACETS}})
    page.set_viewport_size({"width": 1280, "height": 800})
    open_results(page, server, "help")
    return page


def test_a_result_says_where_it_is_and_marks_what_was_found(page: Page, server: Any) -> None:
    open_results(page, server, "password")
    first = page.locator(".results > li").first
    expect(first.locator(".where")).to_have_text("Sign-in and passwords")
    expect(first.locator("mark").first).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_value("password")


def test_a_result_without_an_excerpt_shows_its_summary(page: Page, server: Any, fake_search: Any) -> None:
    row = fake_search.result("VPN") | {"excerpt": [], "summary": "Reach the office network."}
    fake_search.answer(en={"vpn": {"results": [row]}})
    open_results(page, server, "vpn")
    expect(page.locator(".results .excerpt")).to_have_text("Reach the office network.")


def test_a_result_of_the_other_direction_reads_its_own_way_and_begins_where_the_others_do(
    page: Page, server: Any, fake_search: Any
) -> None:
    own = fake_search.result("VPN الشركة") | {"excerpt": [], "summary": "VPN من المنزل."}
    lent = fake_search.result("Visitors") | {"excerpt": [], "summary": "Wi-Fi for visitors."}
    fake_search.answer(ar={"vpn": {"results": [own, lent]}})
    open_results(page, server, "vpn", code="ar")
    excerpts = page.locator("[data-list] .excerpt")
    directions = [excerpts.nth(at).evaluate("node => getComputedStyle(node).direction") for at in (0, 1)]
    starts = [excerpts.nth(at).evaluate(RIGHT_EDGE) for at in (0, 1)]
    assert directions == ["rtl", "ltr"]
    assert abs(starts[0] - starts[1]) < 1


def test_a_filter_is_a_link_with_its_count_that_narrows(mixed: Page) -> None:
    assert filters(mixed) == ["Accounts 3", "Network 2", "Windows 4", "iPhone, iPad 1"]
    mixed.locator(".filter a", has_text="Network").click()
    expect(mixed.locator("[data-list] > li")).to_have_count(2)
    assert mixed.url.endswith("/search/?q=help&category=Network")
    expect(mixed.locator(".filter [aria-current=true]")).to_contain_text("Network")
    expect(mixed.locator(".filter [aria-current=true]")).to_be_focused()
    expect(mixed.locator("[data-status]")).to_have_text("Results: 2")


def test_back_takes_a_filter_away_and_forward_sets_it_again(mixed: Page) -> None:
    mixed.locator(".filter a", has_text="Network").click()
    expect(mixed.locator("[data-list] > li")).to_have_count(2)
    mixed.go_back()
    expect(mixed.locator("[data-list] > li")).to_have_count(5)
    expect(mixed.locator("[aria-current=true]:not(.lang-links a)")).to_have_count(0)
    mixed.go_forward()
    expect(mixed.locator("[data-list] > li")).to_have_count(2)


def test_filters_add_up_and_one_link_clears_them(mixed: Page) -> None:
    mixed.locator(".filter a", has_text="Network").click()
    mixed.locator(".filter a", has_text="iPhone").click()
    mixed.wait_for_url("**/search/?q=help&category=Network&applies=iPhone%2C+iPad")
    expect(mixed.locator(".filter [aria-current=true]")).to_have_count(2)
    mixed.get_by_role("link", name="Clear filters").click()
    mixed.wait_for_url("**/search/?q=help")
    expect(mixed.locator("[data-list] > li")).to_have_count(5)


def test_a_chosen_filter_is_taken_back_by_its_own_link(mixed: Page) -> None:
    mixed.locator(".filter a", has_text="Network").click()
    mixed.locator(".filter [aria-current=true]").click()
    mixed.wait_for_url("**/search/?q=help")
    expect(mixed.locator(".filter [aria-current=true]")).to_have_count(0)


def test_a_link_with_a_filter_that_finds_nothing_can_be_undone(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={"vpn": fake_search.found("VPN")})
    open_results(page, server, "vpn&category=Printing")
    expect(page.locator("[data-none-title]")).to_contain_text("vpn")
    expect(page.locator(".filter [aria-current=true]")).to_have_text("Printing")
    page.get_by_role("link", name="Clear filters").click()
    expect(page.locator("[data-list] > li")).to_have_count(1)


def test_there_are_no_filters_that_would_narrow_nothing(page: Page, server: Any, fake_search: Any) -> None:
    facets = {"category": [["Accounts", 2]], "appliesTo": [["Windows", 2], ["macOS", 2]]}
    fake_search.answer(en={"vpn": fake_search.found("VPN", "Wi-Fi", facets=facets)})
    open_results(page, server, "vpn")
    expect(page.locator("[data-filters]")).to_be_hidden()


def test_on_a_phone_the_filters_are_folded(browser: Browser, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={"vpn": fake_search.found("VPN", "A", "B", "C", "D", facets=FACETS)})
    page = fake_search.context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    open_results(page, server, "vpn")
    expect(page.locator(".filter a").first).to_be_hidden()
    page.locator(".filters summary").click()
    expect(page.locator(".filter a").first).to_be_visible()


def test_more_results_come_below_and_the_first_of_them_is_focused(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={"vpn": fake_search.found(*[f"Article {number:02}" for number in range(25)])})
    open_results(page, server, "vpn")
    more = page.get_by_role("button", name="More results")
    for shown, left in [(10, True), (20, True), (25, False)]:
        expect(page.locator("[data-list] > li")).to_have_count(shown)
        expect(more).to_be_visible(visible=left)
        if left:
            more.press("Enter")
            expect(page.locator("[data-list] > li").nth(shown).locator("a")).to_be_focused()
    assert titles(page) == [f"Article {number:02}" for number in range(25)]


def test_a_correction_names_what_was_typed(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={"pasword": fake_search.found("Password", tier="corrected", corrected="password")})
    open_results(page, server, "pasword")
    expect(page.locator("[data-lead] p")).to_have_text(["Showing results for “password”", "You typed: “pasword”"])
    expect(page.locator("[data-status]")).to_contain_text("Showing results for “password”")
    expect(page.get_by_role("combobox")).to_have_value("pasword")


def test_what_was_probably_meant_is_a_link_answered_on_the_spot(page: Page, server: Any, fake_search: Any) -> None:
    typo = fake_search.found("Prints", suggested="printer")
    fake_search.answer(en={"prnter": typo, "printer": fake_search.found("Printer")})
    open_results(page, server, "prnter")
    page.get_by_role("link", name="printer", exact=True).click()
    page.wait_for_url("**/search/?q=printer")
    expect(page.locator(".results a").first).to_have_text("Printer")
    expect(page.get_by_role("combobox")).to_have_value("printer")
    assert page.title().startswith("Search: printer")
    page.go_back()
    expect(page.locator(".results a").first).to_have_text("Prints")


def test_words_found_besides_the_typed_ones_are_named(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(ar={"vpn": fake_search.found("VPN", also=["شبكة", "tunnel"])})
    open_results(page, server, "vpn", "ar")
    expect(page.locator("[data-also]")).to_have_text("كلمات أخرى مطابقة: شبكة، tunnel")


def test_the_nearest_articles_are_called_so(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(ko={"vpn 커피": fake_search.found("VPN", "커피", "머신", tier="partial")})
    open_results(page, server, "vpn 커피", "ko")
    expect(page.locator("[data-lead]")).to_have_text("모든 단어를 포함한 문서가 없습니다. 가장 가까운 문서:")


def test_few_results_bring_those_of_other_languages(page: Page, server: Any, fake_search: Any) -> None:
    many = fake_search.found("하나", "둘", "셋", "넷")
    weak = fake_search.found("Uzak", tier="partial")
    arabic = fake_search.found("شبكة")
    fake_search.answer(en={"vpn": fake_search.found("VPN")}, ko={"vpn": many}, tr={"vpn": weak}, ar={"vpn": arabic})
    open_results(page, server, "vpn")
    expect(page.locator(".language")).to_have_count(2)
    expect(page.get_by_role("heading", name="In other languages")).to_be_visible()
    arabic = page.locator(".language[lang=ar]")
    expect(arabic).to_have_attribute("dir", "rtl")
    expect(arabic.get_by_role("heading")).to_have_text("العربية")
    korean = page.locator(".language[lang=ko]")
    expect(korean.locator("li")).to_have_count(3)
    expect(korean.locator("a").first).to_have_attribute("hreflang", "ko")
    assert (korean.locator("a").first.get_attribute("href") or "").startswith(f"{server.portal}ko/")


def place(fake_search: Any, name: str, title: str, summary: str) -> dict[str, Any]:
    """Return the result for an article as one language shows it."""
    return fake_search.result(name) | {"title": title, "summary": summary}  # type: ignore[no-any-return]


def others(page: Page) -> dict[str, list[str]]:
    """Return the titles below each other language."""
    blocks = page.locator(".language").all()
    return {block.get_attribute("lang") or "": block.locator("li > a").all_inner_texts() for block in blocks}


def test_a_source_article_that_is_listed_already_is_not_listed_again_below_its_own_language(
    page: Page, server: Any, fake_search: Any
) -> None:
    source = [place(fake_search, f"vpn-{n}", f"VPN {n}", f"About {n}.") for n in range(5)]
    lent = [source[0] | {"title": "사설망"}, source[1]]
    fake_search.answer(ko={"vpn": {"results": lent}}, en={"vpn": {"results": source}})
    open_results(page, server, "vpn", "ko")
    expect(page.locator(".language")).to_have_count(1)
    assert others(page) == {"en": ["VPN 2", "VPN 3", "VPN 4"]}


def test_a_source_article_is_not_listed_again_below_languages_that_show_it_too(
    page: Page, server: Any, fake_search: Any
) -> None:
    own = place(fake_search, "vpn", "VPN", "About.")
    translated = place(fake_search, "vpn", "사설망", "사설망 안내.")
    fake_search.answer(
        en={"vpn": {"results": [own]}}, tr={"vpn": {"results": [own]}}, ko={"vpn": {"results": [translated]}}, ar={}
    )
    open_results(page, server, "vpn")
    expect(page.locator(".language")).to_have_count(1)
    page.wait_for_timeout(200)
    assert others(page) == {"ko": ["사설망"]}


def test_a_source_article_that_is_not_listed_at_all_is_listed_below_its_own_language_alone(
    page: Page, server: Any, fake_search: Any
) -> None:
    source = place(fake_search, "vpn", "VPN", "About.")
    fake_search.answer(tr={}, en={"vpn": {"results": [source]}}, ko={"vpn": {"results": [source]}}, ar={})
    open_results(page, server, "vpn", "tr")
    expect(page.locator(".language")).to_have_count(1)
    page.wait_for_timeout(200)
    assert others(page) == {"en": ["VPN"]}


def test_what_more_results_bring_is_taken_away_below(page: Page, server: Any, fake_search: Any) -> None:
    own = [place(fake_search, f"vpn-{n}", f"VPN {n}", f"About {n}.") for n in range(12)]
    fake_search.answer(en={"vpn": {"results": own}}, ko={"vpn": {"results": own[11:]}}, tr={}, ar={})
    open_results(page, server, "vpn")
    page.locator("[data-others]").scroll_into_view_if_needed()
    expect(page.locator(".language[lang=ko] a")).to_have_text("VPN 11")
    page.get_by_role("button", name="More results").click()
    expect(page.locator("[data-list] > li")).to_have_count(12)
    expect(page.locator(".language")).to_have_count(0)
    expect(page.get_by_role("heading", name="In other languages")).to_be_hidden()


def test_many_results_leave_other_languages_until_their_place_comes_near(
    page: Page, server: Any, fake_search: Any
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    many = fake_search.found(*[f"Article {number}" for number in range(20)])
    fake_search.answer(en={"vpn": many}, tr={"vpn": fake_search.found("Ağ")})
    open_results(page, server, "vpn")
    page.wait_for_timeout(200)
    assert not [url for url in asked if "/tr/search/worker.js" in url]
    page.locator("[data-others]").scroll_into_view_if_needed()
    expect(page.locator(".language[lang=tr] a")).to_have_text("Ağ")


def test_one_other_language_is_asked_at_a_time_and_each_worker_ended(page: Page, server: Any, fake_search: Any) -> None:
    page.add_init_script(
        """window.begun = window.open_ = window.most = 0; window.Worker = class extends Worker {
          constructor(...all) { super(...all); begun += 1; most = Math.max(most, ++open_) }
          terminate() { super.terminate(); open_ -= 1 } }"""
    )
    fake_search.answer(en={}, ko={}, tr={}, ar={}, zh_Hans={"vpn": fake_search.found("网络")}, zh_Hant={})
    open_results(page, server, "vpn")
    expect(page.locator(".language")).to_have_count(1)
    ends = time.monotonic() + 30
    while page.evaluate("[begun, open_]") != [6, 1]:
        assert time.monotonic() < ends
        page.wait_for_timeout(50)
    assert page.evaluate("most") == 2


def test_nothing_found_is_no_dead_end(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={}, tr={"kahve": fake_search.found("Kahve makinesi", tier="partial")})
    open_results(page, server, "kahve")
    none = page.locator("[data-none]")
    expect(none.get_by_role("heading")).to_have_text("Nothing found for “kahve”")
    expect(none.get_by_role("link", name="Sign-in and passwords")).to_be_visible()
    expect(none.get_by_role("link", name="All articles A–Z")).to_be_visible()
    expect(page.locator(".language[lang=tr] a")).to_have_text("Kahve makinesi")
    expect(page.locator("[data-status]")).to_contain_text("In other languages")
    none.get_by_role("link", name="Open a ticket").click()
    page.wait_for_url("**/ticket?*")
    expect(page.locator("form.ticket-form input[name=q]")).to_have_value("kahve")
    expect(page.locator("form.ticket-form .choice")).to_contain_text("kahve")


def test_every_ticket_link_holds_the_query_even_without_storage(context: Any, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={"vpn": fake_search.found("VPN")})
    page = context.new_page()
    page.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('off') } })")
    open_results(page, server, "vpn")
    for link in page.locator("a[data-ticket-link]").all():
        assert "q=vpn" in (link.get_attribute("href") or "")


def test_a_ticket_names_the_newest_search_first(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={"*": fake_search.found("VPN", suggested="tunnel")})
    open_results(page, server, "vpn")
    link = page.locator("[data-help] a")
    link.dispatch_event("contextmenu")
    page.get_by_role("link", name="tunnel", exact=True).click()
    page.wait_for_url("**/search/?q=tunnel")
    link.click()
    page.wait_for_url("**/ticket?*")
    searches = page.locator("form.ticket-form input[name=q]")
    assert [box.input_value() for box in searches.all()] == ["tunnel", "vpn"]


def test_the_language_links_take_the_query_along(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={}, ko={"vpn 2": fake_search.found("VPN")})
    open_results(page, server, "vpn 2")
    page.locator(".lang-links a[lang=ko]").click()
    page.wait_for_url("**/ko/search/?q=vpn+2")
    expect(page.locator("[data-list] > li")).to_have_count(1)


def test_search_that_does_not_work_now_is_said_and_the_way_on_shown(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={"vpn": {"error": "missing"}, "wi-fi": fake_search.found("Wi-Fi")})
    open_results(page, server, "vpn")
    expect(page.locator("[data-none-title]")).to_contain_text("not available")
    expect(page.locator("[data-none] .topics a").first).to_be_visible()
    page.get_by_role("combobox").fill("wi-fi")
    expect(page.get_by_role("option").first).to_be_visible()


def test_the_skip_link_does_not_search_again(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={"vpn": fake_search.found(*[f"Article {number}" for number in range(20)])})
    open_results(page, server, "vpn")
    page.get_by_role("button", name="More results").click()
    expect(page.locator("[data-list] > li")).to_have_count(20)
    page.locator(".skip").press("Enter")
    page.wait_for_timeout(200)
    expect(page.locator("[data-list] > li")).to_have_count(20)


def test_box_and_page_do_not_take_each_others_answers(page: Page, server: Any, fake_search: Any) -> None:
    fake_search.answer(en={"vpn": fake_search.found("VPN"), "vpnx": fake_search.found("Other")})
    page.goto(f"{server.portal}en/search/?q=vpn")
    page.get_by_role("combobox").fill("vpnx")
    expect(page.locator("[data-list] > li > a")).to_have_text("VPN")
    expect(page.locator(".suggestions strong")).to_have_text("Other")


@pytest.mark.parametrize("query", ["help", "none"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_in_sight_is_pushed_when_the_answer_comes(
    context: Any, server: Any, fake_search: Any, width: int, query: str
) -> None:
    many = fake_search.found(*[f"Article {number}" for number in range(30)], facets=FACETS, also=["tunnel"])
    fake_search.answer(en={"help": many}, tr={"none": fake_search.found("Ağ")})
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 740})
    page.add_init_script(
        """window.shifted = 0;
        const add = (list) => list.getEntries().forEach(({ value }) => shifted += value);
        new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true })"""
    )
    open_results(page, server, query)
    page.wait_for_timeout(400)
    assert page.evaluate("shifted") < 0.01
