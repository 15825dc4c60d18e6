"""The built-in queue as agents meet it."""

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from ticket_form.delivery.outbox import claim, mark_delivered, mark_failed
from ticket_form.errors import PermanentFailure
from ticket_form.secrets.signing import new_form_key
from ticket_form.storage.deliveries import add_deliveries
from ticket_form.storage.models import TicketRow
from ticket_form.storage.ticket_store import find_ticket, list_attachments, list_entries, list_tickets
from ticket_form.tickets.ticket import Entry, Ticket, TicketState
from ticket_form.web.services import Services

KEY = "the key of the agents"
Send = Callable[..., TestResponse]
NewKey = Callable[[], str]


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


def test_an_unknown_and_a_forbidden_ticket_look_the_same(client: FlaskClient, send: Send, services: Services) -> None:
    send()
    real = list_tickets(services.database).tickets[0].reference
    forbidden, unknown = client.get(f"/queue/{real}"), client.get("/queue/AD-0000-0000-00")
    assert (forbidden.status_code, unknown.status_code) == (404, 404)
    assert forbidden.data == unknown.data


def test_tickets_are_listed_newest_first(agent: FlaskClient, send: Send, new_key: NewKey) -> None:
    for number in range(3):
        send(subject=f"Number {number}", form_key=new_key())
    page = agent.get("/queue").text
    assert page.index("Number 2") < page.index("Number 1") < page.index("Number 0")
    assert "<bdi>3</bdi> tickets" in page


def test_the_list_can_show_one_queue(agent: FlaskClient, send: Send, new_key: NewKey) -> None:
    send(subject="No tunnel", category="network", form_key=new_key())
    send(subject="No mail", category="email", form_key=new_key())
    page = agent.get("/queue?queue=messaging").text
    assert "No mail" in page
    assert "No tunnel" not in page
    assert '<option value="messaging" selected>' in page


def test_a_long_list_has_pages(agent: FlaskClient, send: Send, new_key: NewKey) -> None:
    for number in range(51):
        send(subject=f"Number {number:02}", form_key=new_key())
    assert "Number 00" not in agent.get("/queue").text
    assert "page=2" in agent.get("/queue").text
    assert "Number 00" in agent.get("/queue?page=2").text


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 40, "1e9"])
def test_any_page_number_is_answered(agent: FlaskClient, page: str) -> None:
    assert agent.get(f"/queue?page={page}").status_code == 200


def test_a_ticket_shows_everything_and_links_its_trail(agent: FlaskClient, send: Send, services: Services) -> None:
    send(q=["vpn & wifi"], article=["account/forgot-password/"], lang="ko", category="other")
    ticket = list_tickets(services.database).tickets[0]
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


def test_a_failing_database_is_explained(agent: FlaskClient, services: Services) -> None:
    connection = sqlite3.connect(services.settings.database)
    connection.execute("DROP TABLE ticket")
    connection.close()
    answer = agent.get("/queue")
    assert answer.status_code == 503
    assert "ticket" not in answer.text.split("<main")[1].split("</main>")[0].lower()


NAMES = ("report.txt", "Bericht für Ağ.txt", "보고서.txt", "a;b=c.txt", "=cmd.txt")


@pytest.fixture
def ticket(send: Send, services: Services, new_key: NewKey) -> Ticket:
    """Have a ticket with a file."""
    send(form_key=new_key(), files=(BytesIO(b"line 1\n"), "log.txt"))
    return list_tickets(services.database).tickets[0]


@pytest.fixture
def write(agent: FlaskClient, ticket: Ticket) -> Callable[..., TestResponse]:
    """Send the form below the ticket, with a form key of its page unless another is given."""

    def post(path: str = "", *, headers: dict[str, str] | None = None, **fields: object) -> TestResponse:
        sent = {"form_key": key_of(agent, ticket), **fields}
        return agent.post(f"/queue/{ticket.reference}{path}", data=sent, headers=headers)

    return post


def key_of(agent: FlaskClient, ticket: Ticket) -> str:
    return re.findall(r'name="form_key" value="([^"]+)"', agent.get(f"/queue/{ticket.reference}").text)[0]


def reload(services: Services, ticket: Ticket) -> Ticket:
    found = find_ticket(services.database, ticket.reference)
    assert found
    return found


def entries_of(services: Services, ticket: Ticket) -> tuple[Entry, ...]:
    return list_entries(services.database, ticket.reference)


def hold(services: Services, ticket: Ticket, reason: str = "quick", *, waits_hours: int = 0) -> None:
    since = datetime.now(UTC) - timedelta(hours=waits_hours)
    with services.database.writing() as session:
        changed = session.query(TicketRow).filter_by(reference=ticket.reference)
        changed.update({"quarantine": reason, "created_at": since})


def test_an_answer_is_shown_and_sets_the_ticket_to_work(
    agent: FlaskClient, write: Send, services: Services, ticket: Ticket
) -> None:
    answer = write(kind="comment", text="Try <b>another</b> network.")
    assert (answer.status_code, answer.location) == (303, f"/queue/{ticket.reference}?lang=en#latest")
    assert [(entry.author, entry.text) for entry in entries_of(services, ticket)] == [
        ("team", "Try <b>another</b> network.")
    ]
    assert reload(services, ticket).state == TicketState.OPEN
    page = agent.get(f"/queue/{ticket.reference}").text
    assert "Try &lt;b&gt;another&lt;/b&gt; network." in page
    assert "In progress" in page


def test_a_ticket_is_closed_with_a_last_word_and_opened_again(write: Send, services: Services, ticket: Ticket) -> None:
    write(kind="closed", text="Replaced the cable.")
    assert reload(services, ticket).state == TicketState.CLOSED
    write(kind="reopened")
    assert reload(services, ticket).state == TicketState.OPEN
    assert [entry.text for entry in entries_of(services, ticket)] == ["Replaced the cable.", ""]


def test_a_ticket_is_moved_and_keeps_its_state(
    agent: FlaskClient, write: Send, services: Services, ticket: Ticket
) -> None:
    assert write(kind="moved", queue="security", text="not shown").status_code == 303
    moved = reload(services, ticket)
    assert (moved.queue, moved.state) == ("security", TicketState.NEW)
    assert "Passed the ticket on to <bdi>Security</bdi>" in agent.get(f"/queue/{ticket.reference}").text
    assert ticket.reference in agent.get("/queue?queue=security").text


@pytest.mark.parametrize("fields", [{"kind": "moved", "queue": "nowhere"}, {"kind": "moved"}, {"kind": "erased"}, {}])
def test_what_makes_no_sense_changes_nothing(
    write: Send, services: Services, ticket: Ticket, fields: dict[str, object]
) -> None:
    answer = write(text="My words.", **fields)
    assert answer.status_code == 400
    assert "My words." in answer.text
    assert (reload(services, ticket), entries_of(services, ticket)) == (ticket, ())


def test_a_double_click_answers_once(agent: FlaskClient, write: Send, services: Services, ticket: Ticket) -> None:
    key = key_of(agent, ticket)
    assert [write(kind="comment", text="Once.", form_key=key).status_code for _ in range(2)] == [303, 303]
    assert len(entries_of(services, ticket)) == 1


def test_an_empty_answer_is_asked_for(write: Send, services: Services, ticket: Ticket) -> None:
    assert write(kind="comment", text="  ").status_code == 422
    assert entries_of(services, ticket) == ()


@pytest.mark.parametrize("path", ["", "/quarantine"])
def test_a_form_key_that_anybody_can_have_opens_no_form_of_the_desk(
    write: Send, services: Services, ticket: Ticket, path: str
) -> None:
    hold(services, ticket)
    public = new_form_key(secret=services.settings.secret_key, now=datetime.now(UTC))
    for key in (public, "", "x"):
        answer = write(path, kind="closed", verdict="release", text="My words.", form_key=key)
        assert answer.status_code == 400
    held = reload(services, ticket)
    assert (held.quarantine, held.state, entries_of(services, ticket)) == ("quick", TicketState.NEW, ())


@pytest.mark.parametrize("path", ["", "/quarantine"])
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=str)
def test_other_sites_cannot_use_an_agents_cookie(
    write: Send, services: Services, ticket: Ticket, path: str, headers: dict[str, str]
) -> None:
    hold(services, ticket)
    assert write(path, kind="closed", verdict="release", headers=headers).status_code == 400
    assert (reload(services, ticket).quarantine, entries_of(services, ticket)) == ("quick", ())


def test_without_the_cookie_nothing_is_written(client: FlaskClient, services: Services, ticket: Ticket) -> None:
    for path in ("", "/quarantine"):
        sent = {"kind": "closed", "verdict": "release", "text": "x"}
        assert client.post(f"/queue/{ticket.reference}{path}", data=sent).status_code == 404
        assert client.post(f"/queue/{ticket.reference}{path}?key={KEY}", data=sent).status_code == 404
    assert entries_of(services, ticket) == ()


def test_the_list_can_show_one_state(agent: FlaskClient, send: Send, write: Send, new_key: NewKey) -> None:
    write(kind="closed")
    send(subject="Still new", form_key=new_key())
    new, closed = agent.get("/queue?state=new").text, agent.get("/queue?state=closed").text
    assert "Still new" in new
    assert "VPN drops" not in new
    assert "VPN drops" in closed
    assert '<option value="closed" selected>' in closed
    assert "Still new" in agent.get("/queue?state=nonsense").text


def test_a_file_is_something_to_keep_never_something_to_look_at(
    agent: FlaskClient, services: Services, ticket: Ticket
) -> None:
    (file,) = list_attachments(services.database, ticket.reference)
    answer = agent.get(f"/queue/{ticket.reference}/files/{file.id}")
    assert answer.data == b"line 1\n"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename=log.txt"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'href="/queue/{ticket.reference}/files/{file.id}" download' in agent.get(f"/queue/{ticket.reference}").text


@pytest.mark.parametrize("name", NAMES)
def test_a_file_keeps_its_name_in_any_script(agent: FlaskClient, send: Send, services: Services, name: str) -> None:
    send(files=(BytesIO(b"text"), name))
    ticket = list_tickets(services.database).tickets[0]
    (file,) = list_attachments(services.database, ticket.reference)
    header = agent.get(f"/queue/{ticket.reference}/files/{file.id}").headers["Content-Disposition"]
    assert header.isascii()
    assert parse_options_header(header)[1]["filename"] == file.name
    assert f"<bdi>{file.name}</bdi>" in unescape(agent.get(f"/queue/{ticket.reference}").text)


def test_a_file_of_another_ticket_is_not_found(
    agent: FlaskClient, client: FlaskClient, send: Send, services: Services, ticket: Ticket, new_key: NewKey
) -> None:
    send(form_key=new_key(), files=(BytesIO(b"other"), "other.txt"))
    other = list_tickets(services.database).tickets[0]
    (file,) = list_attachments(services.database, other.reference)
    for reference, number in ((ticket.reference, file.id), (ticket.reference, 10**30), ("AD-0000-0000-00", file.id)):
        answer = agent.get(f"/queue/{reference}/files/{number}")
        assert (answer.status_code, b"other" in answer.data) == (404, False)
    assert agent.get(f"/queue/{other.reference}/files/{file.id}").data == b"other"
    agent.delete_cookie("desk", path="/queue")
    assert client.get(f"/queue/{other.reference}/files/{file.id}").status_code == 404


def test_a_ticket_shows_what_became_of_its_deliveries(agent: FlaskClient, services: Services, ticket: Ticket) -> None:
    now = datetime.now(UTC)
    with services.database.writing() as session:
        row = session.query(TicketRow).filter_by(reference=ticket.reference).one()
        add_deliveries(session, row.id, ["mail", "tracker"], acknowledge_by="thanks", now=now)
    sent, refused = claim(services.database, "mail", now=now), claim(services.database, "tracker", now=now)
    assert sent
    assert refused
    mark_delivered(services.database, sent, remote="<1@example.com>", now=now)
    mark_failed(services.database, refused, PermanentFailure("403: no right <CreateTicket>"), now=now, chance=0.5)
    page = agent.get(f"/queue/{ticket.reference}").text
    rows = re.findall(r"<strong><bdi>(\w+)</bdi></strong> · (\w+) ·\s+<span[^>]*>([^<]+)</span>", page)
    assert rows == [
        ("thanks", "Acknowledgement", "Waiting"),
        ("tracker", "Ticket", "Given up"),
        ("mail", "Ticket", "Delivered"),
    ]
    assert "&lt;1@example.com&gt;" in page
    assert "403: no right &lt;CreateTicket&gt;" in page


def test_held_tickets_have_a_list_of_their_own(agent: FlaskClient, services: Services, ticket: Ticket) -> None:
    assert ticket.reference not in agent.get("/queue/quarantine").text
    hold(services, ticket)
    assert ticket.reference not in agent.get("/queue").text
    page = agent.get("/queue/quarantine").text
    assert ticket.reference in page
    assert "faster than anybody can write" in page


HELD_COUNTS = {
    "en": ("One ticket is held back", "2 tickets are held back", "Longest wait: 3 hours."),
    "zh-Hans": ("有 1 张工单", "有 2 张工单", "最长等待时间：3小时。"),
    "zh-Hant": ("有 1 張服務單", "有 2 張服務單", "最長等待時間：3 小時。"),
    "ko": ("문의가 1건", "문의가 2건", "가장 오래 기다린 시간: 3시간."),
    "tr": ("1 talep karantinada", "2 talep karantinada", "En uzun bekleme süresi: 3 saat."),
    "ar": ("تذكرة واحدة محجوزة", "تذكرتان محجوزتان", "أطول مدة انتظار: 3 ساعات."),
}


def seen(page: str) -> str:
    """Return what a page of the desk shows, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", page.split("<main")[1].split("</main>")[0])).split())


@pytest.mark.parametrize("code", HELD_COUNTS)
def test_every_page_of_the_desk_counts_held_tickets_and_says_how_long_they_wait(
    agent: FlaskClient, send: Send, services: Services, new_key: NewKey, code: str
) -> None:
    for number in range(3):
        send(subject=f"Number {number}", form_key=new_key())
    free, first, second = list_tickets(services.database).tickets
    one, two, age = HELD_COUNTS[code]
    for ticket, said in ((first, one), (second, two)):
        hold(services, ticket, waits_hours=3)
        for path in ("", "?state=closed", "?queue=network", "/quarantine?state=closed", f"/{free.reference}"):
            page = agent.get(f"/queue{path}{'&' if '?' in path else '?'}lang={code}").text
            assert said in seen(page)
            assert age in seen(page)
            assert f'<a href="/queue/quarantine?lang={code}">' in page.split("held-count")[1].split("</p>")[0]
    own = agent.get(f"/queue/quarantine?lang={code}").text  # has no link to itself
    assert two in seen(own)
    assert "<a " not in own.split("held-count")[1].split("</p>")[0]


def test_nothing_is_said_where_nothing_is_held(
    agent: FlaskClient, write: Send, services: Services, ticket: Ticket
) -> None:
    hold(services, ticket)
    assert "held-count" in agent.get("/queue").text
    write("/quarantine", verdict="reject")
    for path in ("", "/quarantine", "/quarantine?state=closed", f"/{ticket.reference}"):
        assert "held-count" not in agent.get(f"/queue{path}").text


def test_whoever_is_no_agent_is_not_told_of_held_tickets(
    app: Flask, services: Services, agent: FlaskClient, ticket: Ticket
) -> None:
    hold(services, ticket)
    visitor = app.test_client()
    for path in ("/queue", "/queue/quarantine", "/ticket", "/search", "/en/", f"/queue/{ticket.reference}"):
        assert not re.search("held-count|quarantine", visitor.get(path).text)


def test_a_held_ticket_is_released_into_its_queue(
    agent: FlaskClient, write: Send, services: Services, ticket: Ticket
) -> None:
    hold(services, ticket)
    assert write("/quarantine", verdict="release").status_code == 303
    assert reload(services, ticket).quarantine is None
    assert ticket.reference in agent.get("/queue").text


def test_a_rejected_ticket_is_kept_and_can_still_be_released(
    agent: FlaskClient, write: Send, services: Services, ticket: Ticket
) -> None:
    hold(services, ticket)
    assert write("/quarantine", verdict="reject").status_code == 303
    assert ticket.reference not in agent.get("/queue/quarantine").text
    assert ticket.reference in agent.get("/queue/quarantine?state=closed").text
    assert 'value="reject"' not in agent.get(f"/queue/{ticket.reference}").text
    write("/quarantine", verdict="release")
    assert reload(services, ticket).quarantine is None


def test_a_verdict_must_be_one(write: Send, services: Services, ticket: Ticket) -> None:
    hold(services, ticket)
    assert write("/quarantine", verdict="perhaps").status_code == 400
    assert reload(services, ticket).quarantine == "quick"
