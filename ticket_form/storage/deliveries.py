"""Insert deliveries for a ticket's channels, in the same transaction as the event (transactional outbox)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from ticket_form.storage.models import DeliveryRow
from ticket_form.tickets.delivery_contract import Purpose


def add_deliveries(
    session: Session, ticket_id: int, channels: Iterable[str], *, acknowledge_by: str | None, now: datetime
) -> None:
    """Add a delivery of a ticket for each channel, and its acknowledgement if a channel sends one."""
    _add(session, ticket_id, channels, Purpose.TICKET, now)
    if acknowledge_by:
        _add(session, ticket_id, [acknowledge_by], Purpose.ACKNOWLEDGEMENT, now)


def add_entry_deliveries(
    session: Session, ticket_id: int, channels: Iterable[str], *, entry_id: int, now: datetime
) -> None:
    """Add a delivery of an entry for each channel."""
    _add(session, ticket_id, channels, Purpose.ENTRY, now, entry_id=entry_id)


def holding_channels(session: Session, ticket_id: int) -> tuple[str, ...]:
    """Return the channels that have a ticket: handed to them, and not moved away since."""
    rows = session.execute(
        select(DeliveryRow.channel, DeliveryRow.purpose)
        .where(DeliveryRow.ticket_id == ticket_id, DeliveryRow.purpose.in_((Purpose.TICKET, Purpose.LEFT)))
        .order_by(DeliveryRow.id)
    )
    last = {channel: purpose for channel, purpose in rows}
    return tuple(channel for channel, purpose in last.items() if purpose == Purpose.TICKET)


def hand_over(session: Session, ticket_id: int, channels: Sequence[str], *, entry_id: int, now: datetime) -> None:
    """Move a ticket between channels, by the entry that says so.

    1. Channels of the new queue only receive the whole ticket, with its history.
    2. Channels of the old queue only are told that it left, unless they cannot have received it yet.
    3. Channels of both receive the move like any other entry.
    """
    before = holding_channels(session, ticket_id)
    _add(session, ticket_id, [name for name in channels if name not in before], Purpose.TICKET, now, entry_id=entry_id)
    _add(session, ticket_id, [name for name in channels if name in before], Purpose.ENTRY, now, entry_id=entry_id)
    for channel in before:
        if channel not in channels:
            _take_back(session, ticket_id, channel, entry_id=entry_id, now=now)


def _take_back(session: Session, ticket_id: int, channel: str, *, entry_id: int, now: datetime) -> None:
    is_here = (DeliveryRow.ticket_id == ticket_id, DeliveryRow.channel == channel)
    handed = session.scalars(
        select(DeliveryRow).where(*is_here, DeliveryRow.purpose == Purpose.TICKET).order_by(DeliveryRow.id.desc())
    ).first()
    if handed is not None and handed.attempts == 0 and handed.delivered_at is None:
        # No attempt was ever begun. Acknowledgements go to the visitor, so they are sent all the same.
        session.execute(
            delete(DeliveryRow).where(
                *is_here, DeliveryRow.id >= handed.id, DeliveryRow.purpose != Purpose.ACKNOWLEDGEMENT
            )
        )
        return
    _add(session, ticket_id, [channel], Purpose.LEFT, now, entry_id=entry_id)


def _add(
    session: Session, ticket_id: int, channels: Iterable[str], purpose: Purpose, now: datetime,
    entry_id: int | None = None,
) -> None:  # fmt: skip
    values = [
        {
            "ticket_id": ticket_id, "entry_id": entry_id, "channel": channel, "purpose": purpose, "created_at": now,
            "due_at": now,
        }
        for channel in channels
    ]  # fmt: skip
    if values:
        session.connection().execute(_INSERT, values)


_INSERT = insert(DeliveryRow.__table__)  # type: ignore[arg-type]  # Core, not ORM: faster
