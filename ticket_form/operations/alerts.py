"""Find operator alerts: held tickets, dead deliveries, stalled channels, a wrong clock, a full disk.

Alerts contain no visitor text, since they go into logs and e-mails.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from ticket_form.delivery.outbox import MAX_SKEW, ChannelState, list_channels
from ticket_form.i18n.format_time import say_age
from ticket_form.operations.clock_check import find_jump
from ticket_form.operations.health import MIN_FREE_DISK_SHARE
from ticket_form.spam.quarantine import count_reasons, measure_held
from ticket_form.spam.verdict import Reason
from ticket_form.storage.database import Database
from ticket_form.storage.disk import Disk, measure_disk
from ticket_form.storage.models import DeliveryRow

STALLED_AFTER = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)  # for deliveries that an operator parked: not urgent, but must not stay for ever
_REASONS: Mapping[str, str] = {
    Reason.TRAP: "a field was filled in that people do not see",
    Reason.QUICK: "sent faster than anybody can write",
    Reason.ADDRESS: "many from one address",
    Reason.NETWORK: "many from one network",
    Reason.WORK: "no proof of work",
}


class AlertKind(StrEnum):
    """The kinds of alerts."""

    HELD = "held"
    DEAD = "dead"
    STALLED = "stalled"
    CLOCK = "clock"
    DISK = "disk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A condition that needs a person."""

    kind: AlertKind
    summary: str
    details: tuple[str, ...] = ()
    cure: tuple[str, ...]
    """What to do, one sentence for each step."""
    page: str = ""
    """The path of the page in the queue that shows it, or empty."""
    count: int = 1
    newest: datetime | None = None
    """When its newest instance happened; None if unknown."""


def find_alerts(
    database: Database,
    *,
    channels: Collection[str],
    now: datetime,
    measure: Callable[[Database], Disk | None] = measure_disk,
) -> tuple[Alert, ...]:
    """Return the alerts, at most one of each kind; `channels` are the names in the routing file.

    Raises:
        StorageUnavailable: the database does not answer.
    """
    found = (
        _held(database, now),
        _dead(database, now),
        _stalled(list_channels(database), channels, now),
        _clock(database, now),
        _disk(database, measure),
    )
    return tuple(alert for alert in found if alert)


def _held(database: Database, now: datetime) -> Alert | None:
    held = measure_held(database)
    if held.oldest is None:
        return None
    reasons: Counter[str] = Counter()
    for reason, count in count_reasons(database).items():
        reasons[reason.split()[-1]] += count
    return Alert(
        kind=AlertKind.HELD,
        summary=f"{_count(held.count, 'ticket is', 'tickets are')} held back as suspected spam, "
        f"the oldest for {_age(held.oldest, now)}",
        details=tuple(f"{count}: {_REASONS.get(name, name)}" for name, count in reasons.most_common()),
        cure=(
            '"ticket-form quarantine list" lists them, "ticket-form quarantine show REFERENCE" shows one.',
            '"ticket-form quarantine release REFERENCE" sends one where it belongs.',
            '"ticket-form quarantine reject REFERENCE" closes one that is spam.',
        ),
        page="/queue/quarantine",
        count=held.count,
        newest=held.newest,
    )


def _dead(database: Database, now: datetime) -> Alert | None:
    is_dead = DeliveryRow.dead_at.is_not(None)
    is_parked = DeliveryRow.error.startswith("parked: ")
    is_recent = DeliveryRow.dead_at.between(now - FORGOTTEN_AFTER, now + MAX_SKEW)
    chosen = (
        select(DeliveryRow.channel, is_parked, func.count(), func.max(DeliveryRow.dead_at))
        .where(is_dead & ~(is_parked & is_recent))
        .group_by(DeliveryRow.channel, is_parked)
        .order_by(DeliveryRow.channel, is_parked)
    )
    with database.reading() as session:
        rows = session.execute(chosen).all()
    if not rows:
        return None
    total = sum(count for _, _, count, _ in rows)
    return Alert(
        kind=AlertKind.DEAD,
        summary=f"{_count(total, 'delivery was', 'deliveries were')} put aside and nobody has decided on "
        f"{'it' if total == 1 else 'them'}",
        details=tuple(f"{name}: {count} {'parked' if parked else 'dead'}" for name, parked, count, _ in rows),
        cure=(
            '"ticket-form deliveries list --only dead" says why.',
            'Correct that, then "ticket-form deliveries replay NUMBER" sends one.',
            '"ticket-form deliveries replay --channel ID" sends all dead ones of a channel.',
            '"ticket-form deliveries drop NUMBER --reason TEXT" gives one up.',
        ),
        count=total,
        newest=max((newest for _, parked, _, newest in rows if newest and not parked), default=None),
    )


def _stalled(states: Iterable[ChannelState], channels: Collection[str], now: datetime) -> Alert | None:
    stalled = [
        (state, state.oldest)
        for state in states
        if state.oldest and not now - STALLED_AFTER < state.oldest <= now + MAX_SKEW
    ]
    if not stalled:
        return None
    total = sum(state.waiting for state, _ in stalled)

    def reason(state: ChannelState) -> str:
        if state.name not in channels:
            return ", which is not in the routing file"
        return ", which is paused" if state.paused_at else ""

    return Alert(
        kind=AlertKind.STALLED,
        summary=f"{_count(total, 'delivery waits', 'deliveries wait')} for channels that have taken nothing for long",
        details=tuple(
            f"{state.name}{reason(state)}: {state.waiting}, the oldest for {_age(oldest, now)}"
            for state, oldest in stalled
        ),
        cure=(
            '"ticket-form deliveries list --only waiting" says what they met.',
            '"ticket-form check --channels" tries the channels.',
            '"ticket-form deliveries resume ID" lets a paused channel send.',
            'Where "serve" has --no-worker, "ticket-form worker" must run.',
        ),
        count=total,
        newest=max(oldest for _, oldest in stalled) + STALLED_AFTER,
    )


def _clock(database: Database, now: datetime) -> Alert | None:
    jump = find_jump(database, now=now)
    if jump is None:
        return None
    return Alert(
        kind=AlertKind.CLOCK,
        summary="old tickets are not erased, since the clock cannot be trusted",
        details=(f"it says {jump.now:%Y-%m-%d %H:%M} UTC; the last time known is {jump.known:%Y-%m-%d %H:%M} UTC",),
        cure=('Correct the clock; or, if it is right, run "ticket-form retire --clock-is-right".',),
    )


def _disk(database: Database, measure: Callable[[Database], Disk | None]) -> Alert | None:
    try:
        disk = measure(database)
    except OSError:
        return None
    if disk is None or disk.share >= MIN_FREE_DISK_SHARE:
        return None
    return Alert(
        kind=AlertKind.DISK,
        summary=f"the disk of the database is nearly full: {disk.free / 1_000_000:,.0f} MB are free",
        cure=("Make room, or move the database: on a full disk no ticket can be stored.",),
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _age(since: datetime, now: datetime) -> str:
    return say_age(now - since, "en")
