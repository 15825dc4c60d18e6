"""Search for visitors without JavaScript."""

import json
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from answerdesk.search import Document, build_index, write_index


def test_results_show_where_they_are_and_what_matched(client: FlaskClient) -> None:
    answer = client.get("/search?lang=en&q=forgotten+password")
    assert answer.status_code == 200
    assert '<a href="/en/account/forgot-password/' in answer.text
    assert "Example help / Sign-in &amp; passwords" in answer.text
    assert "<mark>" in answer.text
    assert "<bdi>1</bdi> article found" in answer.text


def test_results_are_those_of_the_language(client: FlaskClient) -> None:
    page = client.get("/search?lang=ko&q=암호").text
    assert "잊어버린 암호 재설정" in page
    assert "<bdi>1</bdi>개를 찾았습니다" in page


def test_what_an_article_says_is_text(client: FlaskClient) -> None:
    page = client.get("/search?lang=en&q=tunnel").text
    assert "&lt;script&gt;" in page
    assert "&lt;img src=x&gt;" in page


def test_nothing_found_leads_to_the_form_with_the_query_and_to_all_articles(client: FlaskClient) -> None:
    page = client.get("/search?lang=en&q=zzz+%26%22qqq").text
    assert "Nothing found for" in page
    assert 'href="/ticket?lang=en&amp;q=zzz+%26%22qqq"' in page
    assert 'href="/en/a-z/"' in page
    assert 'value="zzz &amp;&#34;qqq"' in page


def test_an_empty_query_shows_just_the_box(client: FlaskClient) -> None:
    for query in ("", "?q=", "?q=+%00+"):
        answer = client.get(f"/search{query}")
        assert answer.status_code == 200
        assert 'role="search"' in answer.text
        assert "found" not in answer.text
        assert "a-z" not in answer.text


def test_a_missing_index_is_told_and_leads_on(client: FlaskClient) -> None:
    answer = client.get("/search?lang=tr&q=parola")
    assert answer.status_code == 503
    assert "Arama şu anda kullan" in answer.text
    assert 'href="/tr/a-z/"' in answer.text


def test_a_rebuilt_index_answers_without_a_restart(client: FlaskClient, site: Path) -> None:
    assert "Nothing found" in client.get("/search?lang=en&q=printer").text
    write_index(build_index([Document(url="devices/printer/", title="Printer jams")], "en"), site / "en" / "search")
    assert 'href="/en/devices/printer/' in client.get("/search?lang=en&q=printer").text


def test_a_damaged_new_index_leaves_the_old_one_answering(client: FlaskClient, site: Path) -> None:
    client.get("/search?lang=en&q=password")
    (site / "en" / "search" / "manifest.json").write_text("{")
    assert client.get("/search?lang=en&q=password").status_code == 200


def test_a_query_of_any_length_is_answered(client: FlaskClient) -> None:
    assert client.get("/search", query_string={"q": "password " * 5000}).status_code == 200


def test_a_language_that_a_build_brings_is_served_without_a_restart(site: Path, make_app: Callable[..., Flask]) -> None:
    portal = json.loads((site / "portal.json").read_text("utf-8"))
    late = portal["languages"].pop()
    (site / "portal.json").write_text(json.dumps(portal), "utf-8")
    client = make_app().test_client()
    assert client.get("/ticket?lang=en").status_code == 200
    portal["languages"].append(late)
    (site / "portal.json").write_text(json.dumps(portal), "utf-8")
    for address in (f"/search?lang={late['code']}&q=vpn", f"/ticket?lang={late['code']}&article=network/vpn/"):
        assert client.get(address).status_code in (200, 503)
