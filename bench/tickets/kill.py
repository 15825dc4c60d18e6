"""Stop the server in the middle of posts, again and again, and count what is missing."""

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from bench.tickets.balance import compare
from bench.tickets.desk import make_desk
from bench.tickets.post import Crowd, Ledger, Letter, post_again, write_letters

SHORTEST, LONGEST = 0.2, 1.0  # seconds of posts before a stop
COLUMNS = (
    "signal", "rounds", "acknowledged", "no server", "no answer", "refused", "stored", "lost", "doubled", "torn",
    "integrity", "slowest exit, s",
)  # fmt: skip


def stop_in_rounds(folder: Path, site: Path, *, rounds: int, clients: int, how: signal.Signals) -> list[str]:
    """Return a row of the table: what was acknowledged and what is there after so many stops.

    What was left without an answer is posted again, with the same form key, as soon as the server is back.
    """
    desk, ledger, exits = make_desk(folder, site), Ledger(), []
    try:
        for _ in range(rounds):
            desk.start()
            post_again(desk.port, ledger)
            crowd = Crowd(desk.port, ledger, _write_mixed, size=clients)
            time.sleep(random.uniform(SHORTEST, LONGEST))
            exits.append(desk.stop(how))
            crowd.join()
        desk.start()
        post_again(desk.port, ledger)
    finally:
        desk.stop()
    balance = compare(desk.database, ledger.acknowledged)
    return [
        how.name, str(rounds), str(balance.acknowledged), str(ledger.away), str(ledger.broken),
        str(ledger.refused.total()), str(balance.stored), str(balance.lost), str(balance.doubled + ledger.changed),
        str(balance.torn), balance.integrity, f"{max(exits):.2f}",
    ]  # fmt: skip


def _write_mixed(name: str) -> Iterator[Letter]:
    """Write tickets of which every fourth has a file, so that stops meet uploads too."""
    plain, filed = write_letters(f"{name} plain"), write_letters(f"{name} filed", file=b"a line of a log\n" * 20_000)
    while True:
        yield from (next(plain), next(plain), next(plain), next(filed))
