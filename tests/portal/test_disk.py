"""A site opened from disk searches too, without any server."""

from pathlib import Path

import pytest


@pytest.fixture
def disk(real_site: Path, browser):
    context = browser.new_context()
    page = context.new_page()
    page.goto((real_site / "en/index.html").as_uri())
    yield page
    context.close()


def test_a_search_from_disk_leads_to_the_article(disk) -> None:
    disk.fill("main input[name=q]", "forgot pasword")
    disk.wait_for_selector("[role=option]")
    disk.keyboard.press("Enter")
    disk.wait_for_selector(".results li")
    assert "search/index.html?q=" in disk.url
    disk.locator(".results li a").first.click()
    disk.wait_for_selector("article")
    assert disk.url.endswith("account/forgot-password/index.html")


def test_links_from_disk_lead_to_pages_not_to_folders(disk) -> None:
    disk.locator("header nav a").first.click()
    disk.wait_for_url("**/a-z/index.html")
    assert disk.locator("h1").count() == 1
