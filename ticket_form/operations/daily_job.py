"""What is done once a day by whoever sends deliveries: erase what was kept long enough."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ticket_form.errors import StorageUnavailable
from ticket_form.operations.retention import retire
from ticket_form.storage.database import Database

DAY = timedelta(days=1)

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Upkeep:
    """A thread that works at the start and then once a day."""

    database: Database
    keep: timedelta
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, after what is being done."""
        self._stopping.set()
        if self._thread:
            self._thread.join(5)

    def work(self) -> None:
        """Do it now."""
        try:
            erased = retire(self.database, keep=self.keep, now=self.now())
        except StorageUnavailable as error:
            log.error("old tickets could not be erased: %s", error)
            return
        if erased:
            log.info("%s tickets were erased, closed more than %s days ago", erased, self.keep.days)

    def _run(self) -> None:
        while True:
            self.work()
            if self._stopping.wait(DAY.total_seconds()):
                return
