"""Storing and finding tickets."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ticket_form.database import Database, open_database
from ticket_form.errors import FormKeyReused, StorageUnavailable
from ticket_form.routing import Queue
from ticket_form.store import accept, find_ticket, list_tickets
from ticket_form.tickets import TicketDraft
from ticket_form.trail import Trail

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
QUEUE = Queue(id="network", names={}, level="L1")
DRAFT = TicketDraft(
    language="ko",
    category="network",
    subject="VPN",
    description="끊깁니다\n'; DROP TABLE ticket; --",
    email="kim@example.com",
    name="",
    trail=Trail(searches=("b", "a"), articles=("network/vpn/",)),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tickets.sqlite"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = open_database(path)
    yield opened
    opened.close()


def take(database: Database, *, reference: str = "AD-1", key: str = "key", draft: TicketDraft = DRAFT) -> str:
    return accept(database, draft, queue=QUEUE, reference=reference, form_key=key, now=NOW)


def test_a_ticket_is_found_as_it_was_sent(database: Database) -> None:
    assert take(database) == "AD-1"
    ticket = find_ticket(database, "AD-1")
    assert ticket is not None
    assert (ticket.draft, ticket.queue, ticket.level, ticket.state) == (DRAFT, "network", "L1", "new")
    assert ticket.created_at == NOW
    assert ticket.created_at.tzinfo is UTC


def test_times_are_kept_in_utc(database: Database) -> None:
    korea = NOW.astimezone(timezone(timedelta(hours=9)))
    accept(database, DRAFT, queue=QUEUE, reference="AD-1", form_key="key", now=korea)
    ticket = find_ticket(database, "AD-1")
    assert ticket is not None
    assert (ticket.created_at, ticket.created_at.hour) == (NOW, 12)


def test_an_unknown_reference_finds_nothing(database: Database) -> None:
    take(database)
    assert find_ticket(database, "AD-2") is None
    assert find_ticket(database, "") is None


def test_the_same_key_and_text_is_the_first_ticket(database: Database) -> None:
    take(database)
    assert take(database, reference="AD-2") == "AD-1"
    assert list_tickets(database).total == 1


def test_the_same_key_with_another_text_is_refused(database: Database) -> None:
    take(database)
    with pytest.raises(FormKeyReused):
        take(database, reference="AD-2", draft=replace(DRAFT, subject="Other"))
    assert list_tickets(database).total == 1


def test_two_clicks_at_once_are_one_ticket(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(lambda number: take(database, reference=f"AD-{number}"), range(16)))
    assert len(references) == list_tickets(database).total == 1


def test_a_taken_reference_stores_nothing(database: Database) -> None:
    take(database)
    with pytest.raises(StorageUnavailable):
        take(database, key="other")
    assert list_tickets(database).total == 1


@pytest.mark.parametrize("table", ["trail", "form_key"])
def test_a_ticket_its_trail_and_its_key_are_stored_together_or_not_at_all(
    database: Database, path: Path, table: str
) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TRIGGER fault BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'fault'); END")
    with pytest.raises(StorageUnavailable, match="fault"):
        take(database)
    for name in ("ticket", "trail", "form_key"):
        assert connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)
    connection.execute("DROP TRIGGER fault")
    assert take(database) == "AD-1"
    assert [
        connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("ticket", "trail", "form_key")
    ] == [1, 3, 1]
    connection.close()


def test_tickets_are_listed_newest_first_by_queue_and_part(database: Database) -> None:
    for number in range(5):
        take(database, reference=f"AD-{number}", key=str(number))
    other = replace(QUEUE, id="identity")
    accept(database, DRAFT, queue=other, reference="AD-x", form_key="x", now=NOW)
    assert [ticket.reference for ticket in list_tickets(database).tickets] == [
        "AD-x",
        "AD-4",
        "AD-3",
        "AD-2",
        "AD-1",
        "AD-0",
    ]
    page = list_tickets(database, queue="network", limit=2, skip=1)
    assert [ticket.reference for ticket in page.tickets] == ["AD-3", "AD-2"]
    assert page.total == 5
    assert list_tickets(database, queue="none").tickets == ()
