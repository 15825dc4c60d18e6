"""Quarantine: tickets held as suspected spam until an agent releases or rejects them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, not_, select, type_coerce
from sqlalchemy.orm import Session

from ticket_form.storage.database import Database
from ticket_form.storage.deliveries import add_deliveries, add_entry_deliveries
from ticket_form.storage.models import EntryRow, TicketRow, UtcTime
from ticket_form.storage.ticket_store import TicketPage, ticket_of
from ticket_form.tickets.routing import Routing
from ticket_form.tickets.ticket import Author, EntryKind, Ticket, TicketState

REJECTED = "rejected"
"""Prefix of the reason of a rejected ticket, which is kept but not delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTickets:
    """The number of held tickets, and since when the oldest and the newest of them wait."""

    count: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None


def measure_held(database: Database) -> HeldTickets:
    """Count the held tickets; a rejected one that its visitor reopened waits since then."""
    last = select(func.max(EntryRow.created_at)).where(EntryRow.ticket_id == TicketRow.id)
    reopened = last.where(EntryRow.kind == EntryKind.REOPENED).scalar_subquery()
    written = last.where(EntryRow.author == Author.VISITOR).scalar_subquery()  # which reopens a closed ticket
    is_again = TicketRow.quarantine.startswith(f"{REJECTED} ")
    since = case((is_again, func.coalesce(reopened, written, TicketRow.created_at)), else_=TicketRow.created_at)
    oldest, newest = (type_coerce(bound(since), UtcTime()) for bound in (func.min, func.max))
    with database.reading() as session:
        found = session.execute(select(func.count(), oldest, newest).where(_needs_a_look())).one()
    return HeldTickets(count=found[0], oldest=found[1], newest=found[2])


def count_reasons(database: Database) -> dict[str, int]:
    """Return the number of held tickets by reason."""
    chosen = select(TicketRow.quarantine, func.count()).where(_needs_a_look()).group_by(TicketRow.quarantine)
    with database.reading() as session:
        return {str(reason): count for reason, count in session.execute(chosen)}


def list_held(database: Database, *, limit: int | None = None, skip: int = 0) -> TicketPage:
    """Return the held tickets, newest first."""
    held = select(TicketRow).where(_needs_a_look())
    with database.reading() as session:
        total = session.scalar(select(func.count()).select_from(held.subquery())) or 0
        rows = session.scalars(held.order_by(TicketRow.id.desc()).limit(limit).offset(skip))
        return TicketPage(tickets=tuple(ticket_of(row) for row in rows), total=total)


def release(database: Database, reference: str, *, routing: Routing, now: datetime) -> Ticket | None:
    """Release a held ticket: route it by the current rules, with its entries so far; None if it is not held.

    Raises:
        StorageUnavailable: nothing was changed.
    """
    with database.writing() as session:
        row = _find(session, reference)
        if row is None:
            return None
        route = routing.route(row.category, row.language, row.service)
        row.queue, row.level = route.queue.id, route.queue.level
        if is_rejected(row.quarantine):
            row.state, row.closed_at = TicketState.NEW, None
        row.quarantine = None
        add_deliveries(session, row.id, route.channels, acknowledge_by=routing.acknowledge_by, now=now)
        added = (EntryRow.ticket_id == row.id, EntryRow.author == Author.VISITOR)
        for entry in session.scalars(select(EntryRow.id).where(*added).order_by(EntryRow.id)):
            add_entry_deliveries(session, row.id, route.channels, entry_id=entry, now=now)
        return ticket_of(row)


def reject(database: Database, reference: str, *, now: datetime) -> Ticket | None:
    """Reject a held ticket: close and mark it; None if it is not held. It can still be released.

    Raises:
        StorageUnavailable: nothing was changed.
    """
    with database.writing() as session:
        row = _find(session, reference)
        if row is None:
            return None
        if not is_rejected(row.quarantine):
            row.quarantine = f"{REJECTED} {row.quarantine}"
        row.state, row.closed_at = TicketState.CLOSED, now
        return ticket_of(row)


def is_rejected(reason: str | None) -> bool:
    """Return whether a quarantine reason is that of a rejected ticket."""
    return (reason or "").startswith(f"{REJECTED} ")


def _find(session: Session, reference: str) -> TicketRow | None:
    held = (TicketRow.reference == reference, TicketRow.quarantine.is_not(None), TicketRow.erased_at.is_(None))
    return session.scalar(select(TicketRow).where(*held).with_for_update())


def _needs_a_look() -> ColumnElement[bool]:
    return and_(TicketRow.quarantine.is_not(None), TicketRow.erased_at.is_(None), not_(_is_done()))


def _is_done() -> ColumnElement[bool]:
    # A visitor who reopens a rejected ticket is probably no spammer: it needs another review.
    return and_(TicketRow.quarantine.startswith(f"{REJECTED} "), TicketRow.state == TicketState.CLOSED)
