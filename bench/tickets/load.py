"""Load: how many requests a second, how slow the slowest hundredth, what happens when three times too many come."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.tickets.balance import compare
from bench.tickets.client import Connection, Load, Sample, Target, count_good, keep_busy, keep_coming
from bench.tickets.desk import Desk, children_of
from bench.tickets.post import read_location
from bench.tickets.targets import OurDesk
from bench.tickets.writers import milliseconds

# Of a hundred requests in the mixed phase: looks at the form, tickets, and tickets with a file of 5 MB.
MIXED = {"form": 75, "ticket": 24, "large": 1}
PHASES = ("form", "ticket", "large", "mixed")
TITLES = {
    "form": "GET form",
    "ticket": "POST ticket, 2 kB file",
    "large": "POST ticket, 5 MB file",
    "mixed": "mixed (75, 24, 1)",
}
COLUMNS = ("requests", "desk", "connections", "a second", "p50, ms", "p99, ms", "errors", "memory, MB")
OVERLOAD = 3
OVERLOAD_CONNECTIONS = 400
GOOD = 0.1  # seconds: an answer as quick as it should be
OVERLOAD_COLUMNS = (
    "offered a second", "seconds", "requests", "acknowledged", "429 or 503", "other errors", "no answer",
    "acknowledged p99, ms", "refused p50, ms", "refused p99, ms", "recovered after, s", "lost", "doubled", "torn",
)  # fmt: skip


def measure_phase(target: Target, phase: str, *, connections: int, seconds: float, pid: int | None) -> list[str]:
    """Return a row of the table."""
    if pid:
        forget_peak(pid)
    load = keep_busy(target, connections=connections, seconds=seconds, warm_up=1.0, choose=_Chooser(phase))
    good = count_good(load.samples)
    p50, p99, _ = milliseconds([sample.seconds for sample in load.samples])
    memory = f"{read_peak(pid) / 1e6:.0f}" if pid else "–"
    wrong = Counter(str(sample.status or "no answer") for sample in load.samples if not sample.is_good)
    errors = ", ".join(f"{number} × {status}" for status, number in wrong.items()) or "0"
    return [TITLES[phase], target.name, str(connections), f"{good / seconds:.0f}", p50, p99, errors, memory]


def measure_overload(desk: Desk, *, rate: float, seconds: float) -> list[str]:
    """Return a row of the table: tickets come at three times the rate that the desk bears."""
    target = OurDesk(desk)
    load = keep_coming(target, rate=OVERLOAD * rate, seconds=seconds, connections=OVERLOAD_CONNECTIONS, kind="ticket")
    recovered = asyncio.run(_recover(target))
    good = [sample for sample in load.samples if sample.is_good]
    refused = [sample.seconds for sample in load.samples if sample.status in (429, 503)]
    statuses = Counter(sample.status for sample in load.samples)
    balance = compare(desk.database, _acknowledged(good))
    others = len(load.samples) - len(good) - len(refused) - statuses[0]
    return [
        f"{OVERLOAD * rate:.0f}", f"{seconds:.0f}", str(len(load.samples)), _share(len(good), load),
        _share(len(refused), load), str(others), str(statuses[0]),
        milliseconds([sample.seconds for sample in good])[1], *milliseconds(refused)[:2], f"{recovered:.1f}",
        str(balance.lost), str(balance.doubled), str(balance.torn),
    ]  # fmt: skip


def count_fsyncs(folder: Path, seconds: float = 2.0) -> float:
    """Return how often a second a file of this folder can be written and brought to the disk."""
    handle = os.open(folder / "fsync", os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        end, number = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            os.pwrite(handle, b"x" * 4096, number * 4096)
            os.fdatasync(handle)
            number += 1
        return number / seconds
    finally:
        os.close(handle)


def forget_peak(pid: int) -> None:
    """Have the system count the most memory of a process, and of those that it started, anew."""
    for process in (pid, *children_of(pid)):
        try:
            Path(f"/proc/{process}/clear_refs").write_text("5", "ascii")
        except OSError:
            continue  # then it is the most since the start


def read_peak(pid: int) -> int:
    """Return the most bytes of memory that a process had, and each of those that it started, added up."""
    return sum(_read_peak(process) for process in (pid, *children_of(pid)))


def _read_peak(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


class _Chooser:
    """Tells what the n-th request of a phase is; the same in every run."""

    def __init__(self, phase: str) -> None:
        weights = MIXED if phase == "mixed" else {phase: 1}
        self._kinds = [kind for kind, weight in weights.items() for _ in range(weight)]

    def __call__(self, number: int) -> str:
        return self._kinds[number * 37 % len(self._kinds)]  # 37 has no factor in common with 100: all come in turn


def _acknowledged(good: Sequence[Sample]) -> dict[str, str]:
    return {sample.subject: read_location(sample.location) or "" for sample in good}


def _share(number: int, load: Load) -> str:
    return f"{number} ({number / max(1, len(load.samples)):.0%})"


async def _recover(target: Target) -> float:
    """Return after how many seconds five tickets in a row are taken as quickly as they should be."""
    begun = time.monotonic()
    good, first = 0, begun
    connection = Connection(target.port)
    session = await target.begin(connection)
    while good < 5 and time.monotonic() - begun < 60:
        asked = time.monotonic()
        sample = await target.visit(connection, session, "ticket")
        if sample.is_good and sample.seconds <= GOOD:
            first = asked if good == 0 else first
            good += 1
        else:
            good = 0
        await asyncio.sleep(0.02)
    connection.close()
    return first - begun if good == 5 else float("inf")
