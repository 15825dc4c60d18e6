"""Count events in fixed time windows, shared by all processes and machines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sqlalchemy import TextClause, bindparam, delete, select, text, tuple_
from sqlalchemy.orm import Session

from ticket_form.secrets.signing import derive_key
from ticket_form.storage.database import Database, relax_durability
from ticket_form.storage.models import CountRow, UtcTime

MAX_ROWS_PER_SWEEP = 500  # expired rows deleted at once, so that nobody waits for the clean-up of a flood


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCounter:
    """A counter: its key, such as "tickets from 192.0.2.7", and its time window."""

    key: str
    window: timedelta
    ahead: int = 0
    """Number of windows ahead of the current one; 1 is the next."""


def take(database: Database, key: str, *, limit: int, window: timedelta, secret: bytes, now: datetime) -> bool:
    """Count one event, and return whether the limit of this window still holds."""
    return count(database, [RateCounter(key=key, window=window)], enough=limit, secret=secret, now=now)[0] <= limit


def count(
    database: Database, counters: Sequence[RateCounter], *, enough: int, secret: bytes, now: datetime
) -> tuple[int, ...]:
    """Count one event in each counter, and return their counts in the current windows, this event included.

    Counting stops one above `enough`, so that a flood causes no writes.
    """
    with database.writing() as session:
        relax_durability(session)
        return count_in(session, counters, enough=enough, secret=secret, now=now)


def count_in(
    session: Session, counters: Sequence[RateCounter], *, enough: int, secret: bytes, now: datetime
) -> tuple[int, ...]:
    """Count as `count` does, within an open transaction."""
    keys = [_row_key(counter, secret=secret, now=now) for counter in counters]
    rows = dict(zip(keys, counters, strict=True))
    found = _add(session, rows, enough=enough)
    if 1 in found.values():  # a new window: a good time to delete expired ones
        _sweep(session, now=now)
    return tuple(found.get(key, enough + 1) for key in keys)


def spend_in(
    session: Session, limits: Mapping[RateCounter, int], *, amount: int, secret: bytes, now: datetime
) -> bool:  # fmt: skip
    """Add an amount to all counters; if that would exceed a limit, add it to none and return False."""
    keys = {_row_key(counter, secret=secret, now=now): counter for counter in limits}
    chosen = tuple_(CountRow.key, CountRow.window).in_(list(keys))
    # Locked in a fixed order to avoid deadlocks; a missing row counts as zero.
    rows = select(CountRow).where(chosen).order_by(CountRow.key, CountRow.window).with_for_update()
    spent = {(row.key, row.window): row.count for row in session.scalars(rows)}
    if any(spent.get(key, 0) + amount > limits[counter] for key, counter in keys.items()):
        return False
    _add(session, keys, amount=amount, enough=max(limits.values()))
    if len(spent) < len(keys):
        _sweep(session, now=now)
    return True


RowKey = tuple[str, int]


def _row_key(counter: RateCounter, *, secret: bytes, now: datetime) -> RowKey:
    """Return the primary key of a counter; without the secret it does not reveal an address."""
    seconds = int(counter.window.total_seconds())
    began = (int(now.timestamp()) // seconds + counter.ahead) * seconds
    # The key includes the window's length, since an hour and its first minute begin together.
    return derive_key(secret, f"count {seconds} {counter.key}"), began


def _add(session: Session, rows: Mapping[RowKey, RateCounter], *, enough: int, amount: int = 1) -> dict[RowKey, int]:
    """Count; rows that have reached `enough` are not returned."""
    values: dict[str, object] = {"enough": enough, "amount": amount}
    for number, (key, began) in enumerate(sorted(rows)):  # in a fixed order to avoid deadlocks
        ends_at = datetime.fromtimestamp(began, UTC) + rows[key, began].window
        values |= {f"key{number}": key, f"began{number}": began, f"ends{number}": ends_at}
    counted = session.connection().execute(_adding(len(rows)), values)
    return {(key, began): number for key, began, number in counted}


@lru_cache
def _adding(number: int) -> TextClause:
    """Return the upsert for a number of rows; SQLAlchemy would compile its own for a list each time, which is slow."""
    rows = ", ".join(f"(:key{n}, :began{n}, :ends{n}, :amount)" for n in range(number))
    adding = text(
        f'INSERT INTO count AS known (key, "window", ends_at, count) VALUES {rows} '  # noqa: S608 - our own names
        'ON CONFLICT (key, "window") DO UPDATE SET count = known.count + :amount WHERE known.count <= :enough '
        'RETURNING key, "window", count'
    )
    return adding.bindparams(*(bindparam(f"ends{n}", type_=UtcTime()) for n in range(number)))


def _sweep(session: Session, *, now: datetime) -> None:
    expired = (
        select(CountRow.key, CountRow.window)
        .where(CountRow.ends_at < now)
        .limit(MAX_ROWS_PER_SWEEP)
        .with_for_update(skip_locked=True)  # another machine may do the same
    )
    session.execute(delete(CountRow).where(tuple_(CountRow.key, CountRow.window).in_(expired)))
