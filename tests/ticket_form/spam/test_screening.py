"""Spam, as its senders and as other visitors meet it."""

import hashlib
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ticket_form.secrets.signing import new_form_key
from ticket_form.spam.quarantine import list_held
from ticket_form.spam.rate_limit import RateCounter, count
from ticket_form.spam.verdict import OFF, Limits
from ticket_form.storage.ticket_store import list_tickets
from ticket_form.web.services import EXTENSION

MakeApp = Callable[..., Flask]
SECRET = b"a secret of at least thirty-two bytes"
FORM = {
    "lang": "en",
    "category": "network",
    "subject": "VPN drops",
    "description": "It worked yesterday.",
    "email": "kim@example.com",
}
QUIET = Limits(everyone=0)


class Desk:
    """An app with limits: send forms to it, look at what became of them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def send(
        self,
        *,
        address: str = "192.0.2.7",
        headers: dict[str, str] | None = None,
        age: timedelta = timedelta(minutes=1),
        key: str | None = None,
        **changes: str,
    ) -> TestResponse:
        """Send a form that was shown a while ago."""
        form = {**FORM, "form_key": key or new_form_key(secret=SECRET, now=datetime.now(UTC) - age), **changes}
        return self.client.post("/ticket", data=form, headers=headers, environ_base={"REMOTE_ADDR": address})

    def accepted(self) -> int:
        return list_tickets(self.app.extensions[EXTENSION].database).total

    def held(self) -> list[str | None]:
        return [ticket.quarantine for ticket in list_held(self.app.extensions[EXTENSION].database).tickets]

    def count_visitors(self, number: int) -> None:
        """Pretend that so many tickets came from everywhere in this minute and the next."""
        counters = [RateCounter(key="tickets", window=timedelta(minutes=1))]
        for later in (timedelta(minutes=1), timedelta()):
            for _ in range(number):
                count(
                    self.app.extensions[EXTENSION].database,
                    counters,
                    enough=number,
                    secret=SECRET,
                    now=datetime.now(UTC) + later,
                )


@pytest.fixture(autouse=True)
def within_a_minute() -> None:
    """Begin no test at the end of a minute: what is counted in one begins anew in the next."""
    left = 60 - time.time() % 60
    if left < 4:
        time.sleep(left)


@pytest.fixture
def desk(make_app: MakeApp) -> Desk:
    """Open a desk with the limits that it has unless told otherwise, but for those that count all visitors."""
    return Desk(make_app(limits=QUIET))


def test_a_person_gets_through(desk: Desk) -> None:
    assert desk.send().status_code == 303
    assert (desk.accepted(), desk.held()) == (1, [])


@pytest.mark.parametrize(
    ("spam", "reason"),
    [({"website": "https://spam.example"}, "trap"), ({"age": timedelta()}, "quick")],
)
def test_suspected_spam_is_held_and_told_nothing(desk: Desk, spam: dict[str, str], reason: str) -> None:
    good, bad = desk.send(address="198.51.100.1"), desk.send(**spam)
    assert (desk.accepted(), desk.held()) == (1, [reason])
    assert (bad.status_code, bad.text.replace(bad.location, "")) == (
        good.status_code,
        good.text.replace(good.location, ""),
    )
    assert list(bad.headers.keys()) == list(good.headers.keys())
    assert len(bad.location) == len(good.location)
    receipts = [desk.client.get(answer.location).text for answer in (good, bad)]
    assert _without_secrets(receipts[0]) == _without_secrets(receipts[1])
    pages = [desk.client.get(re.findall(r"/ticket/status/[\w-]+", receipt)[0]) for receipt in receipts]
    assert [page.status_code for page in pages] == [200, 200]
    assert _without_secrets(pages[0].text) == _without_secrets(pages[1].text)


def words(number: int) -> str:
    """Return other words for each number: digits are no difference."""
    return f"{chr(97 + number // 26)}{chr(97 + number % 26)} drops"


@pytest.mark.parametrize("address", ["192.0.2.7", "10.1.2.3", "127.0.0.1", "2001:db8::7"])
def test_fifty_colleagues_behind_one_address_are_all_heard(make_app: MakeApp, address: str) -> None:
    desk = Desk(make_app(limits=Limits()))
    for number in range(50):
        assert desk.send(address=address, subject=words(number)).status_code == 303
    assert (desk.accepted(), desk.held()) == (50, [])


def test_a_network_of_the_companys_own_has_no_limit_by_address(make_app: MakeApp) -> None:
    desk = Desk(make_app(limits=Limits(networks=(ip_network("192.0.2.0/24"),))))
    assert {desk.send().status_code for _ in range(70)} == {303}
    assert desk.held() == []
    desk.send(website="https://spam.example")
    assert desk.held() == ["trap"]


def test_an_uncounted_proxy_makes_nobody_a_colleague(desk: Desk) -> None:
    for _ in range(7):
        desk.send(address="127.0.0.1", headers={"X-Forwarded-For": "198.51.100.7"})
    assert desk.held() == ["address"] * 2


def test_a_program_that_is_quick_or_repeats_itself_is_held(desk: Desk) -> None:
    for number in range(7):
        desk.send(subject=words(number), age=timedelta(seconds=5))
    assert desk.held() == ["address"] * 2
    for number in range(7):
        desk.send(address="198.51.100.1", subject=f"VPN  DROPS {number}!")
    assert desk.held() == ["address"] * 4


def test_more_than_a_person_sends_is_held_when_the_words_are_the_same(desk: Desk) -> None:
    answers = [desk.send(subject=f"Ticket {number}") for number in range(8)]
    assert {answer.status_code for answer in answers} == {303}
    assert (desk.accepted(), desk.held()) == (5, ["address"] * 3)


def test_a_flood_is_refused_and_keeps_its_text(make_app: MakeApp) -> None:
    desk = Desk(make_app(limits=Limits(flood=3, everyone=0)))
    assert {desk.send().status_code for _ in range(3)} == {303}
    answer = desk.send(subject="One too many")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert 'value="One too many"' in answer.text
    assert "It worked yesterday.</textarea>" in answer.text
    assert "in a minute" in answer.text
    assert desk.accepted() == 3
    assert desk.send(address="203.0.113.9").status_code == 303


def test_the_same_form_sent_again_in_a_flood_has_the_same_answer(make_app: MakeApp) -> None:
    desk = Desk(make_app(limits=Limits(flood=2, everyone=0)))
    key = new_form_key(secret=SECRET, now=datetime.now(UTC) - timedelta(minutes=1))
    answers = [desk.send(key=key) for _ in range(4)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert [desk.send().status_code for _ in range(2)] == [303, 429]  # sent again, it is no further ticket


def test_neighbours_share_a_softer_limit(desk: Desk) -> None:
    for number in range(22):
        desk.send(address=f"192.0.2.{number}")
    assert (desk.accepted(), desk.held()) == (20, ["network", "network"])


def test_all_addresses_of_a_64_are_one(desk: Desk) -> None:
    for number in range(6):
        desk.send(address=f"2001:db8:0:1::{number:x}")
    desk.send(address="2001:db8:0:2::1")
    assert (desk.accepted(), desk.held()) == (6, ["address"])


def test_an_address_that_a_visitor_claims_does_not_count(desk: Desk) -> None:
    for number in range(7):
        desk.send(headers={"X-Forwarded-For": f"203.0.{number}.1", "Forwarded": f"for=203.0.{number}.1"})
    assert desk.held() == ["address", "address"]


def test_behind_a_proxy_the_address_that_it_saw_counts(make_app: MakeApp) -> None:
    desk = Desk(make_app(limits=QUIET, proxies=1))
    for number in range(7):
        desk.send(address="10.0.0.1", headers={"X-Forwarded-For": f"6.6.6.{number}, 203.0.{number}.1"})
    assert desk.held() == []
    for number in range(6):  # the visitor changes what he claims, not what the proxy adds
        desk.send(address="10.0.0.1", headers={"X-Forwarded-For": f"6.6.6.{number}, 198.51.100.1"})
    assert desk.held() == ["address"]


def test_what_is_wrong_in_a_form_does_not_count(desk: Desk) -> None:
    for _ in range(9):
        assert desk.send(subject="").status_code == 422
    desk.send()
    assert (desk.accepted(), desk.held()) == (1, [])


def test_while_many_tickets_come_only_work_gets_through_at_once(make_app: MakeApp) -> None:
    desk = Desk(make_app(limits=Limits()))
    key = new_form_key(secret=SECRET, now=datetime.now(UTC) - timedelta(minutes=1))
    desk.send(address="198.51.100.1")
    desk.count_visitors(61)
    assert desk.send().status_code == 303
    assert desk.send(work="12345").status_code == 303
    assert desk.held() == ["work", "work"]
    desk.send(key=key, work=_solve(key, 16), address="203.0.113.1")
    assert (desk.accepted(), len(desk.held())) == (2, 2)


def test_a_solution_is_good_for_one_ticket(make_app: MakeApp) -> None:
    desk = Desk(make_app(limits=Limits(work=8)))
    key = new_form_key(secret=SECRET, now=datetime.now(UTC) - timedelta(minutes=1))
    other = new_form_key(secret=SECRET, now=datetime.now(UTC) - timedelta(minutes=1))
    solution = next(
        nonce for nonce in map(str, range(9999)) if _is_zero(key, nonce, 8) and not _is_zero(other, nonce, 8)
    )
    assert desk.send(key=key, work=solution).status_code == 303
    assert desk.send(key=key, work=solution, subject="Another text").status_code == 409
    assert desk.accepted() == 1
    desk.send(key=other, work=solution)
    assert (desk.accepted(), desk.held()) == (1, ["work"])
    spliced = key.split(".")[0] + other[other.index(".") :]
    assert desk.send(key=spliced, work=solution).status_code == 400


def test_the_form_offers_work_only_where_it_may_be_asked_for(make_app: MakeApp) -> None:
    bits = {
        limits: re.findall(r'data-bits="(\d+)"', make_app(limits=limits).test_client().get("/ticket").text)
        for limits in (Limits(), Limits(work=20), Limits(everyone=0), OFF)
    }
    assert list(bits.values()) == [["16"], ["20"], [], []]


def test_the_trap_is_out_of_everybodys_way(client: FlaskClient) -> None:
    (trap,) = re.findall(r'<div class="trap".*?</div>', client.get("/ticket").text, re.DOTALL)
    assert 'aria-hidden="true"' in trap
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap
    assert "Leave this field empty" in trap
    css = client.get("/ticket/static/form.css").text
    assert "clip-path" in css[css.index(".trap") :]


def _solve(key: str, bits: int) -> str:
    return next(nonce for nonce in map(str, range(1 << 22)) if _is_zero(key, nonce, bits))


def _is_zero(key: str, nonce: str, bits: int) -> bool:
    digest = hashlib.sha256(f"{key.split('.')[0]}.{nonce}".encode()).digest()
    return int.from_bytes(digest) >> (256 - bits) == 0


def _without_secrets(page: str) -> str:
    """Return a page without what is random in it: references, secrets, form keys, times."""
    return re.sub(r'datetime="[^"]*"|AD-[\w-]+|[\w.-]{32,}|\d\d:\d\d(:\d\d)?', "", page)
