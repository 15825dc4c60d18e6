"""Decide when a report is due, and let one worker alone send it.

Alerts are found anew at each check, so nothing is lost with a process. Only times are stored: a row for each kind of
alert, with the time of its last report, and a row while a report is being sent.

1. A new kind of alert is reported at once, whatever else was reported.
2. It is reported again after an hour if there are newer instances, otherwise once a day.
3. A time ahead of the clock was written by a wrong clock, and is ignored.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ticket_form.delivery.outbox import LEASE, MAX_SKEW
from ticket_form.operations.alerts import Alert
from ticket_form.storage.database import Database
from ticket_form.storage.models import ClockRow

AGAIN_AFTER = timedelta(hours=1)
REMIND_AFTER = timedelta(days=1)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_BEGUN, _RESTS = "begun", "rests until"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportClaim:
    """A report leased to this worker; `begun` is the same at every attempt."""

    reader: str
    begun: datetime


def is_due(alert: Alert, told: datetime | None, *, now: datetime) -> bool:
    """Return whether an alert that was last reported at `told` is to be reported again."""
    if told is None or told > now + MAX_SKEW or now - told >= REMIND_AFTER:
        return True
    is_more = alert.newest is not None and alert.newest > told - MAX_SKEW
    return is_more and now - told >= AGAIN_AFTER


def claim_report(
    database: Database, reader: str, alerts: Sequence[Alert], *, now: datetime, quiet: Collection[str] = ()
) -> ReportClaim | None:
    """Lease the report to a reader, such as the channel "mail"; None if it is not due or another worker has it.

    Alerts of the kinds in `quiet` make no report due. A failed report is tried again when its lease ends.

    Raises:
        StorageUnavailable: the database does not answer.
    """
    with database.reading() as session:  # most checks find nothing to do and should not write
        known = _read(session, reader)
    loud = [alert for alert in alerts if alert.kind not in quiet]
    if not _is_any_due(loud, known, now) and not _past(alerts, known, now):
        return None
    with database.writing() as session:
        _lock(session, reader)
        known = _read(session, reader)
        past = _past(alerts, known, now)
        session.execute(delete(ClockRow).where(ClockRow.name.in_([_name(reader, kind) for kind in past])))
        rests_until = known.get(_RESTS, NEVER)
        is_resting = now < rests_until <= now + LEASE + MAX_SKEW
        if is_resting or not _is_any_due(loud, known, now):
            return None
        begun = known.get(_BEGUN, now)
        _write(session, reader, {_BEGUN: begun, _RESTS: now + LEASE})
        return ReportClaim(reader=reader, begun=begun)


def mark_told(database: Database, claim: ReportClaim, alerts: Sequence[Alert], *, now: datetime) -> None:
    """Record that a report was sent."""
    with database.writing() as session:
        _lock(session, claim.reader)
        _write(session, claim.reader, {**dict.fromkeys((alert.kind for alert in alerts), now), _RESTS: NEVER})
        session.execute(delete(ClockRow).where(ClockRow.name == _name(claim.reader, _BEGUN)))


def _is_any_due(alerts: Sequence[Alert], known: dict[str, datetime], now: datetime) -> bool:
    return any(is_due(alert, known.get(alert.kind), now=now) for alert in alerts)


def _past(alerts: Sequence[Alert], known: dict[str, datetime], now: datetime) -> list[str]:
    """Return the kinds that are over; if they come back, they are new."""
    waiting = {str(alert.kind) for alert in alerts}
    return [
        kind
        for kind, told in known.items()
        if kind not in (*waiting, _BEGUN, _RESTS) and not timedelta(0) <= now - told < AGAIN_AFTER
    ]


def _read(session: Session, reader: str) -> dict[str, datetime]:
    rows = session.execute(
        select(ClockRow.name, ClockRow.seen_at).where(ClockRow.name.startswith(_name(reader, ""), autoescape=True))
    )
    return {name.removeprefix(_name(reader, "")): seen_at for name, seen_at in rows}


def _lock(session: Session, reader: str) -> None:
    """Lock the reader's rows until this transaction ends."""
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    row = {"name": _name(reader, _RESTS), "seen_at": NEVER}
    session.execute(insert(ClockRow).values(row).on_conflict_do_nothing())
    session.execute(select(ClockRow).where(ClockRow.name == row["name"]).with_for_update())


def _write(session: Session, reader: str, times: dict[str, datetime]) -> None:
    for name, time in times.items():
        session.merge(ClockRow(name=_name(reader, name), seen_at=time))


def _name(reader: str, what: str) -> str:
    return f"report to {reader}: {what}"
