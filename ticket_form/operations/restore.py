"""Restore a desk from a backup, where no tickets exist yet.

Pending deliveries of a backup may have been sent after it was made. So all channels are paused and pending deliveries
count as retries: channels that can look for duplicates do so before they send.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import case, func, select, update

from ticket_form.delivery.outbox import pause
from ticket_form.errors import ConfigurationError
from ticket_form.operations.backup import POSTGRESQL, ROUTING, SECRET, SQLITE, Backup, read_backup, secret_fingerprint
from ticket_form.operations.dump import check_sqlite, has_tables, restore_postgresql
from ticket_form.operations.durable_files import copy_file, sync
from ticket_form.storage.database import Database, is_postgresql, name_of, open_database
from ticket_form.storage.models import DeliveryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTarget:
    """The target of a restore; a routing file or secret that exists there is kept."""

    database: Path | str
    routing: Path | None = None
    secret_file: Path | None = None
    secret: bytes | None = None
    """The existing secret of the target, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The result of a restore, and what the operator must know."""

    backup: Backup
    held: dict[str, int]
    """Number of pending deliveries by paused channel."""
    written: tuple[Path, ...]
    is_secret_missing: bool
    """The target's secret differs from that of the backup, which did not contain it."""


def restore(folder: Path, place: RestoreTarget, *, now: datetime) -> Restored:
    """Restore a backup, and pause its deliveries.

    Raises:
        ConfigurationError: the backup is incomplete, there are tickets already, or the target cannot be written.
    """
    backup = read_backup(folder.absolute())
    held = _restore_database(backup, place.database, now=now)
    targets = {name: path for name, path in ((ROUTING, place.routing), (SECRET, place.secret_file)) if path}
    wanted = {name: path for name, path in targets.items() if name in backup.files and not path.exists()}
    for name, path in wanted.items():
        try:
            copy_file(backup.folder / name, path)
        except OSError as error:
            raise ConfigurationError(
                f"{path}: cannot be written ({error.strerror}). The tickets are restored; copy {name} yourself."
            ) from error
    secret = place.secret
    if SECRET in wanted:
        secret = bytes.fromhex(wanted[SECRET].read_text("ascii"))
    return Restored(
        backup=backup,
        held=held,
        written=tuple(wanted.values()),
        is_secret_missing=secret is None or secret_fingerprint(secret) != backup.secret,
    )


def pause_channels(database: Database, *, now: datetime) -> dict[str, int]:
    """Pause every channel with pending deliveries, and mark these as retries; return their number by channel."""
    with database.writing() as session:
        session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.delivered_at.is_(None), DeliveryRow.dropped_at.is_(None))
            .values(attempts=case((DeliveryRow.attempts > 1, DeliveryRow.attempts), else_=1), lease=None)
        )
    held = _waiting(database)
    for channel in held:
        pause(database, channel, now=now)
    return held


def _waiting(database: Database) -> dict[str, int]:
    counts = select(DeliveryRow.channel, func.count()).where(
        DeliveryRow.delivered_at.is_(None), DeliveryRow.dropped_at.is_(None)
    )
    with database.reading() as session:
        return {channel: count for channel, count in session.execute(counts.group_by(DeliveryRow.channel))}


def _restore_database(backup: Backup, where: Path | str, *, now: datetime) -> dict[str, int]:
    is_dump = POSTGRESQL in backup.files
    if is_dump != is_postgresql(where):
        kind = "PostgreSQL" if is_dump else "SQLite"
        raise ConfigurationError(
            f"{name_of(where)}: the backup is of {kind}. "
            f"Set TICKET_FORM_DATABASE to {'an address' if is_dump else 'a path'}."
        )
    if is_dump:
        return _restore_postgresql(backup, str(where), now=now)
    return _restore_sqlite(backup, Path(where), now=now)


def _restore_sqlite(backup: Backup, target: Path, *, now: datetime) -> dict[str, int]:
    taken = [path for path in (target, Path(f"{target}-wal")) if path.exists()]
    if taken:
        raise ConfigurationError(f"{taken[0]}: exists. Move it away, or set TICKET_FORM_DATABASE to a new place.")
    draft = target.with_name(f".{target.name}.partial")
    try:
        draft.unlink(missing_ok=True)
        copy_file(backup.folder / SQLITE, draft)
        check_sqlite(draft)
        database = open_database(draft)
        try:
            held = pause_channels(database, now=now)
        finally:
            database.close()  # checkpoints its log
        sync(draft)
        os.link(draft, target)  # never overwrites an existing file
        sync(target.parent)
        return held
    except OSError as error:
        raise ConfigurationError(f"{target}: cannot be written ({error.strerror}). Choose another place.") from error
    finally:
        for ending in ("", "-wal", "-shm"):
            Path(f"{draft}{ending}").unlink(missing_ok=True)


def _restore_postgresql(backup: Backup, where: str, *, now: datetime) -> dict[str, int]:
    if has_tables(where):
        raise ConfigurationError(f"{name_of(where)}: has tickets already. Make an empty database and name that one.")
    restore_postgresql(backup.folder / POSTGRESQL, where)
    database = open_database(where)
    try:
        return pause_channels(database, now=now)
    finally:
        database.close()
