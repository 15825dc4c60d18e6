"""Storing and finding tickets. Each on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select, text
from sqlalchemy.orm import Session

from ticket_form.delivery.outbox import list_deliveries
from ticket_form.errors import FormKeyReused, StorageUnavailable
from ticket_form.spam.rate_limit import RateCounter, count_in
from ticket_form.storage.database import Database
from ticket_form.storage.models import AttachmentRow, CountRow, DeliveryRow, EntryRow, FormKeyRow, TicketRow, TrailRow
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
from ticket_form.tickets.routing import Queue, Route
from ticket_form.tickets.ticket import Attachment, Author, Entry, EntryKind, Ticket, TicketDraft
from ticket_form.tickets.trail import Trail

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
QUEUE = Queue(id="network", names={}, level="L1")
THERE = Route(queue=QUEUE)
LOG = Attachment(name="log.txt", media_type="text/plain", size=3, sha256="a" * 64, content=b"log")
PICTURE = Attachment(name="그림.png", media_type="image/png", size=4, sha256="b" * 64, content=b"\x89\0\xff\n")
DRAFT = TicketDraft(
    language="ko",
    category="network",
    subject="VPN",
    description="끊깁니다\n'; DROP TABLE ticket; --",
    email="kim@example.com",
    name="",
    trail=Trail(searches=("b", "a"), articles=("network/vpn/",)),
)


def take(database: Database, *, reference: str = "AD-1", key: str = "key", draft: TicketDraft = DRAFT) -> str:
    return accept(database, draft, destination=THERE, reference=reference, form_key=key, now=NOW)


def test_a_ticket_is_found_as_it_was_sent(database: Database) -> None:
    assert take(database) == "AD-1"
    ticket = find_ticket(database, "AD-1")
    assert ticket is not None
    assert (ticket.draft, ticket.queue, ticket.level, ticket.state) == (DRAFT, "network", "L1", "new")
    assert ticket.created_at == NOW
    assert ticket.created_at.tzinfo is UTC


def test_times_are_kept_in_utc(database: Database) -> None:
    korea = NOW.astimezone(timezone(timedelta(hours=9)))
    accept(database, DRAFT, destination=THERE, reference="AD-1", form_key="key", now=korea)
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


def test_a_ticket_and_all_that_belongs_to_it_are_stored_together_or_not_at_all(database: Database) -> None:
    draft = replace(DRAFT, attachments=(LOG, PICTURE))
    there = Route(queue=QUEUE, channels=("mail", "rt"))
    whole = {"ticket": 1, "trail": 3, "form_key": 1, "attachment": 2, "delivery": 3, "entry": 0}
    faults = 0
    for last in range(1, 100):
        try:
            with fault_at(database, last):
                accept(
                    database, draft, destination=there, reference="AD-1", form_key="key", now=NOW, acknowledge_by="mail"
                )
        except RuntimeError:
            faults += 1
            assert count_rows(database) == dict.fromkeys(whole, 0)
        else:
            break
    assert faults > 5  # at each statement and at the end
    assert count_rows(database) == whole


def test_an_entry_and_all_that_belongs_to_it_are_stored_together_or_not_at_all(database: Database) -> None:
    there = Route(queue=QUEUE, channels=("mail", "rt"))
    accept(database, DRAFT, destination=there, reference="AD-1", form_key="key", now=NOW)
    before = count_rows(database)
    faults = 0
    for last in range(1, 100):
        try:
            with fault_at(database, last):
                say(database, kind=EntryKind.CLOSED, files=(LOG,))
        except RuntimeError:
            faults += 1
            assert count_rows(database) == before
            assert found(database).state == "new"
        else:
            break
    assert faults > 5
    assert found(database).state == "closed"
    added = {"entry": 1, "form_key": 1, "attachment": 1, "delivery": 2}
    assert count_rows(database) == {name: count + added.get(name, 0) for name, count in before.items()}


def test_tickets_are_listed_newest_first_by_queue_and_part(database: Database) -> None:
    for number in range(5):
        take(database, reference=f"AD-{number}", key=str(number))
    other = replace(QUEUE, id="identity")
    accept(database, DRAFT, destination=Route(queue=other), reference="AD-x", form_key="x", now=NOW)
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


def test_files_are_described_with_the_ticket_and_read_one_by_one(database: Database) -> None:
    take(database, draft=replace(DRAFT, attachments=(LOG, PICTURE)))
    log, picture = list_attachments(database, "AD-1")
    assert (replace(log, id=0), replace(picture, id=0)) == (LOG, PICTURE)
    assert (log.content, picture.content) == (b"", b"")  # nobody reads megabytes to list names
    stored = read_attachment(database, "AD-1", picture.id)
    assert stored is not None
    assert stored.content == PICTURE.content


def test_a_file_of_another_ticket_or_of_none_is_not_found(database: Database) -> None:
    take(database, draft=replace(DRAFT, attachments=(LOG,)))
    take(database, reference="AD-2", key="other")
    (log,) = list_attachments(database, "AD-1")
    assert read_attachment(database, "AD-2", log.id) is None
    assert read_attachment(database, "AD-1", log.id + 1) is None
    assert read_attachment(database, "AD-9", log.id) is None
    assert list_attachments(database, "AD-2") == list_attachments(database, "AD-9") == ()


def test_the_same_text_with_another_file_is_another_text(database: Database) -> None:
    take(database, draft=replace(DRAFT, attachments=(LOG,)))
    assert take(database, draft=replace(DRAFT, attachments=(LOG,))) == "AD-1"
    for files in ((), (PICTURE,), (LOG, PICTURE), (replace(LOG, name="other.txt"),)):
        with pytest.raises(FormKeyReused):
            take(database, draft=replace(DRAFT, attachments=files))


def test_a_ticket_is_found_by_the_hash_of_its_secret_alone(database: Database) -> None:
    accept(database, DRAFT, destination=THERE, reference="AD-1", form_key="key", now=NOW, secret_hash="5" * 64)
    take(database, reference="AD-2", key="of an earlier version")
    ticket = find_by_secret(database, "5" * 64)
    assert ticket is not None
    assert ticket.reference == "AD-1"
    assert find_by_secret(database, "6" * 64) is None
    assert find_by_secret(database, "") is None


def test_a_ticket_in_quarantine_is_kept_apart_and_told_to_nobody(database: Database) -> None:
    there = Route(queue=QUEUE, channels=("mail",))
    accept(
        database, DRAFT, destination=there, reference="AD-1", form_key="key", now=NOW, acknowledge_by="mail",
        judge=lambda _session: "too fast",
    )  # fmt: skip
    say(database)
    take(database, reference="AD-2", key="other")
    assert [ticket.reference for ticket in list_tickets(database).tickets] == ["AD-2"]
    (held,) = list_tickets(database, is_held=True).tickets
    assert (held.reference, held.quarantine) == ("AD-1", "too fast")
    assert list_deliveries(database) == ()
    assert [entry.text for entry in list_entries(database, "AD-1")] == ["Still broken."]


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_what_the_judge_counts_is_stored_with_the_ticket_or_not_at_all(database: Database) -> None:
    accept(database, DRAFT, destination=THERE, reference="AD-1", form_key="key", now=NOW, judge=count_one)
    with pytest.raises(StorageUnavailable):  # there is such a reference already
        accept(database, DRAFT, destination=THERE, reference="AD-1", form_key="other", now=NOW, judge=count_one)
    assert counted(database) == 1


def test_a_form_that_is_sent_again_is_counted_once(database: Database) -> None:
    for _ in range(3):
        accept(database, DRAFT, destination=THERE, reference="AD-1", form_key="key", now=NOW, judge=count_one)
    assert counted(database) == 1


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_ticket_waits_for_the_disk_though_what_is_counted_does_not(database: Database) -> None:
    waits: set[tuple[int | None, str | None]] = set()

    def look(connection: Connection) -> None:
        tickets = connection.scalar(select(func.count()).select_from(TicketRow))
        waits.add((tickets, connection.scalar(text("SHOW synchronous_commit"))))

    event.listen(database.engine, "commit", look)
    accept(database, DRAFT, destination=THERE, reference="AD-1", form_key="key", now=NOW, judge=count_one)
    assert {(0, "off"), (1, "on")} <= waits
    assert (1, "off") not in waits


def test_entries_are_listed_oldest_first_with_their_files(database: Database) -> None:
    take(database, draft=replace(DRAFT, attachments=(LOG,)))
    say(database, text="first", files=(PICTURE,))
    say(database, text="second", author=Author.TEAM)
    first, second = list_entries(database, "AD-1")
    assert (first.author, first.kind, first.text, first.created_at) == ("visitor", "comment", "first", NOW)
    assert (second.author, second.text, second.attachments) == ("team", "second", ())
    (picture,) = first.attachments
    assert replace(picture, id=0) == PICTURE
    assert [file.name for file in list_attachments(database, "AD-1")] == ["log.txt"]  # the ticket's own
    assert list_entries(database, "AD-2") == ()


def test_an_entry_sent_twice_is_one_entry_also_at_once(database: Database) -> None:
    take(database)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: say(database), range(8)))
    assert len(list_entries(database, "AD-1")) == 1


@pytest.mark.parametrize("change", [{"text": "Other."}, {"kind": EntryKind.CLOSED}, {"files": ("log",)}])
def test_the_same_key_with_another_entry_is_refused(database: Database, change: dict[str, Any]) -> None:
    take(database)
    say(database, key="one key")
    with pytest.raises(FormKeyReused, match="AD-1"):
        say(database, key="one key", **change | ({"files": (LOG,)} if "files" in change else {}))
    assert len(list_entries(database, "AD-1")) == 1


def test_the_key_of_a_ticket_opens_no_entry_and_the_other_way_round(database: Database) -> None:
    take(database)
    with pytest.raises(FormKeyReused):
        say(database, key="key")
    say(database, key="an entry's")
    with pytest.raises(FormKeyReused):
        take(database, reference="AD-2", key="an entry's")


def test_an_entry_of_no_ticket_changes_nothing(database: Database) -> None:
    take(database)
    before = count_rows(database)
    say(database, reference="AD-9")
    assert count_rows(database) == before


def test_a_ticket_is_new_until_the_team_answers_and_is_closed_and_opened_by_either(database: Database) -> None:
    take(database)
    states = []
    for author, kind in (
        (Author.VISITOR, EntryKind.COMMENT),
        (Author.TEAM, EntryKind.COMMENT),
        (Author.VISITOR, EntryKind.CLOSED),
        (Author.VISITOR, EntryKind.REOPENED),
        (Author.TEAM, EntryKind.CLOSED),
    ):
        say(database, author=author, kind=kind, text=f"{author} {kind} {len(states)}")
        ticket = found(database)
        states.append(str(ticket.state))
        assert (ticket.closed_at is None) == (ticket.state != "closed")
    assert states == ["new", "open", "closed", "open", "closed"]


def test_the_team_can_move_a_ticket(database: Database) -> None:
    take(database)
    entry = Entry(created_at=NOW, author=Author.TEAM, kind=EntryKind.COMMENT, text="Over to you.")
    other = replace(QUEUE, id="identity", level="L2")
    add_entry(database, "AD-1", entry, form_key="move", now=NOW, move_to=other)
    assert (found(database).queue, found(database).level) == ("identity", "L2")


def test_channels_are_told_what_the_visitor_adds_and_not_what_the_team_says(database: Database) -> None:
    there = Route(queue=QUEUE, channels=("mail", "rt"))
    accept(database, DRAFT, destination=there, reference="AD-1", form_key="key", now=NOW, acknowledge_by="ack")
    say(database, author=Author.TEAM, text="We look.")
    say(database)
    told = [(delivery.channel, str(delivery.purpose)) for delivery in reversed(list_deliveries(database))]
    assert sorted(told[:3]) == [("ack", "acknowledgement"), ("mail", "ticket"), ("rt", "ticket")]
    assert sorted(told[3:]) == [("mail", "entry"), ("rt", "entry")]


def count_one(session: Session) -> None:
    """Count a ticket, as a judge that holds nothing back."""
    count_in(session, [RateCounter(key="all", window=timedelta(hours=1))], enough=9, secret=b"secret", now=NOW)


def counted(database: Database) -> int | None:
    with database.reading() as session:
        return session.scalar(select(func.max(CountRow.count)))


def found(database: Database) -> Ticket:
    ticket = find_ticket(database, "AD-1")
    assert ticket is not None
    return ticket


def say(
    database: Database,
    *,
    reference: str = "AD-1",
    author: Author = Author.VISITOR,
    kind: EntryKind = EntryKind.COMMENT,
    text: str = "Still broken.",
    files: tuple[Attachment, ...] = (),
    key: str | None = None,
) -> None:
    entry = Entry(created_at=NOW, author=author, kind=kind, text=text, attachments=files)
    add_entry(database, reference, entry, form_key=key or f"key of {text}", now=NOW)


def count_rows(database: Database) -> dict[str, int]:
    tables = (TicketRow, TrailRow, FormKeyRow, AttachmentRow, DeliveryRow, EntryRow)
    with database.reading() as session:
        return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


@contextmanager
def fault_at(database: Database, last: int) -> Iterator[None]:
    """Fail before the statement with a number; the COMMIT counts too."""
    count = iter(range(1, 10**6))

    def fail(*_given: object) -> None:
        if next(count) == last:
            raise RuntimeError("fault")

    for moment in ("before_cursor_execute", "commit"):
        event.listen(database.engine, moment, fail)
    try:
        yield
    finally:
        for moment in ("before_cursor_execute", "commit"):
            event.remove(database.engine, moment, fail)
