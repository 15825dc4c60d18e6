"""Every query. Takes and returns records, never rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticket_form.database import Database
from ticket_form.errors import FormKeyReused
from ticket_form.models import FormKeyRow, TicketRow, TrailRow
from ticket_form.routing import Queue
from ticket_form.tickets import Ticket, TicketDraft, TicketState
from ticket_form.trail import Trail


class TrailKind(StrEnum):
    """What an entry of the trail is."""

    SEARCH = "search"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some tickets, and how many there are in all."""

    tickets: tuple[Ticket, ...]
    total: int


def accept(
    database: Database, draft: TicketDraft, *, queue: Queue, reference: str, form_key: str, now: datetime
) -> str:
    """Store a ticket, its trail and its form key, and return the reference; the same form again returns the first."""
    with database.writing() as session:
        used = session.get(FormKeyRow, form_key)
        if used is None:
            _save(session, _row(draft, queue=queue, reference=reference, now=now), form_key=form_key, draft=draft)
            return reference
        if used.fingerprint != draft.fingerprint():
            raise FormKeyReused(used.ticket.reference)
        return used.ticket.reference


def list_tickets(database: Database, *, queue: str | None = None, limit: int | None = None, skip: int = 0) -> Page:
    """Return tickets, newest first, of one queue or of all."""
    chosen = select(TicketRow) if queue is None else select(TicketRow).where(TicketRow.queue == queue)
    with database.reading() as session:
        total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
        rows = session.scalars(chosen.order_by(TicketRow.id.desc()).limit(limit).offset(skip))
        return Page(tickets=tuple(_ticket(row) for row in rows), total=total)


def find_ticket(database: Database, reference: str) -> Ticket | None:
    """Return the ticket with a reference."""
    with database.reading() as session:
        row = session.scalar(select(TicketRow).where(TicketRow.reference == reference))
        return _ticket(row) if row else None


def _save(session: Session, row: TicketRow, *, form_key: str, draft: TicketDraft) -> None:
    session.add(row)
    session.flush()
    session.add(FormKeyRow(key=form_key, fingerprint=draft.fingerprint(), ticket_id=row.id))


def _row(draft: TicketDraft, *, queue: Queue, reference: str, now: datetime) -> TicketRow:
    return TicketRow(
        reference=reference,
        created_at=now,
        state=TicketState.NEW,
        queue=queue.id,
        level=queue.level,
        language=draft.language,
        category=draft.category,
        subject=draft.subject,
        description=draft.description,
        email=draft.email,
        name=draft.name,
        trail=[
            TrailRow(position=position, kind=kind, text=text)
            for position, (kind, text) in enumerate(_entries(draft.trail), start=1)
        ],
    )


def _entries(trail: Trail) -> Iterator[tuple[TrailKind, str]]:
    yield from ((TrailKind.SEARCH, search) for search in trail.searches)
    yield from ((TrailKind.ARTICLE, article) for article in trail.articles)


def _ticket(row: TicketRow) -> Ticket:
    trail = Trail(
        searches=tuple(entry.text for entry in row.trail if entry.kind == TrailKind.SEARCH),
        articles=tuple(entry.text for entry in row.trail if entry.kind == TrailKind.ARTICLE),
    )
    draft = TicketDraft(
        language=row.language,
        category=row.category,
        subject=row.subject,
        description=row.description,
        email=row.email,
        name=row.name,
        trail=trail,
    )
    return Ticket(
        reference=row.reference,
        created_at=row.created_at,
        state=TicketState(row.state),
        queue=row.queue,
        level=row.level,
        draft=draft,
    )
