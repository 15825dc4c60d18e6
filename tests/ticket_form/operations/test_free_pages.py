"""What was erased leaves the disk while others write."""

import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from ticket_form.errors import StorageUnavailable
from ticket_form.operations.free_pages import PAGES_PER_STEP, compact, keeps_compact, release_pages
from ticket_form.operations.retention import forget
from ticket_form.storage.database import open_database
from ticket_form.storage.ticket_store import accept, list_tickets
from ticket_form.tickets.routing import Queue, Route
from ticket_form.tickets.ticket import Attachment, TicketDraft
from ticket_form.tickets.trail import Trail

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECRET = b"a word of a file that is erased "
QUEUE = Queue(id="network", names={}, level="L1")
DRAFT = TicketDraft(
    language="en", category="network", subject="VPN", description="It drops.", email="kim@example.com", name="Kim",
    trail=Trail(),
    attachments=(
        Attachment(name="a.txt", media_type="text/plain", size=0, sha256="f" * 64, content=SECRET * 20_000),
    ),
)  # fmt: skip


def store(place: Path, number: int, **changes: object) -> None:
    database = open_database(place)
    try:
        for count in range(number):
            draft = replace(DRAFT, **changes)  # type: ignore[arg-type]
            key = f"{changes} {count}"
            accept(database, draft, destination=Route(queue=QUEUE), reference=key, form_key=key, now=NOW)
    finally:
        database.close()


def bytes_of(place: Path) -> bytes:
    return b"".join(file.read_bytes() for file in place.parent.iterdir() if file.is_file())


def test_a_new_file_shrinks_when_somebody_is_forgotten_and_holds_nothing_of_it(tmp_path: Path) -> None:
    place = tmp_path / "tickets.sqlite"
    store(place, 30)
    store(place, 2, email="other@example.com", attachments=())
    before = place.stat().st_size
    database = open_database(place)
    try:
        done = forget(database, "kim@example.com", now=NOW)
        assert (done.is_clean, done.is_compact) == (True, True)
        assert SECRET not in bytes_of(place)
        assert place.stat().st_size < before / 10
    finally:
        database.close()


def test_free_pages_are_given_back_many_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "tickets.sqlite"
    store(place, 30)
    pages = place.stat().st_size // 4096
    pauses: list[float] = []
    database = open_database(place)
    monkeypatch.setattr("ticket_form.operations.free_pages.time.sleep", pauses.append)
    try:
        forget(database, "kim@example.com", now=NOW)
        assert pages // PAGES_PER_STEP // 2 <= len(pauses) <= pages // PAGES_PER_STEP + 2
    finally:
        database.close()


def test_tickets_are_taken_while_pages_are_released(tmp_path: Path) -> None:
    place = tmp_path / "tickets.sqlite"
    store(place, 30)
    erasing, writing = open_database(place), open_database(place)
    try:
        thread = threading.Thread(target=forget, args=(erasing, "kim@example.com"), kwargs={"now": NOW})
        thread.start()
        taken = 0
        while thread.is_alive():
            accept(
                writing, replace(DRAFT, email="other@example.com", attachments=()),
                destination=Route(queue=QUEUE), reference=f"AD-{taken}", form_key=f"new {taken}", now=NOW,
            )  # fmt: skip
            taken += 1
        thread.join()
        assert taken > 1
        assert list_tickets(writing).total == 30 + taken
    finally:
        erasing.close()
        writing.close()


def old_file(place: Path) -> None:
    """Make a file as earlier versions did: free pages are kept."""
    store(place, 20)
    with sqlite3.connect(place, isolation_level=None) as connection:
        for statement in ("PRAGMA journal_mode=DELETE", "PRAGMA auto_vacuum=0", "VACUUM"):
            connection.execute(statement).fetchall()
    connection.close()


def test_an_old_file_is_overwritten_and_shrinks_when_it_is_compacted(tmp_path: Path) -> None:
    place = tmp_path / "tickets.sqlite"
    old_file(place)
    database = open_database(place)
    assert not keeps_compact(database)
    before = place.stat().st_size
    done = forget(database, "kim@example.com", now=NOW)
    assert (done.is_clean, done.is_compact) == (True, False)
    assert SECRET not in bytes_of(place)
    assert place.stat().st_size >= before
    database.close()
    compact(database)
    assert place.stat().st_size < before / 10
    again = open_database(place)
    assert keeps_compact(again)
    assert list_tickets(again).total == 20
    again.close()


def test_a_file_in_use_is_not_compacted(tmp_path: Path) -> None:
    place = tmp_path / "tickets.sqlite"
    old_file(place)
    database = open_database(place, patience=0.1)
    other = open_database(place)
    with other.writing() as session:
        session.connection().exec_driver_sql("UPDATE ticket SET name = name")
        with pytest.raises(StorageUnavailable):
            compact(database)
    release_pages(database)
    other.close()
    database.close()


def test_each_file_is_overwritten_in_a_transaction_of_its_own(tmp_path: Path) -> None:
    place = tmp_path / "tickets.sqlite"
    store(place, 5)
    database = open_database(place)
    deleted: list[int] = []

    @event.listens_for(database.writing_engine, "commit")
    def count(connection: Connection) -> None:
        left = connection.exec_driver_sql("SELECT count(*) FROM attachment").scalar_one()
        deleted.append(5 - left)

    try:
        forget(database, "kim@example.com", now=NOW)
        assert deleted[:5] == [1, 2, 3, 4, 5]
    finally:
        database.close()
