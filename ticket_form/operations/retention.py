"""Erase personal data: of tickets closed long ago, and of a person who requests it.

Rows are kept for statistics, without text, names, addresses, files and entries.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, undefer

from ticket_form.operations.free_pages import keeps_compact, release_pages
from ticket_form.storage.database import Database
from ticket_form.storage.models import AttachmentRow, Base, DeliveryRow, EntryRow, FormKeyRow, TicketRow, TrailRow
from ticket_form.tickets.address import address_key, address_pattern, is_ascii_pattern
from ticket_form.tickets.ticket import Missing, TicketState

TICKETS_PER_TRANSACTION = 20  # keeps transactions short for other writers
ROWS_PER_TRANSACTION = 200
ERASED = "[erased]"
# Text of visitors and the team, in which an address may be quoted.
_WORDS: tuple[InstrumentedAttribute[str], ...] = (
    TicketRow.subject,
    TicketRow.description,
    TicketRow.name,
    TrailRow.text,
    EntryRow.text,
    AttachmentRow.name,
    DeliveryRow.error,
    DeliveryRow.remote,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy of a ticket that was sent to another system."""

    reference: str
    channel: str
    remote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """The result of erasing a person's data, and the copies in other systems."""

    tickets: int
    mentions: int
    """Number of texts in other people's tickets that contained the address."""
    copies: tuple[Copy, ...]
    files_of: tuple[str, ...]
    """References of other people's tickets with a file that contains the address."""
    is_clean: bool
    """No erased content is left in the database's files."""
    is_compact: bool
    """Free pages are returned to the disk."""


def retire(database: Database, *, keep: timedelta, now: datetime) -> int:
    """Erase the tickets that were closed longer than `keep` ago; return how many."""
    is_over = (
        (TicketRow.state == TicketState.CLOSED) & (TicketRow.closed_at < now - keep) & TicketRow.erased_at.is_(None)
    )
    _erase_files(database, is_over)
    erased = 0
    while True:
        with database.writing() as session:
            ids = session.scalars(
                select(TicketRow.id).where(is_over).order_by(TicketRow.id).limit(TICKETS_PER_TRANSACTION)
            ).all()
            _erase(session, ids, now=now)
        erased += len(ids)
        if len(ids) < TICKETS_PER_TRANSACTION:
            break
    if erased:
        release_pages(database)
    return erased


def expire_held_files(database: Database, *, keep: timedelta, now: datetime) -> int:
    """Erase the files of tickets that were held for longer than `keep`; return the number of tickets. Texts stay."""
    came = func.coalesce(EntryRow.created_at, TicketRow.created_at)
    chosen = (
        select(AttachmentRow.id)
        .join(TicketRow, TicketRow.id == AttachmentRow.ticket_id)
        .outerjoin(EntryRow, EntryRow.id == AttachmentRow.entry_id)
        .where(TicketRow.quarantine.is_not(None), AttachmentRow.missing.is_(None), came < now - keep)
    )
    with database.reading() as session:
        files = session.scalars(chosen).all()
    expired = 0
    for file in files:
        with database.writing() as session:  # one ticket at a time; it may have been released meanwhile
            still = session.scalar(chosen.where(AttachmentRow.id == file))
            if still is not None:
                values = {"content": b"", "missing": Missing.EXPIRED}
                session.execute(update(AttachmentRow).where(AttachmentRow.id == file).values(values))
                expired += 1
    if expired:
        release_pages(database)
    return expired


def forget(database: Database, address: str, *, now: datetime) -> Forgotten:
    """Erase everything about the person with an e-mail address, pending deliveries included."""
    is_theirs = TicketRow.email_key == address_key(address)
    _erase_files(database, is_theirs)
    copies: list[Copy] = []
    erased = 0
    while True:  # in batches, so that other writers do not wait for all of it
        with database.writing() as session:
            ids = session.scalars(select(TicketRow.id).where(is_theirs).limit(TICKETS_PER_TRANSACTION)).all()
            copies += _copies(session, ids)
            _erase(session, ids, now=now)
        erased += len(ids)
        if not ids:
            break
    mentions = sum(_replace(database, column, address) for column in _WORDS)
    is_clean = release_pages(database)
    with database.reading() as session:
        files_of = _files_with(session, address)
    return Forgotten(
        tickets=erased, mentions=mentions, copies=tuple(copies), files_of=files_of, is_clean=is_clean,
        is_compact=keeps_compact(database),
    )  # fmt: skip


def _erase_files(database: Database, chosen: ColumnElement[bool]) -> None:
    """Erase the files of tickets, one in each transaction: overwriting megabytes takes time."""
    with database.reading() as session:
        files = session.scalars(select(AttachmentRow.id).join(TicketRow).where(chosen)).all()
    for file in files:
        with database.writing() as session:
            session.execute(delete(AttachmentRow).where(AttachmentRow.id == file))


def _erase(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    session.execute(delete(TrailRow).where(TrailRow.ticket_id.in_(ids)))
    session.execute(delete(AttachmentRow).where(AttachmentRow.ticket_id.in_(ids)))
    is_theirs = DeliveryRow.ticket_id.in_(ids)
    session.execute(delete(DeliveryRow).where(is_theirs, DeliveryRow.delivered_at.is_(None)))
    session.execute(update(DeliveryRow).where(is_theirs).values(error="", remote="", entry_id=None))
    # A used form key stays used; only the hash of the text is erased.
    session.execute(update(FormKeyRow).where(FormKeyRow.ticket_id.in_(ids)).values(fingerprint=""))
    session.execute(delete(EntryRow).where(EntryRow.ticket_id.in_(ids)))
    session.execute(
        update(TicketRow)
        .where(TicketRow.id.in_(ids))
        .values(subject="", description="", email="", email_key="", name="", secret_hash=None, erased_at=now)
    )


def _copies(session: Session, ids: Sequence[int]) -> list[Copy]:
    chosen = (
        select(TicketRow.reference, DeliveryRow.channel, DeliveryRow.remote)
        .join(TicketRow)
        .where(DeliveryRow.ticket_id.in_(ids), DeliveryRow.attempts > 0)  # a failed one may have arrived
        .order_by(DeliveryRow.id)
    )
    return [Copy(reference=name, channel=channel, remote=remote) for name, channel, remote in session.execute(chosen)]


def _replace(database: Database, column: InstrumentedAttribute[str], address: str) -> int:
    """Replace an address in the texts of a column; return the number of changed rows."""
    row_type, pattern = column.class_, address_pattern(address)
    keys = [key.name for key in row_type.__table__.primary_key]
    with database.reading() as session:  # the search takes long and must not block writers
        chosen = select(*(getattr(row_type, key) for key in keys), column)
        if is_ascii_pattern(address):
            chosen = chosen.where(column.icontains(address_key(address), autoescape=True))
        rows = session.execute(chosen.execution_options(yield_per=500))
        found = [tuple(row)[:-1] for row in rows if pattern.search(row[-1])]
    for start in range(0, len(found), ROWS_PER_TRANSACTION):
        with database.writing() as session:
            for key in found[start : start + ROWS_PER_TRANSACTION]:
                row = session.get(cast(type[Base], row_type), key)
                if row is not None:
                    setattr(row, column.key, pattern.sub(ERASED, getattr(row, column.key)))
    return len(found)


def _files_with(session: Session, address: str) -> tuple[str, ...]:
    pattern = address_pattern(address)
    rows = session.execute(
        select(TicketRow.reference, AttachmentRow)
        .join(TicketRow, TicketRow.id == AttachmentRow.ticket_id)
        .options(undefer(AttachmentRow.content))
        .execution_options(yield_per=1)  # one file in memory at a time
    )
    return tuple(sorted({reference for reference, row in rows if _holds(row.content, pattern)}))


def _holds(content: bytes, pattern: re.Pattern[str]) -> bool:
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "latin-1")
    return any(pattern.search(content.decode(encoding, "replace")) for encoding in encodings)
