"""Tickets that are held back as suspected spam, until somebody of the team releases or rejects them."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.orm import Session

from ticket_form.storage.database import Database
from ticket_form.storage.deliveries import add_deliveries, add_entry_deliveries
from ticket_form.storage.models import EntryRow, TicketRow
from ticket_form.storage.ticket_store import TicketPage, ticket_of
from ticket_form.tickets.routing import Routing
from ticket_form.tickets.ticket import Author, Ticket, TicketState

REJECTED = "rejected"
"""Begins the reason of a ticket that was looked at and is kept, but goes nowhere."""


def list_held(database: Database, *, limit: int | None = None, skip: int = 0) -> TicketPage:
    """Return the tickets that somebody must look at, newest first."""
    held = select(TicketRow).where(TicketRow.quarantine.is_not(None), TicketRow.erased_at.is_(None), not_(_is_done()))
    with database.reading() as session:
        total = session.scalar(select(func.count()).select_from(held.subquery())) or 0
        rows = session.scalars(held.order_by(TicketRow.id.desc()).limit(limit).offset(skip))
        return TicketPage(tickets=tuple(ticket_of(row) for row in rows), total=total)


def release(database: Database, reference: str, *, routing: Routing, now: datetime) -> Ticket | None:
    """Send a held ticket where the rules say now, with what its visitor added since; None if it is not held.

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
    """Close a held ticket and keep it, marked; None if it is not held. It can still be released.

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
    """Tell whether a ticket was looked at and found to be spam."""
    return (reason or "").startswith(f"{REJECTED} ")


def _find(session: Session, reference: str) -> TicketRow | None:
    held = (TicketRow.reference == reference, TicketRow.quarantine.is_not(None), TicketRow.erased_at.is_(None))
    return session.scalar(select(TicketRow).where(*held).with_for_update())


def _is_done() -> ColumnElement[bool]:
    # A visitor who opens a rejected ticket again is most likely none that sends spam: somebody looks once more.
    return and_(TicketRow.quarantine.startswith(f"{REJECTED} "), TicketRow.state == TicketState.CLOSED)
