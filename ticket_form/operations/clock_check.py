"""Check whether the clock can be trusted before anything is erased by age.

A clock that is a year ahead makes every closed ticket old enough to be erased. The last trusted time is stored every
hour; without one, the time of the newest ticket or entry is used.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticket_form.errors import TicketFormError
from ticket_form.storage.database import Database
from ticket_form.storage.models import ClockRow, EntryRow, TicketRow

MAX_GAP = timedelta(days=1)
LAST_ROWS = 100
_RETENTION = "retention"
_KNOWN_NEWEST = "newest"  # of what was stored when somebody said that the clock is right


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockJump:
    """A difference of more than `MAX_GAP` between the clock and the last known time."""

    now: datetime
    known: datetime

    def __str__(self) -> str:
        return (
            f"the clock says {self.now:%Y-%m-%d %H:%M} UTC, the last time known is {self.known:%Y-%m-%d %H:%M} UTC. "
            "Correct the clock; or, if it is right and nothing ran for so long, "
            'run "ticket-form retire --clock-is-right".'
        )


class ClockUntrusted(TicketFormError):
    """Erase nothing: the clock jumped, or the desk did not run for long."""

    def __init__(self, jump: ClockJump) -> None:
        super().__init__(f"nothing was erased: {jump}")
        self.jump = jump


def find_jump(database: Database, *, now: datetime) -> ClockJump | None:
    """Return the clock's jump from the last known time, or None if it is at most `MAX_GAP` in either direction."""
    with database.reading() as session:
        newest = _newest(session)
        row = session.get(ClockRow, _RETENTION)
        last = row.seen_at if row else newest
        excused = session.get(ClockRow, _KNOWN_NEWEST)
        is_ahead = newest is not None and newest > now and (excused is None or newest > excused.seen_at)
    for known in (last, newest if is_ahead else None):
        if known and abs(now - known) > MAX_GAP:
            return ClockJump(now=now, known=known)
    return None


def trust(database: Database, *, now: datetime) -> None:
    """Store the current time as trusted, and accept later times of tickets that are stored already."""
    with database.writing() as session:
        session.merge(ClockRow(name=_RETENTION, seen_at=now))
        newest = _newest(session)
        if newest is not None and newest > now:
            session.merge(ClockRow(name=_KNOWN_NEWEST, seen_at=newest))


def demand_clock(database: Database, *, now: datetime) -> None:
    """Store the current time as trusted, if there was no jump.

    Raises:
        ClockUntrusted: there was one.
        StorageUnavailable: the database does not answer.
    """
    jump = find_jump(database, now=now)
    if jump:
        raise ClockUntrusted(jump)
    trust(database, now=now)


def _newest(session: Session) -> datetime | None:
    """Return the latest time among the newest tickets and entries."""
    times = []
    for row in (TicketRow, EntryRow):
        last = select(row.created_at).order_by(row.id.desc()).limit(LAST_ROWS).subquery()
        times.append(session.scalar(select(func.max(last.c.created_at))))
    return max(filter(None, times), default=None)
