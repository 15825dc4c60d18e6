"""Run retention once a day beside the delivery worker, if the clock can be trusted."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ticket_form.errors import StorageUnavailable
from ticket_form.operations.clock_check import ClockUntrusted, demand_clock
from ticket_form.operations.retention import expire_held_files, retire
from ticket_form.storage.database import Database

HOUR = timedelta(hours=1)
CHECKS_PER_DAY = 24  # hourly checks of the clock, so that a jump of a day is detected

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class DailyJob:
    """A thread that checks the clock every hour, and runs retention at the start and then daily."""

    database: Database
    keep: timedelta
    keep_held_files: timedelta = timedelta(days=14)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread after the current step."""
        self._stopping.set()
        if self._thread:
            self._thread.join(5)

    def work(self) -> bool:
        """Erase expired data; return whether the clock could be trusted."""
        try:
            demand_clock(self.database, now=self.now())
            erased = retire(self.database, keep=self.keep, now=self.now())
            expired = expire_held_files(self.database, keep=self.keep_held_files, now=self.now())
        except ClockUntrusted as error:
            log.error("%s", error)
            return False
        except StorageUnavailable as error:
            log.error("old tickets could not be erased: %s", error)
            return True
        if erased:
            log.info("%s tickets were erased, closed more than %s days ago", erased, self.keep.days)
        if expired:
            log.info("%s files were erased, of tickets held back for %s days", expired, self.keep_held_files.days)
        return True

    def look(self) -> bool:
        """Store the current time as trusted; return whether it could be."""
        try:
            demand_clock(self.database, now=self.now())
        except ClockUntrusted as error:
            log.error("%s", error)
            return False
        except StorageUnavailable as error:
            log.error("the time could not be noted: %s", error)
        return True

    def _run(self) -> None:
        looks = 0
        while True:
            is_trusted = self.work() if looks % CHECKS_PER_DAY == 0 else self.look()
            looks = looks + 1 if is_trusted else 0  # once the clock is right again, the skipped run is made up for
            if self._stopping.wait(HOUR.total_seconds()):
                return
