"""What a site shows of the source language: where its links lead, and which files it asks for."""

import pytest

from answerdesk.articles.source_fallback import asked_files, lead


@pytest.mark.parametrize(
    ("url", "led"),
    [
        ("wi-fi.md", "../../network/wi-fi/"),
        ("wi-fi.md#mac", "../../network/wi-fi/#mac"),
        ("../account/reset.md", "../../../en/account/reset/"),
        ("plan.svg", "../../../en/network/plan.svg"),
        ("#steps", "../../../en/network/vpn/#steps"),
        ("https://example.com/a.md", "https://example.com/a.md"),
        ("mailto:help@example.com", "mailto:help@example.com"),
        ("/ticket?lang=en", "/ticket?lang=en"),
    ],
)
def test_links_of_the_source_lead_to_the_languages_own_articles_where_it_has_them(url: str, led: str) -> None:
    assert lead(url, "network/vpn", "en", {"network/wi-fi.md"}.__contains__) == led


def test_files_are_looked_for_beside_the_article_and_never_outside_its_language() -> None:
    markdown = "![x](plan.svg) <img src='../img/a.png'> [w](wi-fi.md) ![y](https://example.com/b.png) ![z](../../c.png)"
    assert asked_files("network/vpn", markdown) >= {"network/plan.svg", "img/a.png"}
    assert not [file for file in asked_files("network/vpn", markdown) if file.startswith("..") or "://" in file]
