"""Erasing what is personal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ticket_form.delivery.outbox import claim, list_deliveries, mark_delivered, mark_failed
from ticket_form.errors import FormKeyReused, PermanentFailure
from ticket_form.operations.daily_job import DailyJob
from ticket_form.operations.retention import ERASED, expire_held_files, forget, retire
from ticket_form.storage.database import Database, open_database
from ticket_form.storage.models import Base
from ticket_form.storage.ticket_store import (
    accept,
    add_entry,
    find_by_secret,
    find_ticket,
    list_attachments,
    list_entries,
    list_tickets,
    read_attachment,
)
from ticket_form.tickets.delivery_contract import Purpose
from ticket_form.tickets.routing import Queue, Route
from ticket_form.tickets.ticket import Attachment, Author, Entry, EntryKind, Missing, TicketDraft
from ticket_form.tickets.trail import Trail

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
KEEP = timedelta(days=180)
ADDRESS = "kim.erasable@example.com"
QUEUE = Queue(id="network", names={}, level="L1")
DRAFT = TicketDraft(
    language="en", category="network", subject="Erasable subject", description=f"Erasable text, write to {ADDRESS}.",
    email=ADDRESS, name="Erasable Kim", trail=Trail(searches=("erasable search",), articles=("network/vpn/",)),
    attachments=(
        Attachment(name="erasable.txt", media_type="text/plain", size=8, sha256="f" * 64, content=b"erasable"),
    ),
)  # fmt: skip
Accept = Callable[..., str]


@pytest.fixture
def ticket(database: Database) -> Accept:
    """Store a ticket with an entry, closed or not: `ticket("AD-1", "mail", closed=NOW)`."""

    def make(reference: str, *channels: str, closed: datetime | None = None, **changes: Any) -> str:
        accept(
            database, replace(DRAFT, **changes), destination=Route(queue=QUEUE, channels=channels),
            reference=reference, form_key=f"key {reference}", now=NOW - timedelta(days=400),
            secret_hash=f"hash {reference}",
        )  # fmt: skip
        said = Entry(created_at=NOW, author=Author.VISITOR, kind=EntryKind.COMMENT, text="Erasable comment",
                     attachments=(replace(DRAFT.attachments[0], name="second.txt"),))  # fmt: skip
        add_entry(database, reference, said, form_key=f"comment {reference}", now=NOW)
        if closed:
            ending = Entry(created_at=closed, author=Author.TEAM, kind=EntryKind.CLOSED, text="Erasable answer")
            add_entry(database, reference, ending, form_key=f"end {reference}", now=closed)
        return reference

    return make


def test_a_ticket_closed_long_ago_keeps_its_row_and_nothing_of_its_visitor(database: Database, ticket: Accept) -> None:
    ticket("AD-OLD", "mail", closed=NOW - KEEP - timedelta(seconds=1))
    assert retire(database, keep=KEEP, now=NOW) == 1
    found = find_ticket(database, "AD-OLD")
    assert found
    assert found.erased_at == NOW
    assert (found.queue, found.state, found.draft.category) == ("network", "closed", "network")
    draft = found.draft
    assert (draft.subject, draft.description, draft.email, draft.name, draft.trail) == ("", "", "", "", Trail())
    assert list_entries(database, "AD-OLD") == ()
    assert list_attachments(database, "AD-OLD") == ()
    assert list_deliveries(database, only="waiting") == ()
    assert find_by_secret(database, "hash AD-OLD") is None
    assert b"rasable" not in _content(database)


def test_what_is_open_or_closed_since_stays(database: Database, ticket: Accept) -> None:
    ticket("AD-OPEN")
    ticket("AD-RECENT", closed=NOW - KEEP + timedelta(seconds=1))
    assert retire(database, keep=KEEP, now=NOW) == 0
    assert {found.draft for found in list_tickets(database).tickets} == {replace(DRAFT, attachments=())}


def test_many_tickets_are_erased_in_parts_and_only_once(
    database: Database, ticket: Accept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ticket_form.operations.retention.TICKETS_PER_TRANSACTION", 2)
    for number in range(5):
        ticket(f"AD-{number}", closed=NOW - KEEP * 2)
    assert retire(database, keep=KEEP, now=NOW) == 5
    assert retire(database, keep=KEEP, now=NOW) == 0


def test_the_form_of_an_erased_ticket_makes_no_second_one(database: Database, ticket: Accept) -> None:
    ticket("AD-OLD", closed=NOW - KEEP * 2)
    retire(database, keep=KEEP, now=NOW)
    with pytest.raises(FormKeyReused):
        accept(database, DRAFT, destination=Route(queue=QUEUE), reference="AD-NEW", form_key="key AD-OLD", now=NOW)
    assert list_tickets(database).total == 1


def test_the_daily_job_retires_at_the_start(database: Database, ticket: Accept) -> None:
    ticket("AD-OLD", closed=NOW - KEEP * 2)
    job = DailyJob(database=database, keep=KEEP, now=lambda: NOW)
    job.work()
    found = find_ticket(database, "AD-OLD")
    assert found
    assert found.erased_at == NOW


def test_a_person_is_forgotten_everywhere(database: Database, ticket: Accept) -> None:
    ticket("AD-1", "mail", "rt")
    ticket("AD-2", "mail", email=ADDRESS.upper())
    _deliver(database, "rt")
    _kill(database, "mail")
    ticket("AD-3", "mail", email="other@example.com", description=f"As {ADDRESS.title()} said.",
           trail=Trail(searches=(f"who is {ADDRESS}",)), attachments=())  # fmt: skip
    done = forget(database, ADDRESS, now=NOW)
    assert (done.tickets, done.is_clean) == (2, True)
    assert [(copy.reference, copy.channel, copy.remote) for copy in done.copies if copy.channel == "rt"] == [
        ("AD-1", "rt", "ticket 17")
    ]
    assert ADDRESS.encode() not in _content(database).lower()
    assert [(left.reference, left.channel) for left in list_deliveries(database, only="waiting")] == [
        ("AD-3", "mail"),
        ("AD-3", "mail"),
    ]
    assert list_deliveries(database, only="dead") == ()
    other = find_ticket(database, "AD-3")
    assert other
    assert other.draft.description == f"As {ERASED} said."
    assert other.draft.trail.searches == (f"who is {ERASED}",)
    assert done.mentions == 2


@pytest.mark.parametrize("typed", ["ömer@örnek.com.tr", "ÖMER@Örnek.com.tr", "ömer@xn--rnek-4qa.com.tr"])
def test_a_person_whose_address_has_other_letters_is_forgotten(database: Database, ticket: Accept, typed: str) -> None:
    file = replace(DRAFT.attachments[0], content="an ÖMER@örnek.com.tr".encode())
    ticket("AD-1", email="ÖMER@Örnek.com.tr")
    ticket("AD-2", email="ömer@xn--rnek-4qa.com.tr")
    ticket("AD-3", email="other@example.com", description="As ÖMER@ÖRNEK.COM.TR said.", attachments=(file,))
    done = forget(database, typed, now=NOW)
    assert (done.tickets, done.mentions, done.files_of) == (2, 1, ("AD-3",))
    assert list_tickets(database).tickets[0].draft.description == f"As {ERASED} said."


def test_a_file_of_somebody_else_with_the_address_is_told(database: Database, ticket: Accept) -> None:
    file = replace(DRAFT.attachments[0], content=b"from: " + ADDRESS.upper().encode())
    ticket("AD-1", email="other@example.com", description="Mine.", attachments=(file,))
    assert forget(database, ADDRESS, now=NOW).files_of == ("AD-1",)
    assert forget(database, "nobody@example.com", now=NOW).files_of == ()


def test_an_address_is_no_pattern(database: Database, ticket: Accept) -> None:
    ticket("AD-1", email="other@example.com", description="kimxerasable@example.com, kim_erasable@example.com")
    assert forget(database, "kim.erasable@example.com", now=NOW).mentions == 0
    assert forget(database, "k%m_erasable@example.com", now=NOW).mentions == 0


def test_nothing_of_a_forgotten_person_is_on_the_disk(tmp_path: Path) -> None:
    place = tmp_path / "var" / "tickets.sqlite"
    database = open_database(place)
    reader = open_database(place)  # a desk that runs
    try:
        for number in range(30):
            text = f"{ADDRESS} wrote this. " * 300  # over several pages
            accept(
                database, replace(DRAFT, description=text, email=ADDRESS if number % 2 else "other@example.com"),
                destination=Route(queue=QUEUE, channels=("mail",)), reference=f"AD-{number}",
                form_key=f"key {number}", now=NOW,
            )  # fmt: skip
        _kill(database, "mail")
        assert _hits(place.parent, ADDRESS) > 0
        assert forget(database, ADDRESS, now=NOW).is_clean
        assert _hits(place.parent, ADDRESS) == 0
        assert list_tickets(reader).total == 30
    finally:
        database.close()
        reader.close()
    assert _hits(place.parent, ADDRESS) == 0


def _deliver(database: Database, channel: str) -> None:
    taken = claim(database, channel, now=NOW)
    assert taken
    assert taken.message.purpose == Purpose.TICKET
    mark_delivered(database, taken, remote="ticket 17", now=NOW)


def _kill(database: Database, channel: str) -> None:
    taken = claim(database, channel, now=NOW)
    assert taken
    mark_failed(database, taken, PermanentFailure(f"550 <{ADDRESS}>: nobody here"), now=NOW, chance=0.5)


def _hits(folder: Path, address: str) -> int:
    return sum(path.read_bytes().lower().count(address.encode()) for path in folder.rglob("*") if path.is_file())


def _content(database: Database) -> bytes:
    """Return every value of every table."""
    found: list[bytes] = []
    with database.reading() as session:
        for table in Base.metadata.tables:
            for row in session.execute(text(f'SELECT * FROM "{table}"')):
                found += [
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row
                ]
    return b"\n".join(found)


def test_files_of_tickets_held_for_long_are_erased_and_their_texts_stay(ticket: Accept, database: Database) -> None:
    held, free = ticket("AD-1"), ticket("AD-2")
    with database.writing() as session:
        session.execute(text("UPDATE ticket SET quarantine = 'rejected trap' WHERE reference = 'AD-1'"))
    assert expire_held_files(database, keep=timedelta(days=14), now=NOW + timedelta(days=1)) == 1
    (old,), (kept,) = list_attachments(database, held), list_attachments(database, free)
    assert (old.name, old.size, old.missing) == ("erasable.txt", 8, Missing.EXPIRED)
    assert kept.missing is None
    assert read_attachment(database, held, old.id) is None
    # What was added later has its own time.
    assert [file.missing for entry in list_entries(database, held) for file in entry.attachments] == [None]
    found = find_ticket(database, held)
    assert found
    assert found.draft.description == DRAFT.description
    assert expire_held_files(database, keep=timedelta(days=14), now=NOW + timedelta(days=15)) == 1
    assert expire_held_files(database, keep=timedelta(days=14), now=NOW + timedelta(days=15)) == 0


def test_a_clock_that_jumped_erases_no_files(ticket: Accept, database: Database) -> None:
    held = ticket("AD-1")
    with database.writing() as session:
        session.execute(text("UPDATE ticket SET quarantine = 'trap'"))
    DailyJob(database=database, keep=KEEP, now=lambda: NOW + timedelta(days=400)).work()
    assert list_attachments(database, held)[0].missing is None
