"""Limit acknowledgement e-mails, so that nobody can flood another person's mailbox through the form."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from ticket_form.delivery.channels.email import Caps, EmailChannel
from ticket_form.errors import StorageUnavailable
from ticket_form.spam.rate_limit import RateCounter, count, take
from ticket_form.storage.database import Database
from ticket_form.tickets.delivery_contract import Channel

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPEAT_WINDOW = timedelta(days=7)  # longer than a delivery is tried


def count_acknowledgements(
    channels: Mapping[str, Channel],
    database: Database,
    *,
    secret: bytes,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Give all e-mail channels one shared acknowledgement counter in the database."""
    for channel in channels.values():
        if isinstance(channel, EmailChannel):
            channel.may_acknowledge = _counter(channel.caps, database, secret=secret, now=now)


def may_acknowledge(database: Database, caps: Caps, *, address: str, key: str, secret: bytes, now: datetime) -> bool:
    """Count one acknowledgement and return whether all limits hold. A retried one is counted once."""

    def is_below(name: str, limit: int, window: timedelta) -> bool:
        # Also counted in the next window: otherwise two adjacent windows would allow twice the limit.
        counters = (RateCounter(key=name, window=window, ahead=ahead) for ahead in (0, 1))
        return all(count(database, [one], enough=limit, secret=secret, now=now)[0] <= limit for one in counters)

    mailbox, domain = _mailbox(address)
    if not take(database, f"acknowledgement {key}", limit=1, window=REPEAT_WINDOW, secret=secret, now=now):
        return True
    try:
        # Narrow limits first: a flood to one address then uses up none of the shared limit.
        return (
            is_below(f"acknowledgements to {mailbox} an hour", caps.address_hour, HOUR)
            and is_below(f"acknowledgements to {mailbox} a day", caps.address_day, DAY)
            and is_below(f"acknowledgements to @{domain}", caps.domain_hour, HOUR)
            and is_below("acknowledgements", caps.total_hour, HOUR)
        )
    except StorageUnavailable:
        return False  # tried again, it would count as allowed


def _counter(
    caps: Caps, database: Database, *, secret: bytes, now: Callable[[], datetime]
) -> Callable[[str, str], bool]:
    def ask(address: str, key: str) -> bool:
        return may_acknowledge(database, caps, address=address, key=key, secret=secret, now=now())

    return ask


def _mailbox(address: str) -> tuple[str, str]:
    """Return the mailbox that an address reaches, and its domain: many servers ignore dots and a "+tag"."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}", domain
