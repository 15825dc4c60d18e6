"""Check health: can tickets be stored, is the delivery worker alive, is there disk space?"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import text

from ticket_form.errors import StorageUnavailable
from ticket_form.storage.database import Database
from ticket_form.storage.disk import Disk, measure_disk

MIN_FREE_DISK_SHARE = 0.1  # of the disk's size
VERDICT_CACHE_SECONDS = 2.0  # seconds that a verdict is cached, so that frequent checks do not load the database


class Sender(Protocol):
    """The delivery worker, in this process or in another."""

    @property
    def is_alive(self) -> bool:
        """Return whether it runs."""
        ...

    def wake(self) -> None:
        """Wake it, since something is due."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthVerdict:
    """The result of each check."""

    can_write: bool
    is_sending: bool
    has_room: bool

    @property
    def is_healthy(self) -> bool:
        """Return whether all checks passed."""
        return self.can_write and self.is_sending and self.has_room


@dataclass(kw_only=True)
class Health:
    """Runs the checks, and caches the verdict for a moment."""

    database: Database
    worker: Sender | None
    """None if a separate program sends deliveries."""
    measure: Callable[[Database], Disk | None] = measure_disk
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _kept: tuple[float, HealthVerdict] | None = None

    def judge(self) -> HealthVerdict:
        """Return the verdict."""
        with self._lock:
            if self._kept and self.clock() - self._kept[0] < VERDICT_CACHE_SECONDS:
                return self._kept[1]
            disk = self.disk()
            verdict = HealthVerdict(
                can_write=self._can_write(),
                is_sending=self.worker is None or self.worker.is_alive,
                has_room=disk is None or disk.share >= MIN_FREE_DISK_SHARE,
            )
            self._kept = (self.clock(), verdict)
            return verdict

    def disk(self) -> Disk | None:
        """Return the space on the database's disk, none free if it cannot be read; None for a remote database."""
        try:
            return self.measure(self.database)
        except OSError:
            return Disk(free=0, total=0)

    def _can_write(self) -> bool:
        try:
            with self.database.writing() as session:
                if not self.database.is_sqlite:  # SQLite reports it when a writing transaction begins
                    return bool(session.scalar(text("SHOW transaction_read_only")) == "off")
        except StorageUnavailable:
            return False
        return True
