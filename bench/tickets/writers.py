"""Let many processes write to the same database at once."""

import multiprocessing
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing.queues import Queue as Pipe
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.tickets.balance import compare
from ticket_form.errors import ConfigurationError, StorageUnavailable
from ticket_form.storage.database import open_database
from ticket_form.storage.ticket_store import accept
from ticket_form.tickets.routing import Queue, Route
from ticket_form.tickets.ticket import TicketDraft
from ticket_form.tickets.trail import Trail

COLUMNS = ("processes", "tickets", "stored", "errors", "lost", "doubled", "torn", "p50, ms", "p99, ms", "worst, ms")
DESTINATION = Route(queue=Queue(id="desk", names={"": "Desk"}, level="L1"), channels=("nowhere",))
PAUSE = 0.02  # seconds between two tickets of a process, in which it does other work
fork = multiprocessing.get_context("fork")  # quicker than a new interpreter each; this process has no threads


def write_together(folder: Path, *, processes: int, tickets: int) -> list[str]:
    """Return a row of the table: each process opens the database and stores so many tickets.

    Before, it stores one that is not timed: for its first one a process prepares all its statements.
    """
    path = folder / "tickets.sqlite"
    open_database(path).close()
    told: Pipe[Any] = fork.Queue()
    start_at = time.time() + 1 + processes / 15
    writers = [fork.Process(target=_write, args=(path, number, tickets, start_at, told)) for number in range(processes)]
    for writer in writers:
        writer.start()
    reports = [told.get() for _ in writers]
    for writer in writers:
        writer.join()
    acknowledged: dict[str, str] = {}
    seconds: list[float] = []
    for stored, took, _ in reports:
        acknowledged |= stored
        seconds += took
    balance = compare(str(path), acknowledged)
    return [
        str(processes), str(processes * (tickets + 1)), str(balance.stored),
        str(sum(len(report[2]) for report in reports)),
        str(balance.lost), str(balance.doubled), str(balance.torn), *milliseconds(seconds),
    ]  # fmt: skip


def milliseconds(seconds: Sequence[float]) -> tuple[str, str, str]:
    """Return the median, the 99th hundredth and the worst in milliseconds."""
    if len(seconds) < 2:
        return ("–", "–", "–")
    cuts = quantiles(seconds, n=100, method="inclusive")
    return f"{cuts[49] * 1000:.0f}", f"{cuts[98] * 1000:.0f}", f"{max(seconds) * 1000:.0f}"


def draft(subject: str, description: str = "It does not work.") -> TicketDraft:
    """Return a ticket as the form reads it."""
    return TicketDraft(
        language="en", category="other", subject=subject, description=description, email="kim@example.com", name="Kim",
        trail=Trail(),
    )  # fmt: skip


def _write(path: Path, number: int, tickets: int, start_at: float, told: "Pipe[Any]") -> None:
    stored: dict[str, str] = {}
    seconds: list[float] = []
    errors: list[str] = []
    try:
        database = open_database(path)
        for count in range(tickets + 1):
            if count == 1:
                time.sleep(max(0.0, start_at - time.time()))
            subject = f"{number} {count}"
            begun = time.monotonic()
            try:
                stored[subject] = accept(
                    database, draft(subject), destination=DESTINATION, reference=f"AD-{number}-{count}",
                    form_key=f"key {subject}", now=datetime.now(UTC),
                )  # fmt: skip
            except StorageUnavailable as error:
                errors.append(str(error))
            if count:
                seconds.append(time.monotonic() - begun)
            time.sleep(PAUSE)
        database.close()
    except ConfigurationError as error:  # it could not even be opened
        errors += [str(error)] * (tickets + 1)
    finally:
        told.put((stored, seconds, errors))
