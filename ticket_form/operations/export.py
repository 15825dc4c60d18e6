"""Export tickets: CSV for spreadsheets, JSON Lines for programs."""

import csv
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticket_form.errors import ConfigurationError
from ticket_form.storage.database import Database
from ticket_form.storage.models import EntryRow, TicketRow
from ticket_form.storage.ticket_store import entry_of, list_files, ticket_of
from ticket_form.tickets.ticket import Attachment, Entry, Ticket

TICKETS_PER_READ = 200
Record = dict[str, object]
# First characters of a formula; East Asian spreadsheets also accept them in full width.
_FORMULA = frozenset("=+-@\t\r\n\0＝＋－＠")
_SKIPPED = " \"'\u00a0\u3000\ufeff"  # a spreadsheet may strip these first


def export(database: Database, path: Path, *, queue: str | None = None) -> int:
    """Write all tickets, or those of a queue, oldest first; return how many. The file is complete or absent.

    Raises:
        ConfigurationError: the file's name ends in neither .csv nor .jsonl, or it cannot be written.
    """
    writers = {".csv": _write_csv, ".jsonl": _write_lines}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise ConfigurationError(f"{path}: is no format of ours. Let the name end in {' or '.join(writers)}.")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        # Tickets are personal data: only the owner may read the file.
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline=""
        ) as file:
            count = write(file, _records(database, queue))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written ({error.strerror}). Choose another place.") from error
    finally:
        draft.unlink(missing_ok=True)
    return count


def safe_cell(value: str) -> str:
    """Return text that no spreadsheet evaluates as a formula (CSV injection)."""
    is_formula = value[:1] in _FORMULA or value.lstrip(_SKIPPED)[:1] in _FORMULA
    return f"'{value}" if value and is_formula else value


def _write_csv(file: TextIO, records: Iterable[Record]) -> int:
    file.write("\ufeff")  # byte order mark: spreadsheets then read UTF-8
    # All quoted, so that a comma, a semicolon or a line break never starts a cell.
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    count = 0
    for record in records:
        writer.writerow([safe_cell(_flat(record[column])) for column in COLUMNS])
        count += 1
    return count


def _write_lines(file: TextIO, records: Iterable[Record]) -> int:
    count = 0
    for record in records:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
        count += 1
    return count


def _flat(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(
            json.dumps(item, ensure_ascii=False) if isinstance(item, dict) else str(item) for item in value
        )
    return "" if value is None else str(value)


def _records(database: Database, queue: str | None) -> Iterator[Record]:
    """Read tickets in batches, each in a short transaction: a long one would keep the WAL from being truncated."""
    last = 0
    while True:
        chosen = select(TicketRow).where(TicketRow.id > last).order_by(TicketRow.id).limit(TICKETS_PER_READ)
        chosen = chosen if queue is None else chosen.where(TicketRow.queue == queue)
        part: list[Record] = []
        with database.reading() as session:
            for row in session.scalars(chosen):
                part.append(_record(session, row))
                last = row.id
        yield from part
        if len(part) < TICKETS_PER_READ:
            return


def _record(session: Session, row: TicketRow) -> Record:
    files = list_files(session, row.id)
    entries = session.scalars(select(EntryRow).where(EntryRow.ticket_id == row.id).order_by(EntryRow.id))
    said = [entry_of(entry, files.get(entry.id, ())) for entry in entries]
    return record_of(ticket_of(row), files.get(None, ()), said)


def record_of(ticket: Ticket, files: Iterable[Attachment] = (), entries: Iterable[Entry] = ()) -> Record:
    """Return a ticket as plain values, without the content of its files."""
    draft = ticket.draft
    return {
        "reference": ticket.reference,
        "created_at": ticket.created_at.isoformat(),
        "state": str(ticket.state),
        "queue": ticket.queue,
        "level": ticket.level,
        "language": draft.language,
        "category": draft.category,
        "service": draft.service,
        "subject": draft.subject,
        "description": draft.description,
        "email": draft.email,
        "name": draft.name,
        "searches": list(draft.trail.searches),
        "articles": list(draft.trail.articles),
        "files": [file.name for file in files],
        "entries": [
            {
                "created_at": entry.created_at.isoformat(),
                "author": str(entry.author),
                "kind": str(entry.kind),
                "text": entry.text,
                "files": [file.name for file in entry.attachments],
            }
            for entry in entries
        ],
        "quarantine": ticket.quarantine,
        "closed_at": ticket.closed_at and ticket.closed_at.isoformat(),
        "erased_at": ticket.erased_at and ticket.erased_at.isoformat(),
    }


COLUMNS = (
    "reference", "created_at", "state", "queue", "level", "language", "category", "service", "subject", "description",
    "email", "name", "searches", "articles", "files", "entries", "quarantine", "closed_at", "erased_at",
)  # fmt: skip
