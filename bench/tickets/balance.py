"""Compare what visitors were told with what the database holds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from ticket_form.storage.database import Database, is_postgresql, open_database

# Each ticket has all of these, or the transaction was torn.
TORN = """
SELECT count(*) FROM ticket WHERE
  NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.ticket_id = ticket.id)
  OR NOT EXISTS (SELECT 1 FROM form_key WHERE form_key.ticket_id = ticket.id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What a database holds beside what was acknowledged."""

    acknowledged: int
    stored: int
    lost: int
    """Acknowledged and not there, or not under its reference."""
    doubled: int
    """More than one ticket of the same form."""
    torn: int
    """Tickets without their delivery or form key."""
    integrity: str


def compare(where: str, acknowledged: Mapping[str, str]) -> Balance:
    """Open a database, as after a restart, and compare."""
    database = open_database(where if is_postgresql(where) else Path(where))
    try:
        return compare_open(database, acknowledged)
    finally:
        database.close()


def compare_open(database: Database, acknowledged: Mapping[str, str]) -> Balance:
    """Compare with an open database."""
    with database.reading() as session:
        rows = session.execute(text("SELECT subject, reference FROM ticket")).all()
        torn = session.scalar(text(TORN)) or 0
        integrity = str(session.scalar(text("PRAGMA integrity_check"))) if database.is_sqlite else "ok"
    stored = {(subject, reference) for subject, reference in rows}
    times = Counter(subject for subject, _ in rows)
    return Balance(
        acknowledged=len(acknowledged),
        stored=len(rows),
        lost=sum((subject, reference) not in stored for subject, reference in acknowledged.items()),
        doubled=sum(number > 1 for number in times.values()),
        torn=int(torn),
        integrity=integrity,
    )
