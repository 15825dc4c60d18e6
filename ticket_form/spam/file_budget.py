"""Limit the bytes of uploaded files by day and network, and keep a reserve of disk space.

A ticket's text is stored in any case. The budget holds for company networks too: a whole office may write at once, but
need not fill the disk.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ticket_form.spam.rate_limit import RateCounter, spend_in
from ticket_form.spam.verdict import visitor_of
from ticket_form.storage.disk import Disk
from ticket_form.tickets.ticket import Missing
from ticket_form.tickets.uploads import MEGABYTE

DAY = timedelta(days=1)
KILOBYTE = 1024
RESERVED_SHARE = 0.05  # of the disk's size, unless the setting gives bytes
MAX_RESERVED = 1024 * MEGABYTE
COPIES = 2  # of a file until SQLite's log is truncated: one in the log, one in the database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileBudget:
    """Limits on the bytes of stored files; 0 disables a limit."""

    network: int = 200 * MEGABYTE
    """Bytes a day from one network: a /24 of IPv4, a /48 of IPv6."""
    everyone: int = 2000 * MEGABYTE
    """Bytes a day from all visitors."""
    reserve: int | None = None
    """Free bytes reserved for texts; None means `RESERVED_SHARE` of the disk."""


def refuse_files(
    session: Session, size: int, *, address: str | None, budget: FileBudget, measure: Callable[[], Disk | None],
    secret: bytes,
    now: datetime,
) -> Missing | None:  # fmt: skip
    """Count files of a size in bytes against the budgets; return None, or the reason why they are not stored."""
    if size == 0:
        return None
    disk = measure()
    if disk and disk.free - COPIES * size < reserve_of(disk, budget):
        log.warning("files of %s bytes were not stored: the disk has %s bytes left", size, disk.free)
        return Missing.DISK
    network = visitor_of(address)[1]
    limits = {f"bytes of files from {network}": budget.network, "bytes of files": budget.everyone}
    counters = {RateCounter(key=key, window=DAY): limit // KILOBYTE for key, limit in limits.items() if limit}
    if counters and not spend_in(session, counters, amount=-(-size // KILOBYTE), secret=secret, now=now):
        log.warning("files of %s bytes were not stored: today's room for files is used up", size)
        return Missing.BUDGET
    return None


def reserve_of(disk: Disk, budget: FileBudget) -> int:
    """Return how many bytes of a disk are reserved for texts."""
    if budget.reserve is None:
        return min(int(disk.total * RESERVED_SHARE), MAX_RESERVED)
    return budget.reserve
