"""Store and read tickets, as records of the domain and never as rows."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Insert, Row, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from ticket_form.errors import FormKeyReused, StorageUnavailable
from ticket_form.storage.database import Database, relax_durability
from ticket_form.storage.deliveries import add_deliveries, add_entry_deliveries, hand_over, holding_channels
from ticket_form.storage.models import AttachmentRow, Base, EntryRow, FormKeyRow, TicketRow, TrailRow
from ticket_form.tickets.address import address_key
from ticket_form.tickets.routing import Queue, Route
from ticket_form.tickets.ticket import Attachment, Author, Entry, EntryKind, Missing, Ticket, TicketDraft, TicketState
from ticket_form.tickets.trail import Trail

Stored = TypeVar("Stored")
Refuse = Callable[[Session, int], Missing | None]
_USED = (
    select(FormKeyRow.fingerprint, FormKeyRow.entry_id, TicketRow.reference)
    .join(FormKeyRow.ticket)
    .where(FormKeyRow.key == bindparam("form_key"))
)


class TrailKind(StrEnum):
    """The kind of a trail entry."""

    SEARCH = "search"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPage:
    """A page of tickets, and the total number."""

    tickets: tuple[Ticket, ...]
    total: int


def accept(
    database: Database,
    draft: TicketDraft,
    *,
    destination: Route,
    reference: str,
    form_key: str,
    now: datetime,
    secret_hash: str | None = None,
    acknowledge_by: str | None = None,
    judge: Callable[[Session], str | None] = lambda _session: None,
    refuse: Refuse = lambda _session, _size: None,
) -> str:
    """Store a ticket with its files, its form key and its deliveries, and return the reference.

    The same form again returns the first reference (idempotent). `judge` returns the reason to hold a new ticket, which
    then has no deliveries until it is released; `refuse` the reason to leave out files of a size in bytes. Both count
    within the ticket's transaction; with PostgreSQL in one before it, so that others need not wait for this ticket's
    disk flush before they can count.

    Raises:
        FormKeyReused: the key was used for another text.
        StorageUnavailable: nothing was stored.
        Exception: whatever `judge` raises; nothing was stored.
    """
    fingerprint = draft.fingerprint()

    def assess(session: Session) -> tuple[str | None, Missing | None]:
        return judge(session), refuse(session, _bytes_of(draft.attachments))

    if not database.is_sqlite and not is_used(database, form_key):
        with database.writing() as session:
            relax_durability(session)
            assessed = assess(session)
        assess = lambda session: assessed  # noqa: ARG005, E731

    def store(session: Session) -> str:
        used = session.connection().execute(_USED, {"form_key": form_key}).one_or_none()
        if used is not None:
            if used.fingerprint != fingerprint or used.entry_id is not None:
                raise FormKeyReused(used.reference)
            return cast(str, used.reference)
        quarantine, missing = assess(session)
        ticket = _values(draft, queue=destination.queue, reference=reference, now=now)
        adding = session.connection().execute(
            _into(TicketRow), {**ticket, "secret_hash": secret_hash, "quarantine": quarantine}
        )
        ticket_id: int = cast(Row[Any], adding.inserted_primary_key)[0]
        _insert(session, FormKeyRow, [{"key": form_key, "fingerprint": fingerprint, "ticket_id": ticket_id}])
        _insert(session, TrailRow, _trail_values(draft.trail, ticket_id))
        _add_files(session, draft.attachments, ticket_id=ticket_id, missing=missing)
        if quarantine is None:
            add_deliveries(session, ticket_id, destination.channels, acknowledge_by=acknowledge_by, now=now)
        return reference

    return _once(database, store)


def add_entry(
    database: Database,
    reference: str,
    entry: Entry,
    *,
    form_key: str,
    now: datetime,
    move_to: Queue | None = None,
    refuse: Refuse = lambda _session, _size: None,
) -> None:
    """Store an entry of a ticket, and close, reopen or move the ticket accordingly.

    A visitor's entry is delivered to the channels that have the ticket; a move delivers it to the new queue's channels.

    `refuse` returns the reason to leave out files of a size in bytes, or None.

    The same form again changes nothing, nor does an unknown reference.

    Raises:
        FormKeyReused: the key was used for another text.
        StorageUnavailable: nothing was stored.
    """
    fingerprint = _entry_fingerprint(reference, entry)

    def store(session: Session) -> None:
        used = session.get(FormKeyRow, form_key)
        if used is not None:
            if used.fingerprint != fingerprint:
                raise FormKeyReused(used.ticket.reference)
            return
        ticket = session.scalar(select(TicketRow).where(TicketRow.reference == reference).with_for_update())
        if ticket is None or ticket.erased_at is not None:
            return
        row = EntryRow(ticket_id=ticket.id, created_at=now, author=entry.author, kind=entry.kind, text=entry.text)
        session.add(row)
        session.flush()
        session.add(FormKeyRow(key=form_key, fingerprint=fingerprint, ticket_id=ticket.id, entry_id=row.id))
        missing = refuse(session, _bytes_of(entry.attachments))
        _add_files(session, entry.attachments, ticket_id=ticket.id, entry_id=row.id, missing=missing)
        _apply(entry, ticket, now=now, move_to=move_to)
        if ticket.quarantine is not None:
            return  # when released, it goes to the channels of its queue at that time
        if move_to is not None:
            hand_over(session, ticket.id, move_to.channels, entry_id=row.id, now=now)
        elif entry.author == Author.VISITOR:
            add_entry_deliveries(session, ticket.id, holding_channels(session, ticket.id), entry_id=row.id, now=now)

    _once(database, store)


def is_used(database: Database, form_key: str) -> bool:
    """Return whether a form with this key was stored."""
    with database.reading() as session:
        return session.get(FormKeyRow, form_key) is not None


def list_tickets(
    database: Database, *, queue: str | None = None, state: TicketState | None = None, limit: int | None = None,
    skip: int = 0, is_held: bool = False,
) -> TicketPage:  # fmt: skip
    """Return tickets, newest first, filtered by queue and state: either those in quarantine or all others."""
    chosen = select(TicketRow).where(TicketRow.quarantine.is_not(None) if is_held else TicketRow.quarantine.is_(None))
    chosen = chosen if queue is None else chosen.where(TicketRow.queue == queue)
    chosen = chosen if state is None else chosen.where(TicketRow.state == state)
    with database.reading() as session:
        total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
        rows = session.scalars(chosen.order_by(TicketRow.id.desc()).limit(limit).offset(skip))
        return TicketPage(tickets=tuple(ticket_of(row) for row in rows), total=total)


def find_ticket(database: Database, reference: str) -> Ticket | None:
    """Return the ticket with a reference."""
    with database.reading() as session:
        row = session.scalar(select(TicketRow).where(TicketRow.reference == reference))
        return ticket_of(row) if row else None


def find_by_secret(database: Database, secret_hash: str, *, closed_after: datetime | None = None) -> Ticket | None:
    """Return the ticket whose status secret has this hash, unless it was erased or closed before `closed_after`."""
    # A single statement takes the same time whatever the reason for finding nothing.
    chosen = select(TicketRow).where(TicketRow.secret_hash == secret_hash, TicketRow.erased_at.is_(None))
    if closed_after is not None:
        chosen = chosen.where(TicketRow.closed_at.is_(None) | (TicketRow.closed_at > closed_after))
    with database.reading() as session:
        row = session.scalar(chosen)
        return ticket_of(row) if row else None


def forget_secret(database: Database, reference: str) -> None:
    """Invalidate the URL of a ticket's status page for good."""
    with database.writing() as session:
        session.execute(update(TicketRow).where(TicketRow.reference == reference).values(secret_hash=None))


def list_entries(database: Database, reference: str) -> tuple[Entry, ...]:
    """Return a ticket's entries, oldest first, with file descriptions."""
    with database.reading() as session:
        ticket = session.scalar(select(TicketRow.id).where(TicketRow.reference == reference))
        rows = session.scalars(select(EntryRow).where(EntryRow.ticket_id == ticket).order_by(EntryRow.id))
        files = list_files(session, ticket) if ticket is not None else {}
        return tuple(entry_of(row, files.get(row.id, ())) for row in rows)


def list_attachments(database: Database, reference: str) -> tuple[Attachment, ...]:
    """Return the descriptions of the files of the ticket itself, without those of entries."""
    with database.reading() as session:
        ticket = session.scalar(select(TicketRow.id).where(TicketRow.reference == reference))
        return list_files(session, ticket).get(None, ()) if ticket is not None else ()


def read_attachment(database: Database, reference: str, attachment: int) -> Attachment | None:
    """Return a file with its content; None if the content is not stored or the file is another ticket's."""
    chosen = (
        select(AttachmentRow)
        .join(TicketRow, TicketRow.id == AttachmentRow.ticket_id)
        .where(TicketRow.reference == reference, AttachmentRow.id == attachment, AttachmentRow.missing.is_(None))
        .options(undefer(AttachmentRow.content))
    )
    with database.reading() as session:
        row = session.scalar(chosen)
        return attachment_of(row, content=row.content) if row else None


def list_files(session: Session, ticket_id: int) -> dict[int | None, tuple[Attachment, ...]]:
    """Return the descriptions of a ticket's files by entry id; None is the ticket itself."""
    found: dict[int | None, tuple[Attachment, ...]] = {}
    rows = session.scalars(select(AttachmentRow).where(AttachmentRow.ticket_id == ticket_id).order_by(AttachmentRow.id))
    for row in rows:
        found[row.entry_id] = (*found.get(row.entry_id, ()), attachment_of(row))
    return found


def attachment_of(row: AttachmentRow, *, content: bytes = b"") -> Attachment:
    """Return the record of a file."""
    return Attachment(
        id=row.id, name=row.name, media_type=row.media_type, size=row.size, sha256=row.sha256, content=content,
        missing=Missing(row.missing) if row.missing else None,
    )  # fmt: skip


def entry_of(row: EntryRow, files: tuple[Attachment, ...] = ()) -> Entry:
    """Return the record of an entry."""
    return Entry(
        id=row.id, created_at=row.created_at, author=Author(row.author), kind=EntryKind(row.kind), text=row.text,
        attachments=files,
    )  # fmt: skip


def _once(database: Database, store: Callable[[Session], Stored]) -> Stored:
    """Store in one transaction; on a conflict with another use of the form key, return what that stored."""
    try:
        with database.writing() as session:
            return store(session)
    except StorageUnavailable as error:
        if not isinstance(error.__cause__, IntegrityError):
            raise
    with database.writing() as session:
        return store(session)


def _apply(entry: Entry, ticket: TicketRow, *, now: datetime, move_to: Queue | None) -> None:
    """Apply an entry to its ticket's state."""
    ticket.state = _state_after(entry, TicketState(ticket.state))
    if ticket.state != TicketState.CLOSED:
        ticket.closed_at = None
    elif entry.kind == EntryKind.CLOSED:
        ticket.closed_at = now
    if move_to is not None:
        ticket.queue, ticket.level = move_to.id, move_to.level


def _state_after(entry: Entry, state: TicketState) -> TicketState:
    if entry.kind == EntryKind.CLOSED:
        return TicketState.CLOSED
    if entry.kind == EntryKind.REOPENED:
        return TicketState.OPEN
    if entry.kind == EntryKind.MOVED:
        return state
    # A visitor's entry reopens a closed ticket: nobody looks at closed ones.
    return TicketState.OPEN if entry.author == Author.TEAM or state == TicketState.CLOSED else state


def _entry_fingerprint(reference: str, entry: Entry) -> str:
    files = [(file.name, file.sha256) for file in entry.attachments]
    written = json.dumps([reference, entry.author, entry.kind, entry.text, files])
    return hashlib.sha256(written.encode()).hexdigest()


def _bytes_of(files: Iterable[Attachment]) -> int:
    return sum(file.size for file in files)


def _add_files(
    session: Session, files: Iterable[Attachment], *, ticket_id: int, entry_id: int | None = None,
    missing: Missing | None = None,
) -> None:  # fmt: skip
    """Store files; of those left out only the description."""
    values = (
        {
            "ticket_id": ticket_id, "entry_id": entry_id, "name": file.name, "media_type": file.media_type,
            "size": file.size, "sha256": file.sha256, "content": b"" if missing else file.content, "missing": missing,
        }
        for file in files
    )  # fmt: skip
    _insert(session, AttachmentRow, values)


def _insert(session: Session, table: type[Base], rows: Iterable[Mapping[str, object]]) -> None:
    """Insert rows through Core, not the ORM, whose objects would take longer than all else."""
    values = list(rows)
    if values:
        session.connection().execute(_into(table), values)


@cache
def _into(table: type[Base]) -> Insert:
    return insert(table.__table__)  # type: ignore[arg-type]


def _values(draft: TicketDraft, *, queue: Queue, reference: str, now: datetime) -> dict[str, object]:
    return {
        "reference": reference,
        "created_at": now,
        "state": TicketState.NEW,
        "queue": queue.id,
        "level": queue.level,
        "language": draft.language,
        "category": draft.category,
        "service": draft.service,
        "subject": draft.subject,
        "description": draft.description,
        "email": draft.email,
        "email_key": address_key(draft.email),
        "name": draft.name,
    }


def _trail_values(trail: Trail, ticket_id: int) -> Iterator[dict[str, object]]:
    entries = [(TrailKind.SEARCH, search) for search in trail.searches]
    entries += [(TrailKind.ARTICLE, article) for article in trail.articles]
    for position, (kind, text) in enumerate(entries, start=1):
        yield {"ticket_id": ticket_id, "position": position, "kind": kind, "text": text}


def ticket_of(row: TicketRow) -> Ticket:
    """Return the record of a ticket."""
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
        service=row.service,
    )
    return Ticket(
        reference=row.reference,
        created_at=row.created_at,
        state=TicketState(row.state),
        queue=row.queue,
        level=row.level,
        draft=draft,
        quarantine=row.quarantine,
        has_status_page=row.secret_hash is not None,
        closed_at=row.closed_at,
        erased_at=row.erased_at,
    )
