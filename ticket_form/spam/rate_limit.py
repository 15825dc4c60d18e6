"""Count how often something is done in fixed windows of time, for all processes and machines together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sqlalchemy import TextClause, bindparam, delete, select, text, tuple_
from sqlalchemy.orm import Session

from ticket_form.secrets.signing import derive_key
from ticket_form.storage.database import Database, relax_durability
from ticket_form.storage.models import CountRow, UtcTime

SWEPT = 500  # expired rows at once, at most: whoever starts a window does not wait for a flood to be cleaned up


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCounter:
    """What is counted, such as "tickets from 192.0.2.7", and for how long."""

    key: str
    window: timedelta
    ahead: int = 0
    """Counted in a later window: 1 is the next."""


def take(database: Database, key: str, *, limit: int, window: timedelta, secret: bytes, now: datetime) -> bool:
    """Count one more, and tell whether the limit of this window still holds."""
    return count(database, [RateCounter(key=key, window=window)], enough=limit, secret=secret, now=now)[0] <= limit


def count(
    database: Database, counters: Sequence[RateCounter], *, enough: int, secret: bytes, now: datetime
) -> tuple[int, ...]:
    """Count one more for each, and return how often each was counted in its window, this time included.

    Nothing is counted beyond one more than enough: a flood then writes nothing, and costs no disk.
    """
    with database.writing() as session:
        relax_durability(session)
        return count_in(session, counters, enough=enough, secret=secret, now=now)


def count_in(
    session: Session, counters: Sequence[RateCounter], *, enough: int, secret: bytes, now: datetime
) -> tuple[int, ...]:
    """Count as `count` does, in a transaction that is open already."""
    keys = [_row_key(counter, secret=secret, now=now) for counter in counters]
    rows = dict(zip(keys, counters, strict=True))
    found = _add(session, rows, enough=enough)
    if 1 in found.values():  # a window begins: a good time to forget old ones
        _sweep(session, now=now)
    return tuple(found.get(key, enough + 1) for key in keys)


def spend_in(
    session: Session, limits: Mapping[RateCounter, int], *, amount: int, secret: bytes, now: datetime
) -> bool:  # fmt: skip
    """Add an amount to all counters, or to none and return False if it would be too much for the limit of one."""
    keys = {_row_key(counter, secret=secret, now=now): counter for counter in limits}
    chosen = tuple_(CountRow.key, CountRow.window).in_(list(keys))
    # Locked in one order, or two machines wait for each other; a row that is not there yet is counted from nothing.
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
    """Return what a counter's row is called; addresses cannot be told from it without the secret."""
    seconds = int(counter.window.total_seconds())
    began = (int(now.timestamp()) // seconds + counter.ahead) * seconds
    # The length is in the name, since an hour and its first minute begin together.
    return derive_key(secret, f"count {seconds} {counter.key}"), began


def _add(session: Session, rows: Mapping[RowKey, RateCounter], *, enough: int, amount: int = 1) -> dict[RowKey, int]:
    """Count; rows that have enough are not returned."""
    values: dict[str, object] = {"enough": enough, "amount": amount}
    for number, (key, began) in enumerate(sorted(rows)):  # in one order, or two machines wait for each other
        ends_at = datetime.fromtimestamp(began, UTC) + rows[key, began].window
        values |= {f"key{number}": key, f"began{number}": began, f"ends{number}": ends_at}
    counted = session.connection().execute(_adding(len(rows)), values)
    return {(key, began): number for key, began, number in counted}


@lru_cache
def _adding(number: int) -> TextClause:
    """Write the statement that counts so many rows: SQLAlchemy's own for a list is written anew each time, and slow."""
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
        .limit(SWEPT)
        .with_for_update(skip_locked=True)  # another machine sweeps too
    )
    session.execute(delete(CountRow).where(tuple_(CountRow.key, CountRow.window).in_(expired)))
