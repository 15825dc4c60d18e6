"""Tickets that are held back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ticket_form.delivery.outbox import list_deliveries
from ticket_form.spam.quarantine import HeldTickets, is_rejected, list_held, measure_held, reject, release
from ticket_form.storage.database import Database
from ticket_form.storage.ticket_store import (
    accept,
    add_entry,
    find_ticket,
    list_attachments,
    list_entries,
    list_tickets,
)
from ticket_form.tickets.delivery_contract import Purpose
from ticket_form.tickets.routing import Queue, Route, Routing, Rule
from ticket_form.tickets.ticket import Attachment, Author, Entry, EntryKind, TicketDraft, TicketState
from ticket_form.tickets.trail import Trail

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
OLD = Queue(id="old", names={}, level="L1")
NETWORK = Queue(id="network", names={}, level="L2", channels=("mail", "desk"))
ROUTING = Routing(
    queues={"old": OLD, "network": NETWORK},
    rules=(Rule(category="network", language=None, queue="network"),),
    default="old",
    acknowledge_by="mail",
)
DRAFT = TicketDraft(
    language="ko",
    category="network",
    subject="VPN",
    description="It drops.",
    email="kim@example.com",
    name="Kim",
    trail=Trail(searches=("vpn",)),
    attachments=(Attachment(name="a.txt", media_type="text/plain", size=1, sha256="0" * 64, content=b"a"),),
)
Hold = Callable[..., str]


@pytest.fixture
def hold(database: Database) -> Hold:
    """Store a ticket that is held back."""

    def hold_it(reference: str = "AD-1", *, reason: str | None = "quick") -> str:
        return accept(
            database,
            DRAFT,
            destination=Route(queue=OLD, channels=("mail",)),
            reference=reference,
            form_key=f"key of {reference}",
            now=NOW,
            acknowledge_by="mail",
            judge=lambda _session: reason,
        )

    return hold_it


def told(database: Database) -> list[tuple[str, str]]:
    """Return which channels are to be told what, oldest first."""
    found = sorted(list_deliveries(database), key=lambda delivery: delivery.id)
    return [(delivery.channel, delivery.purpose) for delivery in found]


def say(database: Database, text: str, *, kind: EntryKind = EntryKind.COMMENT, author: Author = Author.VISITOR) -> None:
    entry = Entry(created_at=NOW, author=author, kind=kind, text=text)
    add_entry(database, "AD-1", entry, form_key=f"{kind} {text}", now=NOW)


def test_held_tickets_are_a_list_of_their_own_newest_first(database: Database, hold: Hold) -> None:
    for reference, reason in (("AD-1", "quick"), ("AD-2", None), ("AD-3", "trap"), ("AD-4", "address")):
        hold(reference, reason=reason)
    assert [ticket.reference for ticket in list_held(database).tickets] == ["AD-4", "AD-3", "AD-1"]
    page = list_held(database, limit=1, skip=1)
    assert ([ticket.quarantine for ticket in page.tickets], page.total) == (["trap"], 3)
    assert [ticket.reference for ticket in list_tickets(database).tickets] == ["AD-2"]


def test_nobody_is_told_of_a_held_ticket_and_it_is_kept_whole(database: Database, hold: Hold) -> None:
    hold()
    say(database, "Are you there?")
    assert told(database) == []
    assert [entry.text for entry in list_entries(database, "AD-1")] == ["Are you there?"]
    assert [file.name for file in list_attachments(database, "AD-1")] == ["a.txt"]


def test_a_released_ticket_goes_where_the_rules_say_now(database: Database, hold: Hold) -> None:
    hold()
    released = release(database, "AD-1", routing=ROUTING, now=LATER)
    assert released is not None
    assert (released.queue, released.level, released.state) == ("network", "L2", TicketState.NEW)
    assert released == find_ticket(database, "AD-1")
    assert list_held(database).total == 0
    assert [ticket.reference for ticket in list_tickets(database).tickets] == ["AD-1"]
    assert told(database) == [
        ("mail", Purpose.TICKET),
        ("desk", Purpose.TICKET),
        ("mail", Purpose.ACKNOWLEDGEMENT),
    ]


def test_what_the_visitor_said_meanwhile_follows_the_ticket_in_its_order(database: Database, hold: Hold) -> None:
    hold()
    say(database, "first")
    say(database, "the team's own note", author=Author.TEAM)
    say(database, "second")
    release(database, "AD-1", routing=ROUTING, now=LATER)
    entries = {entry.id: entry.text for entry in list_entries(database, "AD-1")}
    found = sorted(list_deliveries(database), key=lambda delivery: delivery.id)
    assert [delivery.purpose for delivery in found if delivery.channel == "desk"] == ["ticket", "entry", "entry"]
    assert len(found) == 3 + 4
    assert list(entries.values()) == ["first", "the team's own note", "second"]


def test_releasing_twice_tells_everybody_once(database: Database, hold: Hold) -> None:
    hold()
    assert release(database, "AD-1", routing=ROUTING, now=LATER)
    assert release(database, "AD-1", routing=ROUTING, now=LATER) is None
    assert len(told(database)) == 3


@pytest.mark.parametrize("reference", ["AD-1", "AD-9", ""])
def test_what_is_not_held_is_neither_released_nor_rejected(database: Database, hold: Hold, reference: str) -> None:
    hold(reason=None)
    assert release(database, reference, routing=ROUTING, now=LATER) is None
    assert reject(database, reference, now=LATER) is None
    found = find_ticket(database, "AD-1")
    assert found is not None
    assert (found.queue, found.state) == ("old", TicketState.NEW)


def test_a_rejected_ticket_is_kept_closed_and_marked_and_tells_nobody(database: Database, hold: Hold) -> None:
    hold()
    rejected = reject(database, "AD-1", now=LATER)
    assert rejected is not None
    assert is_rejected(rejected.quarantine)
    assert (rejected.state, rejected.closed_at) == (TicketState.CLOSED, LATER)
    assert (rejected.draft.description, told(database)) == ("It drops.", [])
    assert list_held(database).total == list_tickets(database).total == 0
    assert reject(database, "AD-1", now=LATER) == rejected


def test_a_rejected_ticket_can_still_be_released(database: Database, hold: Hold) -> None:
    hold()
    reject(database, "AD-1", now=LATER)
    released = release(database, "AD-1", routing=ROUTING, now=LATER)
    assert released is not None
    assert (released.state, released.closed_at, released.quarantine) == (TicketState.NEW, None, None)
    assert len(told(database)) == 3


def test_a_rejected_ticket_that_its_visitor_opens_again_is_looked_at_again(database: Database, hold: Hold) -> None:
    hold()
    reject(database, "AD-1", now=LATER)
    say(database, "I am no robot", kind=EntryKind.REOPENED)
    assert [ticket.reference for ticket in list_held(database).tickets] == ["AD-1"]
    assert told(database) == []


@pytest.mark.parametrize("kind", [EntryKind.REOPENED, EntryKind.COMMENT])
def test_what_somebody_must_look_at_is_counted_since_it_waits(database: Database, hold: Hold, kind: EntryKind) -> None:
    assert measure_held(database) == HeldTickets()
    hold("AD-1")
    hold("AD-2", reason=None)
    hold("AD-3", reason="trap")
    assert measure_held(database) == HeldTickets(count=2, oldest=NOW, newest=NOW)
    reject(database, "AD-1", now=NOW)
    reject(database, "AD-3", now=NOW)
    assert measure_held(database) == HeldTickets()
    entry = Entry(created_at=LATER, author=Author.VISITOR, kind=kind, text="It is real.")
    add_entry(database, "AD-1", entry, form_key="again", now=LATER)
    assert measure_held(database) == HeldTickets(count=1, oldest=LATER, newest=LATER)
