"""Kill the process that sends deliveries at every point of its work, and look at what arrives on the other side.

The channel writes what arrives to a file, as another system would: it outlives the worker. It is tried as one that
looks before it sends again, and as one that cannot.
"""

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, event

from bench.tickets.writers import DESTINATION, draft
from ticket_form.delivery.outbox import LEASE, list_deliveries
from ticket_form.delivery.worker import Worker
from ticket_form.storage.database import Database, open_database
from ticket_form.storage.ticket_store import accept
from ticket_form.tickets.delivery_contract import OutboundMessage, Promise

CHANNEL = "nowhere"  # the one channel of DESTINATION
TICKETS = 3
GRACE = timedelta(minutes=1)  # after the lease, in which everything must have been sent
POINTS = (
    "before claim",
    "in claim",  # before its commit
    "after claim",
    "before send",
    "in send",  # it arrived, and no answer came yet
    "after send",
    "in mark",  # before its commit
    "after mark",
)
COLUMNS = ("killed", "rounds", "killed indeed", "stuck", "lost", "doubled", "doubled without a look-up")
fork = multiprocessing.get_context("fork")


class Book:
    """A channel that writes the key of each parcel into a file."""

    def __init__(self, path: Path, promise: Promise, reach: Callable[[str], None]) -> None:
        self.promise = promise
        self._path = path
        self._reach = reach

    def send(self, message: OutboundMessage) -> str:
        """Write the key, unless it is a retry and the key is there."""
        if (
            self.promise == Promise.ONCE
            and message.is_retry
            and message.key in self._path.read_text("utf-8").splitlines()
        ):
            return message.key
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{message.key}\n")
        self._reach("in send")
        return message.key

    def check(self) -> str:
        """Say that the file is there."""
        return str(self._path)


def kill_at(folder: Path, point: str, *, rounds: int) -> list[str]:
    """Return a row of the table."""
    killed = stuck = lost = 0
    doubled = dict.fromkeys(Promise, 0)
    for number in range(rounds):
        for promise in Promise:
            place = folder / f"{point} {number} {promise}"
            place.mkdir()
            was_killed, waiting, arrived = _kill_once(place, point, promise, nth=number % TICKETS + 1)
            killed += was_killed
            stuck += waiting
            lost += TICKETS - len(arrived)
            doubled[promise] += sum(times > 1 for times in arrived.values())
    return [
        point, str(rounds * len(Promise)), str(killed), str(stuck), str(lost), str(doubled[Promise.ONCE]),
        str(doubled[Promise.AT_LEAST_ONCE]),
    ]  # fmt: skip


def run_to_end(database: str, book: Path, promise: Promise, *, shift: timedelta, reach: Callable[[str], None]) -> None:
    """Send what is due, with the clock put on by `shift`."""
    opened = open_database(Path(database))
    worker = Worker(
        database=opened,
        channels={CHANNEL: Book(book, promise, reach)},
        now=lambda: datetime.now(UTC) + shift,
        reach=reach,
    )
    _reach_in_commits(opened, worker)
    while worker.send_one(CHANNEL):
        pass
    opened.close()


def _kill_once(place: Path, point: str, promise: Promise, *, nth: int) -> tuple[bool, int, Counter[str]]:
    path, book = place / "tickets.sqlite", place / "book.txt"
    book.touch()
    _fill(path)
    first = fork.Process(target=_run_and_die, args=(path, book, promise, point, nth))
    first.start()
    first.join()
    second = fork.Process(target=_run_later, args=(path, book, promise))
    second.start()
    second.join()
    opened = open_database(path)
    waiting = sum(delivery.delivered_at is None for delivery in list_deliveries(opened))
    opened.close()
    return first.exitcode == 9, waiting, Counter(book.read_text("utf-8").splitlines())


def _fill(path: Path) -> None:
    opened = open_database(path)
    for number in range(TICKETS):
        accept(
            opened, draft(f"ticket {number}"), destination=DESTINATION, reference=f"AD-{number}",
            form_key=f"key {number}", now=datetime.now(UTC),
        )  # fmt: skip
    opened.close()


def _run_and_die(path: Path, book: Path, promise: Promise, point: str, nth: int) -> None:
    left = nth

    def reach(reached: str) -> None:
        nonlocal left
        left -= reached == point
        if left == 0:
            os._exit(9)  # as a kill does: nothing is closed, nothing is undone

    run_to_end(str(path), book, promise, shift=timedelta(0), reach=reach)


def _run_later(path: Path, book: Path, promise: Promise) -> None:
    run_to_end(str(path), book, promise, shift=LEASE + GRACE, reach=lambda _point: None)


def _reach_in_commits(database: Database, worker: Worker) -> None:
    """Have the worker reach points inside its transactions too: those before they are committed."""
    inside = {"before claim": "in claim", "after send": "in mark"}
    reach, last = worker.reach, ""

    def remember(point: str) -> None:
        nonlocal last
        last = point
        reach(point)

    def before_commit(_connection: Connection) -> None:
        if last in inside:
            reach(inside[last])

    worker.reach = remember
    event.listen(database.engine, "commit", before_commit)
