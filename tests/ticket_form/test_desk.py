"""The built-in queue as agents meet it."""

import sqlite3
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ticket_form.house import House
from ticket_form.store import list_tickets

KEY = "the key of the agents"
Send = Callable[..., TestResponse]


@pytest.fixture
def agent(client: FlaskClient) -> FlaskClient:
    """Visit the app as an agent."""
    client.get("/queue", query_string={"key": KEY})
    return client


@pytest.mark.parametrize(
    "address", ["/queue", "/queue?key=", "/queue?key=wrong", "/queue?key=é", "/queue/AD-0000-0000-00"]
)
def test_without_the_key_there_is_nothing(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_key_becomes_a_cookie_that_scripts_and_other_sites_cannot_use(client: FlaskClient) -> None:
    answer = client.get("/queue", query_string={"key": KEY})
    assert (answer.status_code, answer.location) == (303, "/queue")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/queue"} <= set(cookie.split("; "))
    assert KEY not in cookie
    assert client.get("/queue").status_code == 200


def test_the_cookie_is_only_sent_over_tls_where_there_is_tls(client: FlaskClient) -> None:
    answer = client.get("/queue", query_string={"key": KEY}, base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


@pytest.mark.parametrize("value", ["", KEY, "x" * 43, "é"])
def test_an_invented_cookie_opens_nothing(client: FlaskClient, value: str) -> None:
    client.set_cookie("desk", value, path="/queue")
    assert client.get("/queue").status_code == 404


def test_an_unknown_and_a_forbidden_ticket_look_the_same(client: FlaskClient, send: Send, house: House) -> None:
    send()
    real = list_tickets(house.database).tickets[0].reference
    forbidden, unknown = client.get(f"/queue/{real}"), client.get("/queue/AD-0000-0000-00")
    assert (forbidden.status_code, unknown.status_code) == (404, 404)
    assert forbidden.data == unknown.data


def test_tickets_are_listed_newest_first(agent: FlaskClient, send: Send) -> None:
    for number in range(3):
        send(subject=f"Number {number}", form_key=str(number) * 32)
    page = agent.get("/queue").text
    assert page.index("Number 2") < page.index("Number 1") < page.index("Number 0")
    assert "<bdi>3</bdi> tickets" in page


def test_the_list_can_show_one_queue(agent: FlaskClient, send: Send) -> None:
    send(subject="No tunnel", category="network", form_key="a" * 32)
    send(subject="No mail", category="email", form_key="b" * 32)
    page = agent.get("/queue?queue=messaging").text
    assert "No mail" in page
    assert "No tunnel" not in page
    assert '<option value="messaging" selected>' in page


def test_a_long_list_has_pages(agent: FlaskClient, send: Send) -> None:
    for number in range(51):
        send(subject=f"Number {number:02}", form_key=f"{number:032}")
    assert "Number 00" not in agent.get("/queue").text
    assert "page=2" in agent.get("/queue").text
    assert "Number 00" in agent.get("/queue?page=2").text


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 40, "1e9"])
def test_any_page_number_is_answered(agent: FlaskClient, page: str) -> None:
    assert agent.get(f"/queue?page={page}").status_code == 200


def test_a_ticket_shows_everything_and_links_its_trail(agent: FlaskClient, send: Send, house: House) -> None:
    send(q=["vpn & wifi"], article=["account/forgot-password/"], lang="ko", category="other")
    ticket = list_tickets(house.database).tickets[0]
    page = agent.get(f"/queue/{ticket.reference.lower()}").text
    for text in ("VPN drops", "Now it does not.", "kim@example.com", "Kim", "한국어", "Something else", "Service desk"):
        assert text in page
    assert 'href="/ko/account/forgot-password/"' in page
    assert "잊어버린 암호 재설정" in page
    assert 'href="/search?lang=ko&amp;q=vpn+%26+wifi"' in page


def test_the_desk_speaks_the_sites_language_unless_asked(agent: FlaskClient) -> None:
    headers = {"Accept-Language": "ko"}
    assert '<html lang="en"' in agent.get("/queue", headers=headers).text
    assert '<html lang="ko"' in agent.get("/queue?lang=ko", headers=headers).text


def test_a_failing_database_is_explained(agent: FlaskClient, house: House) -> None:
    connection = sqlite3.connect(house.settings.database)
    connection.execute("DROP TABLE ticket")
    connection.close()
    answer = agent.get("/queue")
    assert answer.status_code == 503
    assert "ticket" not in answer.text.split("<main")[1].split("</main>")[0].lower()
