"""Logs: all about the desk, nothing about visitors."""

import io
import json
import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from ticket_form.delivery.worker import Worker
from ticket_form.errors import PermanentFailure, StorageUnavailable
from ticket_form.logs import LogFormat, event, mask, set_up_logs
from ticket_form.secrets.signing import status_secret
from ticket_form.storage.database import Database
from ticket_form.storage.deliveries import add_deliveries
from ticket_form.storage.models import TicketRow
from ticket_form.tickets.delivery_contract import OutboundMessage, Promise
from ticket_form.web.services import Services

log = logging.getLogger("ticket_form.test")
CANARY = "canary7f3a"
SetUp = Callable[[LogFormat], io.StringIO]


@pytest.fixture
def set_up() -> Iterator[SetUp]:
    """Log to a text, and put back what pytest had set up."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, threading.excepthook, sys.excepthook

    def start(kind: LogFormat) -> io.StringIO:
        stream = io.StringIO()
        set_up_logs(kind, stream)
        return stream

    yield start
    root.handlers[:], root.level = before[0], before[1]
    threading.excepthook, sys.excepthook = before[2], before[3]


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Return what was logged as JSON."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_in_utc(set_up: SetUp) -> None:
    stream = set_up(LogFormat.JSON)
    told, extra = event("done", tickets=3)
    log.info(told, extra=extra)
    (line,) = lines(stream)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {"level": "info", "logger": "ticket_form.test", "message": "done", "tickets": 3}


@pytest.mark.parametrize("kind", LogFormat)
def test_nobody_forges_a_line(set_up: SetUp, kind: LogFormat) -> None:
    stream = set_up(kind)
    told, extra = event("x\r\n2026 forged\u2028\x1b[31m\x85", field="y\nforged")
    log.error(told, extra=extra)
    written = stream.getvalue()
    assert written.count("\n") == 1
    assert len(written.splitlines()) == 1
    assert all(email.isprintable() for email in written.rstrip("\n"))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("550 <kim@example.com>: unknown", "550 <<address>>: unknown"),
        ("for (email)=(김@예시.한국)", "for (email)=(<address>)"),
        ("GET /ticket/status/s3cr3t-_ failed", "GET /ticket/status/<secret> failed"),
        ("GET /ticket/received/a.b.c?lang=en", "GET /ticket/received/<secret>"),
        ("/queue?key=abcdef&lang=en", "/queue?key=<secret>&lang=en"),
        ("Exception while serving /anything/at/all", "Exception while serving <path>"),
        ("delivery 3 by rt failed", "delivery 3 by rt failed"),
    ],
)
def test_addresses_and_secrets_are_cut_out(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_an_error_is_logged_by_type_and_place_without_its_words(set_up: SetUp) -> None:
    stream = set_up(LogFormat.JSON)
    try:
        try:
            raise ValueError(CANARY)
        except ValueError as error:
            raise RuntimeError(CANARY) from error
    except RuntimeError:
        log.exception("failed")
    (line,) = lines(stream)
    assert [place for place in line["error"] if ":" not in place] == ["RuntimeError", "ValueError"]
    assert "test_logs.py" in "".join(line["error"])
    assert CANARY not in stream.getvalue()


def test_what_a_thread_dies_of_is_logged_the_same_way(set_up: SetUp) -> None:
    stream = set_up(LogFormat.TEXT)

    def die() -> None:
        raise RuntimeError(CANARY)

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()
    assert "a thread stopped" in stream.getvalue()
    assert CANARY not in stream.getvalue()


def test_a_request_is_logged_by_its_route(set_up: SetUp, client: FlaskClient) -> None:
    stream = set_up(LogFormat.JSON)
    answer = client.get(f"/ticket/status/{CANARY}?q={CANARY}", headers={"User-Agent": CANARY})
    (line,) = lines(stream)
    assert (line["method"], line["route"], line["status"]) == ("GET", "/ticket/status/<secret>", 404)
    assert line["milliseconds"] >= 0
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert CANARY not in stream.getvalue()


def test_a_path_that_anybody_can_make_up_is_not_logged(set_up: SetUp, client: FlaskClient) -> None:
    stream = set_up(LogFormat.JSON)
    client.get(f"/en/{CANARY}")
    assert [line["route"] for line in lines(stream)] == ["/<path:path>"]
    assert CANARY not in stream.getvalue()


def test_for_people_requests_are_no_news(set_up: SetUp, client: FlaskClient) -> None:
    stream = set_up(LogFormat.TEXT)
    client.get("/ticket")
    assert stream.getvalue() == ""


class Careless:
    """A channel that quotes the visitor in all it says."""

    promise = Promise.AT_LEAST_ONCE
    acknowledges = False

    def send(self, message: OutboundMessage) -> str:
        draft = message.ticket.draft
        words = f"{draft.subject} {draft.description} {draft.name} {draft.email}"
        raise PermanentFailure(words) if message.key.endswith("/1") else ValueError(words)

    def check(self) -> str:
        return ""


def test_no_page_and_no_failure_lets_a_visitor_into_the_logs(
    set_up: SetUp,
    app: Flask,
    services: Services,
    send: Callable[..., TestResponse],
    new_key: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = set_up(LogFormat.JSON)
    client = app.test_client()
    typed = {
        "subject": f"{CANARY} subject",
        "description": f"{CANARY}\r\ndescription",
        "name": f"{CANARY} name",
        "email": f"{CANARY}@example.com",
        "q": [f"{CANARY} search"],
    }
    key = new_key()
    received = send(**typed, form_key=key).headers["Location"]
    secret = status_secret(key.split(".")[0], secret=services.settings.secret_key)
    values = {"token": received.rsplit("/", 1)[1], "secret": secret, "reference": CANARY, "filename": CANARY}
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            path = re.sub(rf"<(\w+:)?{name}>", values.get(name, CANARY), path)
        for query in ("", f"?q={CANARY}&subject={CANARY}&key={CANARY}&lang={CANARY}"):
            client.get(path + query)
            client.post(path + query, data={**typed, "text": CANARY})
        client.open(path, method=CANARY.upper())
    send(**typed, lang=CANARY)
    send(**{**typed, "email": CANARY})

    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"{typed}")

    def refuse(*_: object, **__: object) -> None:
        raise StorageUnavailable("the disk is full")

    for broken in (fail, refuse):
        monkeypatch.setattr("ticket_form.web.intake.accept", broken)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        assert send(**typed, form_key=new_key()).status_code in (500, 503)
    monkeypatch.setattr("ticket_form.web.views.status.find_by_secret", fail)
    assert client.get(f"/ticket/status/{secret}").status_code == 500
    monkeypatch.setattr("ticket_form.web.views.portal._find", fail)
    assert client.get(f"/en/{CANARY}").status_code == 500
    _fail_to_deliver(services.database)
    written = stream.getvalue()
    assert "the disk is full" in written
    assert '"status": 500' in written
    assert "ValueError" in written
    assert "PermanentFailure" in written
    for hidden in (CANARY, CANARY.upper(), secret, values["token"], key):
        assert hidden not in written


def _fail_to_deliver(database: Database) -> None:
    with database.writing() as session:
        ticket = session.scalars(select(TicketRow.id)).first()
        assert ticket
        add_deliveries(session, ticket, ["one", "two"], acknowledge_by=None, now=datetime.now(UTC))
    worker = Worker(database=database, channels={"one": Careless(), "two": Careless()})
    assert worker.send_one("one")
    assert worker.send_one("two")
