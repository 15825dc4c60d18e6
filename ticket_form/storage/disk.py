"""Measure the disk where the database is."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from ticket_form.storage.database import Database


@dataclass(frozen=True, slots=True)
class Disk:
    """Its free room and all of it, in bytes."""

    free: int
    total: int

    @property
    def share(self) -> float:
        """Return which part of it is free."""
        return self.free / self.total if self.total else 0.0


def measure_disk(database: Database) -> Disk | None:
    """Return the room on the database's disk; None if the database is on another machine.

    Raises:
        OSError: the disk does not answer.
    """
    name = database.engine.url.database
    if not database.is_sqlite or name is None:
        return None
    usage = shutil.disk_usage(Path(name).parent)
    return Disk(free=usage.free, total=usage.total)
