"""Erase a person's tickets while others post: how long do they wait, and what is left in the files?"""

import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random

from bench.tickets.client import Sample, Target, keep_coming
from bench.tickets.desk import COMMAND, Desk, DeskError
from bench.tickets.targets import OurDesk
from bench.tickets.writers import DESTINATION, draft, milliseconds
from ticket_form.storage.database import open_database
from ticket_form.storage.ticket_store import accept
from ticket_form.tickets.ticket import Attachment

ADDRESS = "forgotten@example.com"
MARK = b"words that must be gone"
FILE_BYTES = 2_000_000
CHUNK_SECONDS = 1.0
CONNECTIONS = 16
COLUMNS = (
    "", "seconds", "files, MB", "copies of the words", "posts", "not answered 303", "p50, ms", "p99, ms", "slowest, ms",
)  # fmt: skip


def measure_erasing(desk: Desk, *, megabytes: int, rate: float, quiet_seconds: float) -> list[list[str]]:
    """Return two rows: posts come at a rate to a desk that holds megabytes of a person, then while it forgets."""
    _fill(Path(desk.database), tickets=megabytes * 1_000_000 // FILE_BYTES)
    desk.start()
    try:
        target = OurDesk(desk)
        quiet = keep_coming(target, rate=rate, seconds=quiet_seconds, connections=CONNECTIONS, kind="ticket").samples
        rows = [_row("before", quiet_seconds, desk, quiet)]
        seconds, samples = _erase(desk, target, rate=rate)
    finally:
        desk.stop()
    return [*rows, _row("while it forgets, and after", seconds, desk, samples)]


def _fill(path: Path, *, tickets: int) -> None:
    """Store tickets whose words can be told and whose files cannot be packed."""
    database, chance = open_database(path), Random(7)
    for number in range(tickets):
        content = MARK + chance.randbytes(FILE_BYTES)
        file = Attachment(
            name="a.log", media_type="text/plain", size=len(content), sha256=sha256(content).hexdigest(),
            content=content,
        )  # fmt: skip
        accept(
            database, replace(draft(f"{number}", MARK.decode()), email=ADDRESS, attachments=(file,)),
            destination=DESTINATION, reference=f"AD-F-{number}", form_key=f"key {number}", now=datetime.now(UTC),
        )  # fmt: skip
    database.close()


def _erase(desk: Desk, target: Target, *, rate: float) -> tuple[float, list[Sample]]:
    """Forget the person while posts come; return how long that took, and the posts."""
    told = desk.folder / "forget.txt"
    begun, samples = time.time(), list[Sample]()
    with told.open("w", encoding="utf-8") as output:
        process = subprocess.Popen([COMMAND, "forget", ADDRESS], env=desk.environment, stdout=output, stderr=output)
    while process.poll() is None:
        chunk = keep_coming(target, rate=rate, seconds=CHUNK_SECONDS, connections=CONNECTIONS, kind="ticket")
        samples += chunk.samples
    if process.returncode:
        raise DeskError(f"forget failed: {told.read_text('utf-8')}")
    return told.stat().st_mtime - begun, samples  # it speaks when it is done


def _row(name: str, seconds: float, desk: Desk, samples: list[Sample]) -> list[str]:
    files = [file for file in Path(desk.database).parent.glob(f"{Path(desk.database).name}*") if file.is_file()]
    left = sum(file.read_bytes().count(MARK) for file in files)
    wrong = sum(not sample.is_good for sample in samples)
    size = sum(file.stat().st_size for file in files) / 1e6
    times = milliseconds([sample.seconds for sample in samples])
    return [name, f"{seconds:.1f}", f"{size:.0f}", str(left), str(len(samples)), str(wrong), *times]
