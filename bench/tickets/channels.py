"""What channels do when an answer is lost, and when the other side refuses."""

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import select

from bench.tickets.receivers import Arrivals, lose_answers, receive_mail, receive_webhooks
from bench.tickets.tracker import Tracker
from bench.tickets.writers import DESTINATION, draft
from ticket_form.delivery.channels.registry import open_channels
from ticket_form.delivery.outbox import list_deliveries
from ticket_form.delivery.worker import Worker
from ticket_form.storage.database import Database, open_database
from ticket_form.storage.models import DeliveryRow, TicketRow
from ticket_form.storage.ticket_store import accept
from ticket_form.tickets.delivery_contract import Channel, OutboundMessage, Promise
from ticket_form.tickets.reference import REFERENCE_BITS, format_reference
from ticket_form.tickets.routing import ChannelSettings

SECRETS = {"BENCH_SECRET": "a secret of the benchmark's channels"}
LONGEST = timedelta(days=4)  # of simulated time, in which all must be delivered or dead
STEP = timedelta(minutes=5)  # by which the clock is put on when nothing is due

LOST_COLUMNS = (
    "channel", "tickets", "answers lost", "there", "missing", "doubled", "doubled with another key", "dead",
)  # fmt: skip
POISON_COLUMNS = ("channel", "answer", "tickets", "dead", "most attempts", "days until dead")
NEIGHBOUR_COLUMNS = ("channel", "neighbours", "delivered", "p95 delay, s", "worst, s")


def lose_in_channel(folder: Path, kind: str, *, tickets: int, tracker: Tracker | None) -> list[str]:
    """Return a row of the table: the first answer about each ticket is lost."""
    with _other_side(kind, tracker) as (port, arrivals), lose_answers(port) as (proxy, lost), _opened(folder) as opened:
        channel = _open(kind, proxy, tracker)
        names = [_store(opened, f"lost answer {number}", kind) for number in range(tickets)]
        _send_all(Worker(database=opened, channels={kind: channel}), kind)
        there = tracker.count(names) if tracker else {name: len(arrivals.times.get(name, ())) for name in names}
        dead = len(list_deliveries(opened, only="dead"))
        keys = str(max(0, len(arrivals.keys) - len(arrivals.times))) if not tracker else "–"
        return [
            kind, str(tickets), str(lost()), str(sum(times > 0 for times in there.values())),
            str(sum(times == 0 for times in there.values())), str(sum(times > 1 for times in there.values())), keys,
            str(dead),
        ]  # fmt: skip


def poison(folder: Path, *, tickets: int) -> tuple[list[list[str]], list[list[str]]]:
    """Return the rows of both tables: what became of the poison, and of the tickets between."""
    kinds = {
        "webhook": ["poison 400", "poison 404", "poison 413", "poison 422", "poison 429"],
        "email": ["poison 550", "poison 552", "poison 554"],
        "broken": ["raise"],
    }
    neighbours: list[list[str]] = []
    with receive_webhooks() as (web, hooks), receive_mail() as (post, mail), _opened(folder) as opened:
        channels: dict[str, Channel] = {"webhook": _open("webhook", web, None), "email": _open("email", post, None)}
        channels["broken"] = Broken(_open("webhook", web, None))
        worker = Worker(database=opened, channels=channels)
        worker.start()
        stored: dict[str, dict[str, float]] = {kind: {} for kind in kinds}
        for number in range(tickets):
            for kind, subjects in kinds.items():
                if number % 5 == 0:
                    _store(opened, f"{subjects[number // 5 % len(subjects)]} {number}", kind)
                stored[kind][_store(opened, f"neighbour {number}", kind)] = time.monotonic()
            worker.wake()
            time.sleep(0.05)
        _wait_for(lambda: len(hooks.times) >= 2 * tickets and len(mail.times) >= tickets)
        worker.stop()
        _send_rest(Worker(database=opened, channels=channels), list(kinds))
        for kind, arrivals in (("webhook", hooks), ("email", mail), ("broken", hooks)):
            delays = [arrivals.times[name][0] - begun for name, begun in stored[kind].items() if name in arrivals.times]
            p95 = quantiles(delays, n=20, method="inclusive")[18] if len(delays) > 1 else float("nan")
            worst = max(delays, default=float("nan"))
            neighbours.append([kind, str(len(stored[kind])), str(len(delays)), f"{p95:.2f}", f"{worst:.2f}"])
        return _poison_rows(opened, kinds), neighbours


class Broken:
    """A channel with a fault: it raises what no channel may raise, for some tickets."""

    promise = Promise.AT_LEAST_ONCE

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def send(self, message: OutboundMessage) -> str:
        """Raise, or send."""
        if message.ticket.draft.subject.startswith("raise"):
            raise KeyError(message.key)
        return self._channel.send(message)

    def check(self) -> str:
        """Check the channel within."""
        return self._channel.check()


@contextmanager
def _other_side(kind: str, tracker: Tracker | None) -> Iterator[tuple[int, Arrivals]]:
    if kind == "webhook":
        with receive_webhooks() as both:
            yield both
    elif kind == "email":
        with receive_mail() as both:
            yield both
    else:
        assert tracker
        yield tracker.port, Arrivals()


@contextmanager
def _opened(folder: Path) -> Iterator[Database]:
    folder.mkdir(parents=True, exist_ok=True)
    opened = open_database(folder / "tickets.sqlite")
    try:
        yield opened
    finally:
        opened.close()


def _open(kind: str, port: int, tracker: Tracker | None) -> Channel:
    options: dict[str, Any]
    if kind == "webhook":
        options = {"url": f"http://127.0.0.1:{port}/", "secret_variable": "BENCH_SECRET", "allow_private": True}
    elif kind == "email":
        options = {"host": "127.0.0.1", "port": port, "security": "none"}
        options |= {"from": "help@example.com", "to": "desk@example.com"}
    else:
        assert tracker
        options = dict(tracker.channel("tracker"), url=f"http://127.0.0.1:{port}")
        kind = options.pop("kind")
        options.pop("id")
    env: Mapping[str, str] = {**os.environ, **SECRETS, **({tracker.variable: tracker.token} if tracker else {})}
    return open_channels({kind: ChannelSettings(id=kind, kind=kind, options=options)}, env)[kind]


def _store(database: Database, subject: str, channel: str) -> str:
    reference = format_reference(random.getrandbits(REFERENCE_BITS))
    return accept(
        database, draft(subject), destination=replace(DESTINATION, channels=(channel,)), reference=reference,
        form_key=f"key {subject} {reference}", now=datetime.now(UTC),
    )  # fmt: skip


def _send_all(worker: Worker, channel: str) -> None:
    """Send until nothing is left; when nothing is due yet, put on the clock."""
    shift = timedelta(0)
    worker.now = lambda: datetime.now(UTC) + shift
    while list_deliveries(worker.database, channel=channel, only="waiting", limit=1) and shift < LONGEST:
        if not worker.send_one(channel):
            shift += STEP


def _send_rest(worker: Worker, channels: list[str]) -> None:
    for channel in channels:
        _send_all(worker, channel)


def _poison_rows(database: Database, kinds: Mapping[str, list[str]]) -> list[list[str]]:
    rows = []
    with database.reading() as session:
        found = session.execute(
            select(TicketRow.subject, DeliveryRow.dead_at, DeliveryRow.created_at, DeliveryRow.attempts).join(
                TicketRow, TicketRow.id == DeliveryRow.ticket_id
            )
        ).all()
    for kind, subjects in kinds.items():
        for subject in subjects:
            own = [row for row in found if row.subject.startswith(subject)]
            if not own:
                continue
            dead = [row for row in own if row.dead_at]
            days = max(((row.dead_at - row.created_at) / timedelta(days=1) for row in dead), default=0.0)
            attempts = max(row.attempts for row in own)
            rows.append([kind, subject, str(len(own)), str(len(dead)), str(attempts), f"{days:.1f}"])
    return rows


def _wait_for(is_so: Callable[[], bool], patience: float = 10.0) -> None:
    deadline = time.monotonic() + patience
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)
