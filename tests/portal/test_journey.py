"""From home to a ticket in the L1 queue, in every language, in a real browser."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from answerdesk.search import open_index

# What a visitor types, and the article it must open first.
QUERIES = [
    ("en", "forgot my password"),
    ("ko", "비밀번호가 기억나지 않아요"),
    ("tr", "şifremi unuttum"),
    ("tr", "SIFREMI UNUTTUM"),
    ("zh-Hans", "忘记密码"),
    ("zh-Hant", "忘記密碼"),
    ("ar", "نسيت كلمة المرور"),
]
ARTICLE = "account/forgot-password/"


def show_ticket(server: Any, reference: str) -> dict[str, Any]:
    command = [str(Path(sys.executable).parent / "ticket-form"), "queue", "show", reference, "--json"]
    return json.loads(
        subprocess.run(command, env=server.environment, capture_output=True, check=True, text=True).stdout
    )


@pytest.mark.parametrize(("language", "query"), QUERIES, ids=[f"{code} {query}" for code, query in QUERIES])
def test_the_password_article_is_first(real_site: Path, language: str, query: str) -> None:
    assert open_index(real_site / language / "search").search(query).results[0].url.split("#")[0] == ARTICLE


@pytest.mark.parametrize(("language", "query"), QUERIES, ids=[f"{code} {query}" for code, query in QUERIES])
def test_home_search_article_form_reference_queue(page: Page, server: Any, language: str, query: str) -> None:
    page.goto(f"{server.portal}{language}/")
    box = page.get_by_role("combobox")
    box.fill(query)
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(f"**/{language}/{ARTICLE}*")
    page.locator(".solved a[data-ticket-link]").click()
    page.wait_for_url("**/ticket?*")
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.locator("#subject").fill(query)
    page.locator("#description").fill(f"{query} …")
    page.locator("#email").fill("visitor@example.com")
    page.locator("form.ticket-form button[type=submit]").click()
    page.wait_for_url("**/ticket/received/**")
    [reference] = set(re.findall(r"AD-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2,}", page.locator("main").inner_text()))
    ticket = show_ticket(server, reference)
    assert ticket["language"] == language
    assert ticket["category"] == "account"
    assert (ticket["queue"], ticket["level"]) == ("identity", "L1")
    assert ticket["articles"] == [ARTICLE]
    assert ticket["searches"] == [query]


def test_without_javascript_the_same_way_leads_to_the_queue(browser: Any, server: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.portal}tr/")
    page.locator("input[name=q]").fill("şifremi unuttum")
    page.locator("form.search-form button").click()
    page.wait_for_url("**/search?*")
    page.locator(".results a").first.click()
    page.wait_for_url(f"**/tr/{ARTICLE}*")
    page.locator(".solved a[data-ticket-link]").click()
    for name in ("subject", "description"):
        page.locator(f"#{name}").fill("Parolamı unuttum")
    page.locator("#email").fill("visitor@example.com")
    page.locator("form.ticket-form button[type=submit]").click()
    page.wait_for_url("**/ticket/received/**")
    [reference] = set(re.findall(r"AD-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2,}", page.locator("main").inner_text()))
    assert show_ticket(server, reference)["articles"] == [ARTICLE]
    context.close()


def test_a_visitor_can_take_the_trail_out_of_the_ticket(page: Page, server: Any) -> None:
    page.goto(f"{server.form}?lang=en&article={ARTICLE}&q=secret+thing")
    for box in page.locator("form.ticket-form input[type=checkbox]").all():
        box.uncheck()
    page.locator("#category").select_option("account")
    page.locator("#subject").fill("Cannot sign in")
    page.locator("#description").fill("Since this morning")
    page.locator("#email").fill("visitor@example.com")
    page.locator("form.ticket-form button[type=submit]").click()
    page.wait_for_url("**/ticket/received/**")
    [reference] = set(re.findall(r"AD-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2,}", page.locator("main").inner_text()))
    assert "secret thing" not in json.dumps(show_ticket(server, reference))


def test_agents_see_the_ticket_on_the_desk(page: Page, server: Any) -> None:
    page.goto(f"{server.form}?lang=en&category=network")
    for name, value in {
        "subject": "Tunnel <b>drops</b>",
        "description": "Since 8:00",
        "email": "a@example.com",
    }.items():
        page.locator(f"#{name}").fill(value)
    page.locator("form.ticket-form button[type=submit]").click()
    page.wait_for_url("**/ticket/received/**")
    [reference] = set(re.findall(r"AD-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2,}", page.locator("main").inner_text()))
    page.goto(server.queue)
    assert "key=" not in page.url
    page.locator(f"main a[href*='{reference}']").click()
    expect(page.locator("main")).to_contain_text("Tunnel <b>drops</b>")
    expect(page.locator("main")).to_contain_text("Since 8:00")


def test_the_queues_address_opens_from_another_site(page: Page, server: Any) -> None:
    page.route("http://chat.test/", lambda route: route.fulfill(body=f"<a href='{server.queue}'>Queue</a>"))
    page.goto("http://chat.test/")
    page.locator("a").click()
    page.wait_for_url("**/queue")
    expect(page.locator("h1")).not_to_contain_text("not found")
    assert page.evaluate("fetch(location.href).then((answer) => answer.status)") == 200
