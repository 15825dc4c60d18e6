"""Cut the power in the middle of posts: look at what the disk held at that moment.

The tickets are on an ext4 of their own in a file that is mounted by a loop device. What the system only keeps in
memory is not in that file. A round:

1. Visitors post for a while; then the server is frozen, so that nothing more is acknowledged.
2. The file is copied: this is the disk after a power cut at that moment.
3. The copy is mounted, which replays the journal of ext4, and opened, which replays the log of SQLite.

It does not show a disk that forgets what it said it had written.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.tickets.balance import Balance, compare
from bench.tickets.desk import COMMAND, Desk, DeskError, make_desk
from bench.tickets.post import Crowd, Ledger, write_letters

SIZE = 64 * 1024 * 1024
# ext4 writes by itself every five seconds; the less it does so, the harder the test.
OPTIONS = "loop,noatime,commit=300"
SHORTEST, LONGEST = 0.3, 1.5  # seconds of posts before a cut
PATIENCE = 10.0  # seconds to unmount
COLUMNS = ("synchronous", "rounds", "acknowledged", "stored", "lost", "doubled", "torn", "corrupt")
COMMANDS = {"FULL": (COMMAND,), "NORMAL": (sys.executable, str(Path(__file__).with_name("weak.py")))}


def cut_in_rounds(folder: Path, site: Path, *, rounds: int, clients: int, synchronous: str) -> list[str]:
    """Return a row of the table."""
    demand_mounts()
    folder.mkdir(parents=True, exist_ok=True)
    empty = folder / "empty.img"
    with empty.open("wb") as file:
        file.truncate(SIZE)
    _run("mkfs.ext4", "-q", "-F", str(empty))
    desk = make_desk(folder, site, command=COMMANDS[synchronous])
    balances = [_cut_once(desk, folder, empty, clients) for _ in range(rounds)]
    sums = [
        sum(getattr(balance, name) for balance in balances)
        for name in ("acknowledged", "stored", "lost", "doubled", "torn")
    ]
    corrupt = sum(balance.integrity != "ok" for balance in balances)
    return [synchronous, str(rounds), *map(str, sums), str(corrupt)]


def demand_mounts() -> None:
    """Raise a reason why nothing can be mounted here, if there is one."""
    if os.geteuid() != 0:
        raise DeskError("mounting needs root: run this as root, on a machine of its own")
    if not Path("/dev/loop-control").exists() or not shutil.which("mkfs.ext4"):
        raise DeskError("loop devices or mkfs.ext4 are missing: load the module loop, install e2fsprogs")


@contextmanager
def mounted(what: Path | str, where: Path, *options: str) -> Iterator[Path]:
    """Mount for the time of a block."""
    where.mkdir(exist_ok=True)
    _run("mount", *options, str(what), str(where))
    try:
        yield where
    finally:
        _unmount(where)


def _unmount(where: Path) -> None:
    """Unmount; threads of a killed process may have files open a moment longer than it looks dead."""
    ends = time.monotonic() + PATIENCE
    while subprocess.run(("umount", str(where)), capture_output=True).returncode:
        if time.monotonic() > ends:
            _run("umount", str(where))
            return
        time.sleep(0.05)


def _cut_once(desk: Desk, folder: Path, empty: Path, clients: int) -> Balance:
    disk, after = folder / "disk.img", folder / "after.img"
    _copy(empty, disk)
    ledger = Ledger()
    with mounted(disk, folder / "disk", "-o", OPTIONS) as place:
        running = replace(desk, database=str(place / "tickets.sqlite"), port=0)
        running.start()
        crowd = Crowd(running.port, ledger, write_letters, size=clients)
        try:
            time.sleep(random.uniform(SHORTEST, LONGEST))
            running.freeze()
            _copy(disk, after)
        finally:
            running.stop(signal.SIGKILL)
            crowd.join()
    with mounted(after, folder / "after", "-o", OPTIONS) as place:
        try:
            return compare(str(place / "tickets.sqlite"), ledger.acknowledged)
        except Exception as error:  # whatever a torn database makes of it
            number = len(ledger.acknowledged)
            return Balance(acknowledged=number, stored=0, lost=number, doubled=0, torn=0, integrity=str(error))


def _copy(source: Path, target: Path) -> None:
    _run("cp", "--sparse=always", str(source), str(target))


def _run(*command: str) -> None:
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode:
        raise DeskError(f"{' '.join(command)}: {ended.stderr.strip()}")


def cut_rows(folder: Path, site: Path, *, rounds: int, control_rounds: int, clients: int) -> Sequence[Sequence[str]]:
    """Return the rows of both settings."""
    return [
        cut_in_rounds(folder / name, site, rounds=number, clients=clients, synchronous=name)
        for name, number in (("FULL", rounds), ("NORMAL", control_rounds))
        if number
    ]
