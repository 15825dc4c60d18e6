"""Measure the disk of the database."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from ticket_form.storage.database import Database


@dataclass(frozen=True, slots=True)
class Disk:
    """Free and total space in bytes."""

    free: int
    total: int

    @property
    def share(self) -> float:
        """Return the free share, from 0 to 1."""
        return self.free / self.total if self.total else 0.0


def measure_disk(database: Database) -> Disk | None:
    """Return the space on the database's disk; None if the database is on another machine.

    Raises:
        OSError: the disk cannot be read.
    """
    name = database.engine.url.database
    if not database.is_sqlite or name is None:
        return None
    usage = shutil.disk_usage(Path(name).parent)
    return Disk(free=usage.free, total=usage.total)
