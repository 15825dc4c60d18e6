"""Report operator alerts: in the log, and by e-mail if the routing file names a channel for reports."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ticket_form.delivery.channels.email import EmailChannel
from ticket_form.delivery.worker import Worker
from ticket_form.errors import DeliveryError, StorageUnavailable
from ticket_form.logs import event
from ticket_form.operations.alerts import Alert, AlertKind, find_alerts
from ticket_form.operations.report_schedule import AGAIN_AFTER, ReportClaim, claim_report, mark_told
from ticket_form.operations.report_text import write_body, write_line, write_subject
from ticket_form.settings import Settings
from ticket_form.storage.database import Database
from ticket_form.storage.disk import Disk, measure_disk
from ticket_form.tickets.routing import Routing

CHECK_INTERVAL = timedelta(minutes=1)
LOG = "the log"  # the reader of a desk without a channel for reports
STOP_TIMEOUT = 5.0  # seconds

log = logging.getLogger(__name__)


def _nothing(_point: str) -> None:
    """Do nothing; fault tests crash the process here."""


@dataclass(kw_only=True)
class Reporter:
    """A thread that checks for alerts every minute; any number of workers may have one."""

    database: Database
    channels: Collection[str] = ()
    reader: str = LOG
    """The name of the channel that receives reports."""
    mail: EmailChannel | None = None
    base_url: str | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    measure: Callable[[Database], Disk | None] = measure_disk
    clock: Callable[[], float] = time.monotonic
    reach: Callable[[str], None] = _nothing
    _told: dict[AlertKind, float] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="reporter", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread; a report in progress has a moment to finish, or else the next worker sends it again."""
        self._stopping.set()
        if self._thread:
            self._thread.join(STOP_TIMEOUT)

    def look(self) -> bool:
        """Send a report if one is due; return whether one was sent.

        Raises:
            StorageUnavailable: the database does not answer.
        """
        now = self.now()
        alerts = find_alerts(self.database, channels=self.channels, now=now, measure=self.measure)
        # If the clocks of two machines are days apart, each takes the other's reports for old ones.
        recent = self.clock() - AGAIN_AFTER.total_seconds()
        quiet = [kind for kind, told in self._told.items() if told > recent]
        claim = claim_report(self.database, self.reader, alerts, now=now, quiet=quiet)
        if claim is None:
            return False
        for alert in alerts:
            message, extra = event(write_line(alert), alert=str(alert.kind), count=alert.count)
            log.warning(message, extra=extra)
        self.reach("before send")
        if not self._send(alerts, claim):
            return False
        self.reach("after send")
        mark_told(self.database, claim, alerts, now=self.now())
        self._told |= {alert.kind: self.clock() for alert in alerts}
        return True

    def _send(self, alerts: Sequence[Alert], claim: ReportClaim) -> bool:
        if self.mail is None:
            return True
        try:
            self.mail.report(
                write_subject(alerts), write_body(alerts, base_url=self.base_url), key=f"{claim.reader} {claim.begun}",
                written_at=self.now(),
            )  # fmt: skip
        except DeliveryError as error:
            log.error("the report could not be sent by %s: %s", claim.reader, error)
            return False
        return True

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except StorageUnavailable as error:
                log.error("what waits for a person cannot be read: %s", error)
            except Exception:  # a bug must not silence all later reports
                log.exception("no report could be made")
            if self._stopping.wait(CHECK_INTERVAL.total_seconds()):
                return


def make_reporter(worker: Worker, settings: Settings, routing: Routing) -> Reporter:
    """Return a reporter, not yet started, that uses the worker's channels."""
    mail = worker.channels.get(routing.report_to or "")
    return Reporter(
        database=worker.database,
        channels=tuple(routing.channels),
        reader=routing.report_to or LOG,
        mail=mail if isinstance(mail, EmailChannel) else None,
        base_url=settings.base_url,
    )
