"""Have one client send as many large files as it can: how much of the disk does it take?"""

from itertools import islice
from pathlib import Path

from bench.tickets.desk import Desk
from bench.tickets.post import Visitor, write_letters

FILE_BYTES = 9_900_000  # just below what one file may have
MEGABYTE = 1_000_000
USUAL = {f"TICKET_FORM_{name}": "" for name in ("FILES_NETWORK_DAY", "FILES_DAY", "DISK_RESERVE")}
COLUMNS = ("tickets", "sent, MB", "acknowledged", "the database's files, MB")


def measure_flood(desk: Desk, *, tickets: int) -> list[list[str]]:
    """Return a row: a desk with the usual budgets gets tickets with a large file each, from one address."""
    desk.start()
    visitor = Visitor(desk.port)
    try:
        letters = islice(write_letters("flood", file=b"x" * FILE_BYTES), tickets)
        acknowledged = sum(visitor.post(letter).reference is not None for letter in letters)
    finally:
        visitor.close()
        desk.stop()
    path = Path(desk.database)
    stored = sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))
    sent = tickets * FILE_BYTES / MEGABYTE
    return [[str(tickets), f"{sent:.0f}", str(acknowledged), f"{stored / MEGABYTE:.0f}"]]
