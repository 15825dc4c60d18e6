"""Fill the disk, or have it fail, in the middle of posts."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.tickets.balance import compare
from bench.tickets.desk import Desk, DeskError, children_of, make_desk
from bench.tickets.post import Ledger, Letter, Visitor, write_letters
from bench.tickets.power import demand_mounts, mounted

SMALL, LARGE = "size=6m", "size=64m"
MARK = "These words must come back."
LONG = f"{MARK} " + "x" * 9_000
MOST = 2_000  # posts until a small disk must be full
COLUMNS = (
    "fault", "acknowledged before", "refused", "acknowledged meanwhile", "refused with the text kept",
    "acknowledged after", "stored", "lost", "doubled", "torn", "integrity",
)  # fmt: skip


def fill_disk(folder: Path, site: Path, *, refusals: int) -> list[str]:
    """Post until the disk is full and so many posts were refused; then make room, and post on without a restart."""
    demand_mounts()
    desk = make_desk(folder, site)
    with mounted("tickets", folder / "disk", "-t", "tmpfs", "-o", SMALL) as place:
        desk.database = str(place / "tickets.sqlite")
        desk.start()
        try:
            run = _Run(desk)
            for _ in range(MOST):
                if run.ledger.refused.total() + run.ledger.broken:
                    break
                run.post(1)
            run.break_for(refusals)
            subprocess.run(["mount", "-o", f"remount,{LARGE}", str(place)], check=True)
            run.recover(30)
        finally:
            desk.stop()
        return run.row("disk full")


def fail_disk(folder: Path, site: Path, *, refusals: int) -> list[str]:
    """Have every fsync of the server fail for so many posts; then post on, after a restart if it ended."""
    if not shutil.which("strace"):
        raise DeskError("strace is missing: install it")
    desk = make_desk(folder, site)
    desk.start()
    try:
        run = _Run(desk)
        run.post(30)
        with _failing_fsync(desk.pid, *children_of(desk.pid)):
            run.break_for(refusals)
        if desk.process and desk.process.poll() is not None:
            desk.stop()
            desk.start()
        run.recover(30)
    finally:
        desk.stop()
    return run.row("fsync says EIO")


class _Run:
    """What happens to posts before, during and after a fault."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ledger = Ledger()
        self.kept = 0
        self.counts: list[int] = []
        self._letters = write_letters("fault", description=LONG)
        self._refused: list[Letter] = []

    def post(self, number: int) -> int:
        """Post so many, and return how many were acknowledged."""
        return sum(self._send(next(self._letters)) for _ in range(number))

    def break_for(self, number: int) -> None:
        """Post so many during the fault."""
        self.counts = [len(self.ledger.acknowledged), self.post(number)]

    def recover(self, number: int) -> None:
        """Post what was refused again, as visitors would, and more."""
        again, self._refused = self._refused, []
        self.counts.append(sum(self._send(email) for email in again) + self.post(number))

    def row(self, fault: str) -> list[str]:
        """Return a row of the table."""
        balance = compare(self.desk.database, self.ledger.acknowledged)
        before, meanwhile, after = self.counts
        refused = self.ledger.refused.total() + self.ledger.broken
        return [
            fault, str(before), str(refused), str(meanwhile), str(self.kept), str(after), str(balance.stored),
            str(balance.lost), str(balance.doubled + self.ledger.changed), str(balance.torn), balance.integrity,
        ]  # fmt: skip

    def _send(self, email: Letter) -> bool:
        visitor = Visitor(self.desk.port)
        answer = visitor.post(email)
        visitor.close()
        self.ledger.note(email, answer)
        if not answer.reference:
            self._refused.append(email)
            self.kept += MARK in answer.text
        return bool(answer.reference)


@contextmanager
def _failing_fsync(*pids: int) -> Iterator[None]:
    calls = "fsync,fdatasync"
    command = ["strace", "-f", "-q", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:error=EIO"]
    traced = [word for pid in pids for word in ("-p", str(pid))]
    with subprocess.Popen([*command, *traced], stderr=subprocess.PIPE, text=True) as tracer:
        time.sleep(1.0)  # it says nothing when it has attached
        if tracer.poll() is not None and tracer.stderr:
            raise DeskError(f"strace cannot attach here: {tracer.stderr.read().strip()}")
        try:
            yield
        finally:
            tracer.terminate()
            tracer.wait()
