"""Send deliveries: each thread leases one, sends it and records the result. Any number of workers may run."""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from ticket_form.delivery.outbox import Claim, claim, mark_delivered, mark_failed
from ticket_form.errors import DeliveryError, StorageUnavailable, TemporaryFailure
from ticket_form.storage.database import Database
from ticket_form.tickets.delivery_contract import Channel, Purpose

POLL_SECONDS = 1.0  # seconds between polls of the database when nobody wakes the worker
MIN_POLL_SECONDS = 0.05  # seconds after a poll that found nothing, even when woken: polls take time from visitors
THREADS_PER_CHANNEL = 2  # for each channel: help desks are slow, and slower with many requests at once

log = logging.getLogger(__name__)


def _nothing(_point: str) -> None:
    """Do nothing; fault tests crash the process here."""


@dataclass(kw_only=True)
class Worker:
    """Sends due deliveries through its channels, in threads of its own."""

    database: Database
    channels: Mapping[str, Channel]
    status_url: Callable[[str], str] = lambda _form_key: ""
    """Returns the URL of a ticket's status page for its form key."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    reach: Callable[[str], None] = _nothing
    _stopping: threading.Event = field(default_factory=threading.Event)
    _bell: threading.Condition = field(default_factory=threading.Condition)
    _rings: int = 0
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Start the threads."""
        for name in self.channels:
            for number in range(THREADS_PER_CHANNEL):
                thread = threading.Thread(target=self._run, args=(name,), name=f"{name}-{number}", daemon=True)
                self._threads.append(thread)
                thread.start()

    def wake(self) -> None:
        """Poll now, since something is due."""
        with self._bell:
            self._rings += 1
            self._bell.notify_all()

    @property
    def is_alive(self) -> bool:
        """Return whether all threads run."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self, patience: float = 25.0) -> None:
        """Finish what is being sent, within `patience` seconds; the rest is sent again when its lease ends."""
        self._stopping.set()
        self.wake()
        deadline = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def send_one(self, channel: str) -> bool:
        """Send the next due delivery of a channel; return whether there was one."""
        self.reach("before claim")
        taken = claim(self.database, channel, now=self.now())
        self.reach("after claim")
        if taken is None:
            return False
        try:
            remote = self._send(taken)
        except DeliveryError as error:
            due = mark_failed(self.database, taken, error, now=self.now(), chance=random.random())  # noqa: S311
            # Without the channel's message, which may quote the visitor. It is stored with the delivery.
            log.warning(
                "delivery %s by %s failed (%s): %s", taken.id, channel, type(error).__name__,
                f"again at {due:%Y-%m-%dT%H:%M:%SZ}" if due else "dead",
            )  # fmt: skip
            return True
        self.reach("after send")
        if not mark_delivered(self.database, taken, remote=remote, now=self.now()):
            log.warning("delivery %s by %s took longer than its lease", taken.id, channel)
        self.reach("after mark")
        return True

    def _send(self, taken: Claim) -> str:
        message = taken.message
        self.reach("before send")
        try:
            if message.purpose == Purpose.ACKNOWLEDGEMENT:
                message = replace(message, status_url=self.status_url(taken.form_key))
            return self.channels[taken.channel].send(message)
        except DeliveryError:
            raise
        except Exception as error:  # a bug in one channel must not stop the others
            log.exception("channel %s failed", taken.channel)
            raise TemporaryFailure(f"{type(error).__name__} in channel {taken.channel}") from error

    def _run(self, channel: str) -> None:
        while not self._stopping.is_set():
            rings = self._rings
            try:
                is_busy = self.send_one(channel)
            except StorageUnavailable as error:
                log.error("deliveries cannot be read: %s", error)
                is_busy = False
            except Exception:  # one delivery must not stop a channel for ever
                log.exception("a delivery by %s could not be handled", channel)
                is_busy = False
            if not is_busy:
                with self._bell:
                    if self._rings == rings and not self._stopping.is_set():
                        self._bell.wait(POLL_SECONDS)
                self._stopping.wait(MIN_POLL_SECONDS)
