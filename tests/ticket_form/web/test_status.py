"""The status page as a visitor meets it, and those who guess at it."""

import logging
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from ticket_form.errors import StorageUnavailable
from ticket_form.secrets.signing import new_form_key, read_form_key, status_secret
from ticket_form.spam.verdict import Limits
from ticket_form.storage.models import TicketRow
from ticket_form.storage.ticket_store import add_entry, find_ticket, list_entries, list_tickets, read_attachment
from ticket_form.tickets.ticket import Author, Entry, EntryKind, Ticket, TicketState
from ticket_form.web.services import Services

SECRET = b"a secret of at least thirty-two bytes"
LONG_AGO = datetime(2025, 1, 31, 17, 8, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 64
Send = Callable[..., TestResponse]


class Case:
    """A ticket, and its visitor at the status page."""

    def __init__(self, client: FlaskClient, services: Services, address: str, reference: str) -> None:
        self.client, self.services, self.address, self.reference = client, services, address, reference

    def page(self, **query: str) -> str:
        """Open the page."""
        answer = self.client.get(self.address, query_string=query)
        assert answer.status_code == 200
        return unescape(answer.text)

    def key(self) -> str:
        """Return the form key of a page that was just opened."""
        return re.findall(r'name="form_key" value="([^"]+)"', self.page())[0]

    def post(self, *, headers: dict[str, str] | None = None, **fields: object) -> TestResponse:
        """Send the form; a key of its own comes along unless one is given."""
        sent = {"kind": "comment", "form_key": self.key(), **fields}
        return self.client.post(self.address, data=sent, headers=headers)

    def say(self, text: str, *, kind: EntryKind = EntryKind.COMMENT) -> None:
        """Have the team write something."""
        now = datetime.now(UTC) if kind == EntryKind.CLOSED else LONG_AGO
        entry = Entry(created_at=now, author=Author.TEAM, kind=kind, text=text)
        add_entry(self.services.database, self.reference, entry, form_key=f"team {text} {kind}", now=now)

    def change(self, **values: object) -> None:
        """Change the ticket's row."""
        with self.services.database.writing() as session:
            session.execute(update(TicketRow).where(TicketRow.reference == self.reference).values(**values))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What happened to the ticket."""
        return list_entries(self.services.database, self.reference)

    @property
    def ticket(self) -> Ticket:
        """The ticket as it is stored."""
        found = find_ticket(self.services.database, self.reference)
        assert found
        return found


@pytest.fixture
def make_case(client: FlaskClient, services: Services, send: Send, new_key: Callable[[], str]) -> Callable[..., Case]:
    """Send a ticket and return its case."""

    def make(**changes: object) -> Case:
        posted = new_key()
        assert send(form_key=posted, suggested="1", **changes).status_code == 303
        key = read_form_key(posted, secret=SECRET)
        assert key
        address = f"/ticket/status/{status_secret(key.key, secret=SECRET)}"
        everything = [*list_tickets(services.database).tickets, *list_tickets(services.database, is_held=True).tickets]
        newest = max(everything, key=lambda ticket: ticket.created_at)
        return Case(client, services, address, newest.reference)

    return make


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    """Have a ticket."""
    return make_case()


def test_the_page_shows_where_the_ticket_stands_and_what_was_sent(case: Case) -> None:
    page = case.page()
    for text in (case.reference, "Network · <bdi>L1</bdi>", "New", "VPN drops", "Now it does not.", " UTC"):
        assert text in page
    assert "kim@example.com" not in page


def test_what_was_said_is_listed_oldest_first_with_author_and_time(case: Case) -> None:
    case.say("Have you tried another network?")
    case.post(text="Yes, the same.")
    case.say("We changed the server.")
    page = case.page()
    said = ["Have you tried another network?", "Yes, the same.", "We changed the server."]
    assert sorted(said, key=page.index) == said
    assert re.findall(r"<strong>(.+?)</strong> <time", page) == ["Service desk", "You", "Service desk"]
    assert "January 31, 2025, 17:08 UTC" in page
    assert "In progress" in page


def test_answers_by_mail_are_said_to_be_elsewhere(case: Case) -> None:
    assert "also answers by e-mail" in case.page()


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("en", "January 31, 2025"),
        ("zh-Hans", "2025年1月31日"),
        ("zh-Hant", "2025年1月31日"),
        ("ko", "2025년 1월 31일"),
        ("tr", "31 Ocak 2025"),
        ("ar", "31 يناير 2025"),
    ],
)
def test_the_page_speaks_the_tickets_language(make_case: Callable[..., Case], code: str, day: str) -> None:
    case = make_case(lang=code)
    case.say("Done.")
    page = case.page()
    assert f'<html lang="{code}"' in page
    assert day in page


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", "{{ 7 * 7 }}"]
)
def test_text_is_shown_as_text(make_case: Callable[..., Case], text: str) -> None:
    case = make_case(subject=text, description=text)
    case.say(text)
    case.post(text=text)
    raw = case.client.get(case.address).text
    assert not re.search(r"<script>|<img src=x|>49<", raw)
    assert unescape(raw).count(text) == 4
    refused = case.post(text=text, form_key="x").text
    assert not re.search(r"<script>|<img src=x|>49<", refused)


def test_a_comment_reaches_the_ticket(case: Case) -> None:
    answer = case.post(text="One more thing.\r\nIt is urgent.")
    assert (answer.status_code, answer.location) == (303, f"{case.address}?lang=en#latest")
    (entry,) = case.entries
    assert (entry.author, entry.kind, entry.text) == (
        Author.VISITOR,
        EntryKind.COMMENT,
        "One more thing.\nIt is urgent.",
    )
    assert case.page().count('id="latest"') == 1


@pytest.mark.parametrize("kind", ["comment", "closed", "reopened"])
def test_a_double_click_counts_once(case: Case, kind: str) -> None:
    key = case.key()
    answers = [case.post(form_key=key, kind=kind, text="Once.") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert len(case.entries) == 1


def test_the_same_form_with_another_text_is_shown_again(case: Case) -> None:
    key = case.key()
    case.post(form_key=key, text="First.")
    answer = case.post(form_key=key, text="Second.")
    assert answer.status_code == 409
    assert "Second." in answer.text
    assert key not in answer.text
    assert [entry.text for entry in case.entries] == ["First."]


def test_the_key_of_the_ticket_itself_cannot_be_used_again(case: Case, form_key: str, send: Send) -> None:
    send(form_key=form_key, suggested="1")
    assert case.post(form_key=form_key, text="Second.").status_code == 409
    assert case.entries == ()


def test_a_comment_needs_text_or_a_file(case: Case, encode: Callable[..., tuple[bytes, str]]) -> None:
    assert case.post(text="\u200b\u3164\ufeff").status_code == 422
    answer = case.post(text=" \n ")
    assert answer.status_code == 422
    assert 'href="#text"' in answer.text
    assert 'aria-describedby="text-error" aria-invalid="true"' in answer.text
    file = (BytesIO(PNG), "screen.png")
    body, kind = encode({"kind": "comment", "form_key": case.key(), "text": "", "files": file})
    assert case.client.post(case.address, data=body, content_type=kind).status_code == 303
    assert [(entry.text, len(entry.attachments)) for entry in case.entries] == [("", 1)]


def test_a_comment_that_arrives_broken_comes_back(case: Case, encode: Callable[..., tuple[bytes, str]]) -> None:
    body, kind = encode({"kind": "comment", "form_key": case.key(), "text": "A long comment"})
    answer = case.client.post(f"{case.address}?lang=en", data=body[:-9], content_type=kind)
    assert answer.status_code == 400
    assert "incomplete or damaged" in answer.text
    assert "A long comment" in answer.text
    assert case.entries == ()


def test_a_text_that_is_too_long_is_kept(case: Case) -> None:
    answer = case.post(text="y" * 10_001)
    assert answer.status_code == 422
    assert "y" * 10_001 in answer.text
    assert "10000" in answer.text
    assert case.entries == ()


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
    ids=str,
)
def test_other_sites_cannot_write(case: Case, headers: dict[str, str]) -> None:
    answer = case.post(text="Mine.", headers=headers)
    assert answer.status_code == 400
    assert "Mine." in answer.text
    assert case.entries == ()


@pytest.mark.parametrize("form_key", ["", "x", "k" * 24 + ".1700000000." + "s" * 22])
def test_an_invented_form_key_stores_nothing_and_keeps_the_text(case: Case, form_key: str) -> None:
    answer = case.post(text="Mine.", form_key=form_key)
    assert answer.status_code == 400
    assert "Mine." in answer.text
    assert case.entries == ()
    fresh = re.findall(r'name="form_key" value="([^"]+)"', answer.text)[0]
    assert case.post(text="Mine.", form_key=fresh).status_code == 303


def test_a_visitor_closes_and_reopens_the_ticket(case: Case) -> None:
    assert case.post(kind="closed", text="It works again.").status_code == 303
    assert case.ticket.state == TicketState.CLOSED
    page = case.page()
    assert "It works again." in page
    assert 'value="closed"' not in page
    assert case.post(kind="reopened", text="").status_code == 303
    assert case.ticket.state == TicketState.OPEN
    assert [entry.kind for entry in case.entries] == ["closed", "reopened"]


def test_a_comment_that_crosses_a_closing_opens_the_ticket(case: Case) -> None:
    key = case.key()
    case.say("Solved.", kind=EntryKind.CLOSED)
    case.post(form_key=key, text="No, it is not.")
    assert (case.ticket.state, case.ticket.closed_at) == (TicketState.OPEN, None)


@pytest.mark.parametrize("kind", ["moved", "release", "", "Comment"])
def test_a_visitor_can_do_nothing_else(case: Case, kind: str) -> None:
    before = case.ticket
    answer = case.post(kind=kind, text="Mine.", queue="security", state="closed", author="team", level="L4")
    assert answer.status_code == 400
    assert "Mine." in answer.text
    assert (case.ticket, case.entries) == (before, ())


def test_fields_that_the_form_does_not_have_are_ignored(case: Case) -> None:
    before = case.ticket
    case.post(text="Hello.", queue="security", state="closed", author="team", level="L4", reference="AD-0000-0000-00")
    assert case.ticket == before
    assert [entry.author for entry in case.entries] == [Author.VISITOR]


def test_a_file_goes_along_and_is_named(case: Case) -> None:
    case.post(text="Look.", files=(BytesIO(PNG), "sc<r>een.png"))
    (file,) = case.entries[0].attachments
    stored = read_attachment(case.services.database, case.reference, file.id)
    assert stored
    assert stored.content == PNG
    assert f"<bdi>{file.name}</bdi>" in case.page()
    assert f"/{file.id}" not in case.page()


def test_a_file_that_is_not_taken_is_named_and_the_text_is_kept(case: Case) -> None:
    answer = case.post(text="Look.", files=[(BytesIO(PNG), "good.png"), (BytesIO(b"MZ"), "bad.exe")])
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "Look." in page
    assert 'href="#files"' in page
    assert "bad.exe" in page
    assert "good.png" in page  # the browser has forgotten it too
    assert case.entries == ()


def test_when_nothing_can_be_stored_the_text_is_kept(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StorageUnavailable("the disk is full")

    key = case.key()
    with monkeypatch.context() as broken:
        broken.setattr("ticket_form.web.views.entry.add_entry", fail)
        answer = case.post(form_key=key, text="Mine.")
    assert answer.status_code == 503
    assert "Mine." in answer.text
    assert key in answer.text
    assert case.post(form_key=key, text="Mine.").status_code == 303


def test_a_visitor_who_writes_without_end_is_asked_to_wait(case: Case, make_app: Callable[..., Flask]) -> None:
    case = Case(make_app(limits=Limits()).test_client(), case.services, case.address, case.reference)
    key = case.key()
    assert case.post(form_key=key, text="Number 1").status_code == 303
    answers = [case.post(text=f"Number {number}") for number in range(2, 33)]
    assert [answer.status_code for answer in answers] == [303] * 29 + [429] * 2
    assert "Number 32" in answers[-1].text
    assert len(case.entries) == 30
    assert case.post(form_key=key, text="Number 1").status_code == 303  # that one is stored


def test_a_held_ticket_looks_like_any_other(make_case: Callable[..., Case]) -> None:
    free, held = make_case(), make_case()
    held.change(quarantine="quick", created_at=free.ticket.created_at)

    def shape(case: Case) -> str:
        page = case.page().replace(case.address, "").replace(case.reference, "")
        return re.sub(r'name="form_key" value="[^"]+"', "", page)

    assert shape(held) == shape(free)
    assert held.post(text="Hello?").status_code == 303
    assert [entry.text for entry in held.entries] == ["Hello?"]


def _headers(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name not in ("X-Request-Id", "Date")}


def test_wrong_expired_and_erased_look_the_same(make_case: Callable[..., Case], client: FlaskClient) -> None:
    expired, erased = make_case(), make_case()
    now = datetime.now(UTC)
    expired.change(state="closed", closed_at=now - timedelta(days=91))
    erased.change(erased_at=now)
    addresses = [expired.address, erased.address, "/ticket/status/" + "x" * 43, "/ticket/status/x", "/ticket/status/é"]
    for method in ("GET", "POST"):
        answers = [client.open(address, method=method) for address in addresses]
        assert [answer.status_code for answer in answers] == [404] * 5
        assert len({answer.data for answer in answers}) == 1
        assert all(_headers(answer) == _headers(answers[0]) for answer in answers)


def test_the_page_lasts_for_ninety_days_after_closing(case: Case) -> None:
    now = datetime.now(UTC)
    case.change(state="closed", closed_at=now - timedelta(days=89, hours=23))
    assert "You can open this page until" in case.page()
    case.change(closed_at=now - timedelta(days=90, seconds=1))
    assert case.client.get(case.address).status_code == 404
    case.change(state="open", closed_at=None, created_at=now - timedelta(days=900))
    assert case.page()


def test_wrong_and_expired_take_the_same_time(case: Case) -> None:
    case.change(state="closed", closed_at=datetime.now(UTC) - timedelta(days=91))
    addresses = {"expired": case.address, "wrong": "/ticket/status/" + "x" * 43}
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for _ in range(150):
        for name, address in addresses.items():
            began = time.thread_time()  # not the clock on the wall, which counts other work on the machine
            case.client.get(address)
            times[name].append(time.thread_time() - began)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    assert 0.8 < medians["expired"] / medians["wrong"] < 1.25, medians


def test_a_hundred_thousand_secrets_never_repeat_and_favour_no_letter() -> None:
    now = datetime.now(UTC)
    keys = (read_form_key(new_form_key(secret=SECRET, now=now), secret=SECRET) for _ in range(100_000))
    made = [status_secret(key.key, secret=SECRET) for key in keys if key]
    assert len(set(made)) == 100_000
    assert {len(secret) for secret in made} == {43}  # 256 bits, 6 a letter
    letters = Counter(email for secret in made for email in secret[:42])  # the last letter has 4 bits
    expected = 4_200_000 / 64
    chi_squared = sum((number - expected) ** 2 / expected for number in letters.values())
    assert len(letters) == 64
    assert chi_squared < 130  # 63 degrees of freedom: chance alone goes beyond once in 500,000 times


def test_a_withdrawn_address_leads_nowhere(case: Case, client: FlaskClient) -> None:
    client.get("/queue?key=the+key+of+the+agents")
    desk = f"/queue/{case.reference}"
    assert client.post(f"{desk}/withdraw", data={"form_key": case.key()}).status_code == 400  # anybody can have that
    assert case.page()
    key = re.findall(r'name="form_key" value="([^"]+)"', client.get(desk).text)[0]
    assert client.post(f"{desk}/withdraw", data={"form_key": key}).status_code == 303
    assert client.get(case.address).status_code == 404
    assert "Withdraw" not in client.get(desk).text


def test_nobody_keeps_or_passes_on_the_page(case: Case) -> None:
    headers = case.client.get(case.address).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    page = case.page()
    assert '<meta name="robots" content="noindex">' in page
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', page) == []


def test_the_secret_is_on_its_own_page_alone(case: Case, client: FlaskClient) -> None:
    secret = case.address.rsplit("/", 1)[1]
    links = re.findall(r'(?:href|src|action|value)="([^"]*)"', case.page())
    assert all(link.startswith(f"{case.address}?lang=") for link in links if secret in link)
    others = ("/ticket", "/search?q=vpn", "/en/", "/ticket/status/x")
    assert not any(secret in client.get(address).text for address in others)


def test_the_secret_is_never_logged_not_even_when_the_page_fails(
    case: Case, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    secret = case.address.rsplit("/", 1)[1]
    caplog.set_level(logging.DEBUG)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a mistake of ours")

    case.page()
    case.client.post(case.address, data={"text": "canary"})
    monkeypatch.setattr("ticket_form.web.views.status.list_entries", fail)
    assert case.client.get(case.address).status_code == 500
    assert "RuntimeError" in caplog.text
    assert secret not in caplog.text
    assert "canary" not in caplog.text
