"""The outbox: deliveries are claimed for a time, sent and marked; tried again later, or put aside as dead."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased, undefer

from ticket_form.delivery.backoff import (
    FAILURES_TO_REST,
    MAX_ATTEMPTS,
    MAX_RETRY_AFTER,
    pause_after,
    rest_after,
)
from ticket_form.errors import DeliveryError, PermanentFailure, Unreachable
from ticket_form.storage.database import Database
from ticket_form.storage.models import AttachmentRow, ChannelRow, DeliveryRow, EntryRow, FormKeyRow, TicketRow
from ticket_form.storage.ticket_store import attachment_of, entry_of, ticket_of
from ticket_form.tickets.delivery_contract import OutboundMessage, Purpose

LEASE = timedelta(minutes=3)  # longer than the time-outs of any channel
MAX_SKEW = timedelta(
    minutes=2
)  # between the clocks of several machines; times further ahead were written by a clock that was wrong
MAX_ERROR_CHARACTERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery leased to this worker, and the form key that the ticket's status secret derives from."""

    id: int
    channel: str
    lease: str
    attempts: int
    message: OutboundMessage
    form_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A delivery as an operator sees it."""

    id: int
    reference: str
    channel: str
    purpose: Purpose
    created_at: datetime
    due_at: datetime | None
    attempts: int
    delivered_at: datetime | None
    dead_at: datetime | None
    dropped_at: datetime | None
    error: str
    remote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """The backlog of a channel, and whether it is paused or resting."""

    name: str
    waiting: int
    dead: int
    oldest: datetime | None
    """When the oldest pending delivery was created."""
    paused_at: datetime | None = None
    failures: int = 0
    rests_until: datetime | None = None


def claim(database: Database, channel: str, *, now: datetime, lease_for: timedelta = LEASE) -> Claim | None:
    """Lease the delivery of a channel that is due longest; None if nothing is due or the channel is paused or resting.

    Deliveries of one ticket keep their order. After failures a single delivery probes the channel. Times that a wrong
    clock wrote too far ahead are ignored.
    """
    with database.writing() as session:
        state = session.scalar(select(ChannelRow).where(ChannelRow.name == channel).with_for_update())
        if state and (state.paused_at or _rests(state, now)):
            return None
        row = _next_due(session, channel, now)
        if row is None:
            return None
        if state and state.failures >= FAILURES_TO_REST and state.failing_ticket is None:
            state.rests_until, state.failed_at = now + lease_for, now  # others wait for the result of this probe
        row.lease, row.due_at, row.attempts = secrets.token_hex(8), now + lease_for, row.attempts + 1
        session.flush()
        return Claim(
            id=row.id,
            channel=channel,
            lease=row.lease,
            attempts=row.attempts,
            message=_message(session, row),
            form_key=_form_key(session, row.ticket_id),
        )


def _next_due(session: Session, channel: str, now: datetime) -> DeliveryRow | None:
    """Return the longest due delivery; mark as dead any whose attempts all ended without a result."""
    while True:
        row = session.scalar(_due(channel, now).limit(1).with_for_update(skip_locked=True))
        if row is None or row.attempts < MAX_ATTEMPTS:
            return row
        row.dead_at, row.due_at, row.lease = now, None, None
        row.error = f"begun {row.attempts} times, and no worker came to an end with it"
        session.flush()


def mark_delivered(database: Database, claim: Claim, *, remote: str, now: datetime) -> bool:
    """Mark a delivery as delivered; return whether the lease was still ours."""
    with database.writing() as session:
        _reopen(session, claim.channel)
        changed = session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == claim.id, DeliveryRow.lease == claim.lease)
            .values(delivered_at=now, due_at=None, lease=None, failed_at=None, error="", remote=remote)
        )
        return bool(changed.rowcount)  # type: ignore[attr-defined]


def mark_failed(
    database: Database, claim: Claim, error: DeliveryError, *, now: datetime, chance: float
) -> datetime | None:
    """Record a failed attempt and return when the delivery is tried again; None if it is dead."""
    with database.writing() as session:
        row = session.scalar(
            select(DeliveryRow).where(DeliveryRow.id == claim.id, DeliveryRow.lease == claim.lease).with_for_update()
        )
        if row is None:  # the lease expired and another worker has it
            return now
        attempts = claim.attempts
        if isinstance(error, Unreachable) and not _fails_alone(session, row, now):
            due: datetime | None = _blame_channel(session, row, error, now=now, chance=chance)
            # An outage uses up no attempt. One stays counted, to mark the next attempt as a retry.
            attempts = max(1, attempts - 1)
        else:
            is_dead = isinstance(error, PermanentFailure) or attempts >= MAX_ATTEMPTS
            due = None if is_dead else now + min(max(pause_after(attempts, chance), error.wait), MAX_RETRY_AFTER)
            if not isinstance(error, Unreachable):  # the channel answered, so it works
                _reopen(session, claim.channel)
        row.due_at, row.lease, row.attempts, row.failed_at = due, None, attempts, now
        row.dead_at, row.error = None if due else now, str(error)[:MAX_ERROR_CHARACTERS]
    return due


def _blame_channel(session: Session, row: DeliveryRow, error: Unreachable, *, now: datetime, chance: float) -> datetime:
    """Count a failure of a channel and return when the delivery is tried again.

    The channel rests only when several tickets failed in a row: one that fails alone may be the reason itself.
    """
    state = _channel_row(session, row.channel)
    if state.failures == 0:
        state.failing_ticket = row.ticket_id
    elif state.failing_ticket not in (None, row.ticket_id):
        state.failing_ticket, state.failures = None, 1  # failures of a single ticket say nothing about the channel
    state.failures += 1
    state.failed_at = now
    due = now + min(max(rest_after(state.failures, chance), error.wait), MAX_RETRY_AFTER)
    state.rests_until = due if state.failures >= FAILURES_TO_REST and state.failing_ticket is None else None
    return due


def _fails_alone(session: Session, row: DeliveryRow, now: datetime) -> bool:
    """Return whether the channel delivered others since this delivery last failed: then the fault is the delivery's.

    What others were sent under a clock that was ahead tells nothing.
    """
    if row.failed_at is None:
        return False
    others = (DeliveryRow.channel == row.channel, DeliveryRow.ticket_id != row.ticket_id)
    since = DeliveryRow.delivered_at.between(row.failed_at, now + MAX_SKEW)
    return bool(session.scalar(select(exists().where(*others, since))))


def _rests(state: ChannelRow, now: datetime) -> bool:
    if state.rests_until is None or state.rests_until <= now:
        return False
    return state.failed_at is None or state.failed_at <= now + MAX_SKEW


def list_deliveries(
    database: Database, *, reference: str | None = None, channel: str | None = None, only: str | None = None,
    limit: int | None = None,
) -> tuple[Delivery, ...]:  # fmt: skip
    """Return deliveries, newest first; `only` is "waiting", "dead", "dropped" or "delivered"."""
    chosen = select(DeliveryRow, TicketRow.reference).join(TicketRow).order_by(DeliveryRow.id.desc())
    for condition in (
        TicketRow.reference == reference if reference else None,
        DeliveryRow.channel == channel if channel else None,
        _condition(only) if only else None,
    ):
        chosen = chosen if condition is None else chosen.where(condition)
    with database.reading() as session:
        return tuple(_delivery(row, name) for row, name in session.execute(chosen.limit(limit)))


def list_channels(database: Database, names: Iterable[str] = ()) -> tuple[ChannelState, ...]:
    """Return the state of each channel that is named or has deliveries, by name."""
    waiting = _is_waiting()
    counts = select(
        DeliveryRow.channel,
        func.count().filter(waiting),
        func.count().filter(DeliveryRow.dead_at.is_not(None)),
        func.min(DeliveryRow.created_at).filter(waiting),
    ).group_by(DeliveryRow.channel)
    with database.reading() as session:
        counted = {name: (due, dead, oldest) for name, due, dead, oldest in session.execute(counts)}
        states = {row.name: row for row in session.scalars(select(ChannelRow))}
        found = []
        for name in sorted({*names, *counted, *states}):
            due, dead, oldest = counted.get(name, (0, 0, None))
            row = states.get(name) or ChannelRow(name=name, failures=0)
            found.append(
                ChannelState(
                    name=name, waiting=due, dead=dead, oldest=oldest,
                    paused_at=row.paused_at, failures=row.failures, rests_until=row.rests_until,
                )
            )  # fmt: skip
        return tuple(found)


def replay(database: Database, *, now: datetime, ids: Iterable[int] = (), channel: str | None = None) -> int:
    """Make deliveries due now: those with the given numbers in any undelivered state, or all dead ones of a channel.

    Returns how many. Attempts are reset, except that the next one stays a retry: the delivery may have arrived.
    """
    if channel:
        chosen = (DeliveryRow.channel == channel) & DeliveryRow.dead_at.is_not(None)
    else:
        chosen = DeliveryRow.id.in_(tuple(ids)) & (
            DeliveryRow.dead_at.is_not(None)
            | DeliveryRow.dropped_at.is_not(None)
            | (DeliveryRow.delivered_at.is_(None) & DeliveryRow.lease.is_(None))
        )
    with database.writing() as session:
        changed = session.execute(
            update(DeliveryRow)
            .where(chosen)
            .values(
                dead_at=None, dropped_at=None, due_at=now, failed_at=None,
                attempts=case((DeliveryRow.attempts > 0, 1), else_=0),
            )
        )  # fmt: skip
        return int(changed.rowcount)  # type: ignore[attr-defined]


def park(database: Database, number: int, *, reason: str, now: datetime) -> bool:
    """Park a delivery until it is replayed; later deliveries of its ticket to this channel wait for it."""
    return _put_aside(database, number, now=now, dead_at=now, error=f"parked: {reason}")


def drop(database: Database, number: int, *, reason: str, now: datetime) -> bool:
    """Drop a delivery; later deliveries of its ticket go on. It stays listed and can be replayed."""
    return _put_aside(database, number, now=now, dead_at=None, dropped_at=now, error=f"dropped: {reason}")


def _put_aside(database: Database, number: int, *, now: datetime, error: str, **times: datetime | None) -> bool:
    """Make a delivery no longer due; return False if it does not exist, is delivered or is being sent."""
    is_free = DeliveryRow.lease.is_(None) | (DeliveryRow.due_at <= now)
    with database.writing() as session:
        changed = session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == number, DeliveryRow.delivered_at.is_(None), is_free)
            .values(due_at=None, lease=None, error=error[:MAX_ERROR_CHARACTERS], **times)
        )
        return bool(changed.rowcount)  # type: ignore[attr-defined]


def pause(database: Database, channel: str, *, now: datetime) -> None:
    """Send nothing by a channel until it is resumed."""
    with database.writing() as session:
        state = _channel_row(session, channel)
        state.paused_at = state.paused_at or now


def resume(database: Database, channel: str) -> None:
    """Let a channel send again, at once."""
    with database.writing() as session:
        session.execute(
            update(ChannelRow)
            .where(ChannelRow.name == channel)
            .values(paused_at=None, failures=0, failed_at=None, failing_ticket=None, rests_until=None)
        )


def _channel_row(session: Session, name: str) -> ChannelRow:
    """Return a channel's row, locked; insert it if missing, also while another worker inserts it."""
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(ChannelRow).values(name=name).on_conflict_do_nothing())
    return session.scalars(select(ChannelRow).where(ChannelRow.name == name).with_for_update()).one()


def _reopen(session: Session, channel: str) -> None:
    """Clear a channel's failures, if any; without failures nothing is written, so workers do not block each other."""
    failing = (ChannelRow.name == channel, (ChannelRow.failures > 0) | ChannelRow.rests_until.is_not(None))
    session.execute(
        update(ChannelRow).where(*failing).values(failures=0, failed_at=None, failing_ticket=None, rests_until=None)
    )


def _due(channel: str, now: datetime) -> Select[DeliveryRow]:
    """Select due deliveries, oldest first, without those that wait for an earlier one of the same ticket.

    Acknowledgements are independent of that order: a ticket is stored whatever the team was told.
    """
    before = aliased(DeliveryRow)
    has_before = exists().where(
        before.ticket_id == DeliveryRow.ticket_id,
        before.channel == DeliveryRow.channel,
        before.id < DeliveryRow.id,
        before.delivered_at.is_(None),
        before.dropped_at.is_(None),
        before.purpose != Purpose.ACKNOWLEDGEMENT,
    )
    ahead = now + MAX_SKEW
    was_wrong = (  # written by a clock that was ahead: as a new row, a failure or a lease
        (DeliveryRow.created_at > ahead)
        | (DeliveryRow.failed_at > ahead)
        | (DeliveryRow.lease.is_not(None) & (DeliveryRow.due_at > ahead + LEASE))
        | (DeliveryRow.due_at > ahead + MAX_RETRY_AFTER)
    )
    is_due = DeliveryRow.due_at.is_not(None) & ((DeliveryRow.due_at <= now) | was_wrong)
    is_due &= DeliveryRow.channel == channel
    is_free = (DeliveryRow.purpose == Purpose.ACKNOWLEDGEMENT) | ~has_before
    return select(DeliveryRow).where(is_due, is_free).order_by(DeliveryRow.due_at, DeliveryRow.id)


def _message(session: Session, row: DeliveryRow) -> OutboundMessage:
    purpose = Purpose(row.purpose)
    entry = session.get(EntryRow, row.entry_id) if row.entry_id is not None else None
    is_moved_here = purpose == Purpose.TICKET and entry is not None
    history = (
        session.scalars(
            select(EntryRow)
            .where(EntryRow.ticket_id == row.ticket_id, EntryRow.id < row.entry_id)
            .order_by(EntryRow.id)
        ).all()
        if is_moved_here
        else ()
    )
    # The remote name from the last time that the ticket was handed to the channel.
    told = session.scalars(
        select(DeliveryRow.remote)
        .where(
            DeliveryRow.ticket_id == row.ticket_id,
            DeliveryRow.channel == row.channel,
            DeliveryRow.purpose == Purpose.TICKET,
            DeliveryRow.id < row.id,
            DeliveryRow.remote != "",
        )
        .order_by(DeliveryRow.id.desc())
    ).first()
    carried = [attachment_of(file, content=file.content) for file in _files(session, row, is_moved_here)]
    return OutboundMessage(
        key=f"{row.ticket.reference}/{row.id}",
        purpose=purpose,
        ticket=ticket_of(row.ticket),
        entry=entry_of(entry) if entry else None,
        history=tuple(entry_of(earlier) for earlier in history),
        files=tuple(file for file in carried if not file.missing),
        missing_files=tuple(file for file in carried if file.missing),
        is_retry=row.attempts > 1,
        remote=told or "",
    )


def _files(session: Session, row: DeliveryRow, is_moved_here: bool) -> Iterable[AttachmentRow]:
    """Return the files that a delivery carries, with their content."""
    if row.purpose in (Purpose.ACKNOWLEDGEMENT, Purpose.LEFT):
        return ()
    if is_moved_here:
        chosen: ColumnElement[bool] = AttachmentRow.entry_id.is_(None) | (AttachmentRow.entry_id <= row.entry_id)
    elif row.entry_id is not None:
        chosen = AttachmentRow.entry_id == row.entry_id
    else:
        chosen = AttachmentRow.entry_id.is_(None)
    files = select(AttachmentRow).where(AttachmentRow.ticket_id == row.ticket_id, chosen).order_by(AttachmentRow.id)
    return session.scalars(files.options(undefer(AttachmentRow.content))).all()


def _form_key(session: Session, ticket_id: int) -> str:
    chosen = select(FormKeyRow).where(FormKeyRow.ticket_id == ticket_id, FormKeyRow.entry_id.is_(None))
    row = session.scalar(chosen)
    return row.key if row else ""


def _condition(only: str) -> ColumnElement[bool]:
    return {
        "dead": DeliveryRow.dead_at.is_not(None),
        "delivered": DeliveryRow.delivered_at.is_not(None),
        "dropped": DeliveryRow.dropped_at.is_not(None),
        "waiting": _is_waiting(),
    }[only]


def _is_waiting() -> ColumnElement[bool]:
    return DeliveryRow.delivered_at.is_(None) & DeliveryRow.dead_at.is_(None) & DeliveryRow.dropped_at.is_(None)


def _delivery(row: DeliveryRow, reference: str) -> Delivery:
    return Delivery(
        id=row.id, reference=reference, channel=row.channel, purpose=Purpose(row.purpose), created_at=row.created_at,
        due_at=row.due_at, attempts=row.attempts, delivered_at=row.delivered_at, dead_at=row.dead_at,
        dropped_at=row.dropped_at, error=row.error, remote=row.remote,
    )  # fmt: skip
