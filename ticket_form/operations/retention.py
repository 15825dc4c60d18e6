"""Erase what is personal: of tickets that were closed long ago, and of a person who asks for it.

Rows stay for the counts, without words, names, addresses, files and entries.
"""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute, Session, undefer

from ticket_form.errors import StorageUnavailable
from ticket_form.storage.database import Database
from ticket_form.storage.models import AttachmentRow, DeliveryRow, EntryRow, FormKeyRow, TicketRow, TrailRow
from ticket_form.tickets.ticket import TicketState

TICKETS_PER_TRANSACTION = 200  # tickets a transaction: others want to write too
ERASED = "[erased]"
_TABLES = ("ticket", "trail", "form_key", "entry", "attachment", "delivery")
# What visitors and the team write, wherever somebody's address may be quoted.
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
    """A copy of a ticket that another system was given."""

    reference: str
    channel: str
    remote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was erased about a person, and what is elsewhere."""

    tickets: int
    mentions: int
    """Texts of other people's tickets in which the address stood."""
    copies: tuple[Copy, ...]
    files_of: tuple[str, ...]
    """References of other people's tickets with a file that holds the address."""
    is_clean: bool
    """Nothing is left in the database's own files either."""


def retire(database: Database, *, keep: timedelta, now: datetime) -> int:
    """Erase the tickets that were closed longer ago than we keep them; return how many."""
    is_over = (
        (TicketRow.state == TicketState.CLOSED) & (TicketRow.closed_at < now - keep) & TicketRow.erased_at.is_(None)
    )
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
        _empty_log(database)
    return erased


def forget(database: Database, address: str, *, now: datetime) -> Forgotten:
    """Erase everything about the person with an e-mail address, also what waits to be sent."""
    is_theirs = func.lower(TicketRow.email) == address.lower()
    copies: list[Copy] = []
    with database.writing() as session:
        ids = session.scalars(select(TicketRow.id).where(is_theirs)).all()
        for part in _parts(ids):
            copies += _copies(session, part)
            _erase(session, part, now=now)
        mentions = sum(_replace(session, column, address) for column in _WORDS)
    is_clean = _rewrite(database)
    with database.reading() as session:
        files_of = _files_with(session, address)
    return Forgotten(tickets=len(ids), mentions=mentions, copies=tuple(copies), files_of=files_of, is_clean=is_clean)


def _erase(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    session.execute(delete(TrailRow).where(TrailRow.ticket_id.in_(ids)))
    session.execute(delete(AttachmentRow).where(AttachmentRow.ticket_id.in_(ids)))
    is_theirs = DeliveryRow.ticket_id.in_(ids)
    session.execute(delete(DeliveryRow).where(is_theirs, DeliveryRow.delivered_at.is_(None)))
    session.execute(update(DeliveryRow).where(is_theirs).values(error="", remote="", entry_id=None))
    # A used form key stays used, but what it says of the text goes.
    session.execute(update(FormKeyRow).where(FormKeyRow.ticket_id.in_(ids)).values(fingerprint=""))
    session.execute(delete(EntryRow).where(EntryRow.ticket_id.in_(ids)))
    session.execute(
        update(TicketRow)
        .where(TicketRow.id.in_(ids))
        .values(subject="", description="", email="", name="", secret_hash=None, erased_at=now)
    )


def _copies(session: Session, ids: Sequence[int]) -> list[Copy]:
    chosen = (
        select(TicketRow.reference, DeliveryRow.channel, DeliveryRow.remote)
        .join(TicketRow)
        .where(DeliveryRow.ticket_id.in_(ids), DeliveryRow.attempts > 0)  # one that failed may have arrived
        .order_by(DeliveryRow.id)
    )
    return [Copy(reference=name, channel=channel, remote=remote) for name, channel, remote in session.execute(chosen)]


def _replace(session: Session, column: InstrumentedAttribute[str], address: str) -> int:
    """Replace an address in the words of a column; return in how many rows it stood."""
    pattern = re.compile(re.escape(address), re.IGNORECASE)
    row_type = column.class_
    found = session.scalars(select(row_type).where(_holds(column, address))).all()
    for row in found:
        setattr(row, column.key, pattern.sub(ERASED, getattr(row, column.key)))
    session.flush()
    return len(found)


def _holds(column: InstrumentedAttribute[str], address: str) -> ColumnElement[bool]:
    return or_(column.icontains(address, autoescape=True), column.contains(address, autoescape=True))


def _files_with(session: Session, address: str) -> tuple[str, ...]:
    wanted = address.lower().encode()
    rows = session.execute(
        select(TicketRow.reference, AttachmentRow)
        .join(TicketRow, TicketRow.id == AttachmentRow.ticket_id)
        .options(undefer(AttachmentRow.content))
        .execution_options(yield_per=1)  # one file in memory at a time
    )
    return tuple(sorted({reference for reference, row in rows if wanted in row.content.lower()}))


def _parts(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + TICKETS_PER_TRANSACTION] for start in range(0, len(ids), TICKETS_PER_TRANSACTION)]


def _rewrite(database: Database) -> bool:
    """Have the database write its files anew, without what was erased; tell whether all of it is gone."""
    if database.is_sqlite:
        _run(database, "VACUUM")
        return _empty_log(database)
    try:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM {', '.join(_TABLES)}"))
    except SQLAlchemyError as error:
        raise StorageUnavailable(type(error).__name__) from error
    return True


def _empty_log(database: Database) -> bool:
    """Cut SQLite's log, which holds pages as they were; tell whether nobody was in the way."""
    if not database.is_sqlite:
        return True
    outcome = _run(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    return bool(outcome) and outcome[0] == 0


def _run(database: Database, statement: str) -> Sequence[int]:
    """Run a statement of SQLite's that no transaction may surround, when no other thread writes."""
    if not database.writer.acquire(timeout=database.patience):
        raise StorageUnavailable("other tickets are being written")
    try:
        connection = database.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(statement)
            row = cursor.fetchone()
            cursor.close()
            return tuple(row or ())
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StorageUnavailable(str(error)) from error
    finally:
        database.writer.release()
