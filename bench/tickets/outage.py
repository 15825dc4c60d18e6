"""Stop a real help desk, take tickets meanwhile, and start it; or take the time until it has a ticket."""

import shlex
import subprocess
import time
from pathlib import Path
from statistics import quantiles

from bench.tickets.balance import compare
from bench.tickets.desk import make_desk, write_routing
from bench.tickets.post import Ledger, Visitor, write_letters
from bench.tickets.tracker import Tracker
from ticket_form.delivery.outbox import list_deliveries
from ticket_form.storage.database import open_database

OUTAGE_COLUMNS = (
    "tickets", "attempts while it was away", "there", "missing", "doubled", "in order", "first after, s",
    "all after, s", "dead",
)  # fmt: skip
ARRIVAL_COLUMNS = ("tickets", "there", "doubled", "p50, s", "p95, s", "worst, s")


def outlast_outage(
    folder: Path, site: Path, tracker: Tracker, *, tickets: int, stop: str, start: str, away: float
) -> list[str]:
    """Return a row of the table: the tracker is stopped, tickets come, it is started again."""
    _run(stop)
    desk = make_desk(folder, site, more={tracker.variable: tracker.token})
    write_routing(desk.routing, [tracker.channel("tracker")])
    desk.start()
    try:
        ledger = _post_all(desk.port, tickets, "outage")
        time.sleep(away)
        names = list(ledger.acknowledged.values())
        attempts = _count_attempts(desk.database)
        _run(start)
        begun, first = time.monotonic(), 0.0
        there: dict[str, int] = {}
        while len([name for name in names if there.get(name)]) < tickets and time.monotonic() - begun < 1800:
            time.sleep(2)
            there = tracker.count(names)
            first = first or (time.monotonic() - begun if any(there.values()) else 0.0)
        took = time.monotonic() - begun
        time.sleep(5)  # a second one would come about now
        there = tracker.count(names)
    finally:
        desk.stop()
    balance = compare(desk.database, ledger.acknowledged)
    opened = open_database(Path(desk.database))
    dead = len(list_deliveries(opened, only="dead"))
    opened.close()
    return [
        str(balance.acknowledged), str(attempts), str(sum(times > 0 for times in there.values())),
        str(sum(times == 0 for times in there.values())), str(sum(times > 1 for times in there.values())),
        f"{tracker.share_in_order(names):.0%}", f"{first:.0f}", f"{took:.0f}", str(dead),
    ]  # fmt: skip


def time_arrivals(folder: Path, site: Path, tracker: Tracker, *, tickets: int, pause: float) -> list[str]:
    """Return a row of the table: seconds from a post until its ticket is found in the tracker."""
    desk = make_desk(folder, site, more={tracker.variable: tracker.token})
    write_routing(desk.routing, [tracker.channel("tracker")])
    desk.start()
    seconds: list[float] = []
    names: list[str] = []
    try:
        visitor, letters = Visitor(desk.port), write_letters("arrival")
        for _ in range(tickets):
            begun = time.monotonic()
            reference = visitor.post(next(letters)).reference or ""
            while time.monotonic() - begun < 60 and not tracker.find(reference):
                time.sleep(0.2)
            seconds.append(time.monotonic() - begun)
            names.append(reference)
            time.sleep(pause)
        visitor.close()
    finally:
        desk.stop()
    there = tracker.count(names)
    cuts = quantiles(seconds, n=20, method="inclusive") if tickets > 1 else seconds * 19
    return [
        str(tickets), str(sum(times > 0 for times in there.values())), str(sum(times > 1 for times in there.values())),
        f"{cuts[9]:.2f}", f"{cuts[18]:.2f}", f"{max(seconds):.2f}",
    ]  # fmt: skip


def _post_all(port: int, tickets: int, name: str) -> Ledger:
    ledger, visitor, letters = Ledger(), Visitor(port), write_letters(name)
    for _ in range(tickets):
        email = next(letters)
        ledger.note(email, visitor.post(email))
    visitor.close()
    return ledger


def _count_attempts(database: str) -> int:
    opened = open_database(Path(database))
    try:
        return sum(delivery.attempts for delivery in list_deliveries(opened))
    finally:
        opened.close()


def _run(command: str) -> None:
    subprocess.run(shlex.split(command), check=True, stdout=subprocess.DEVNULL)
