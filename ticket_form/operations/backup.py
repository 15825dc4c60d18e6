"""Back up a running desk into a folder, with a manifest of checksums."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from ticket_form.errors import ConfigurationError
from ticket_form.operations.dump import dump_postgresql, dump_sqlite
from ticket_form.operations.durable_files import sha256_of, sync, write_file
from ticket_form.secrets.signing import derive_key
from ticket_form.settings import PACKAGED_ROUTING, Settings
from ticket_form.storage.database import Database, open_database
from ticket_form.storage.migrate import current_version
from ticket_form.storage.models import TicketRow

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE = "tickets.sqlite"
POSTGRESQL = "tickets.dump"
ROUTING = "routing.yml"
SECRET = "secret"  # noqa: S105 - the name of a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """The content of a backup folder, as its manifest describes it."""

    folder: Path
    made_at: datetime
    tickets: int
    files: dict[str, str]
    """SHA-256 by file name."""
    secret: str
    """A fingerprint of the secret, which does not reveal it."""


def back_up(settings: Settings, folder: Path, *, with_secret: bool, now: datetime) -> Backup:
    """Copy a snapshot of the tickets, and the routing, into a new folder while the desk runs.

    Raises:
        ConfigurationError: the folder exists or cannot be made, or PostgreSQL's program is missing.
        StorageUnavailable: the database could not be read.
    """
    folder = folder.absolute()
    draft = folder.with_name(f".{folder.name}.partial")
    if folder.exists():
        raise ConfigurationError(f"{folder}: exists. Name a new folder, such as one with the date in its name.")
    database = open_database(settings.database)
    try:
        shutil.rmtree(draft, ignore_errors=True)  # left by an interrupted backup
        draft.mkdir(parents=True, mode=0o700)
        name = SQLITE if database.is_sqlite else POSTGRESQL
        dump_sqlite(database, draft / name) if database.is_sqlite else dump_postgresql(
            str(settings.database), draft / name
        )
        if settings.routing != PACKAGED_ROUTING:
            write_file(draft / ROUTING, settings.routing.read_bytes())
        if with_secret:
            write_file(draft / SECRET, settings.secret_key.hex().encode())
        made = Backup(
            folder=folder,
            made_at=now,
            tickets=_count(database, draft / name),
            files={path.name: sha256_of(path) for path in sorted(draft.iterdir())},
            secret=secret_fingerprint(settings.secret_key),
        )
        write_file(draft / MANIFEST, _manifest(made, database).encode())
        sync(draft)
        draft.rename(folder)
        sync(folder.parent)
    except OSError as error:
        raise ConfigurationError(f"{folder}: cannot be written ({error.strerror}). Choose another place.") from error
    finally:
        database.close()
        shutil.rmtree(draft, ignore_errors=True)
    return made


def read_backup(folder: Path) -> Backup:
    """Read a backup's manifest and verify every file's checksum.

    Raises:
        ConfigurationError: the folder is no backup, or incomplete.
    """
    path = folder / MANIFEST
    try:
        document = json.loads(path.read_text("utf-8"))
        if document["format"] != FORMAT:
            raise ConfigurationError(
                f"{path}: format is {document['format']!r}, but this version reads {FORMAT}. "
                "Use the version that made it."
            )
        backup = Backup(
            folder=folder,
            made_at=datetime.fromisoformat(document["made_at"]),
            tickets=int(document["tickets"]),
            files={str(name): str(digest) for name, digest in document["files"].items()},
            secret=str(document["secret"]),
        )
    except OSError as error:
        raise ConfigurationError(
            f'{folder}: is no backup ({error.strerror}: {path.name}). Name a folder that "ticket-form backup" made.'
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"{path}: cannot be read as a manifest. Use another backup.") from error
    problems = [
        f"{folder / name}: is missing or not what was backed up. Use another backup."
        for name, digest in backup.files.items()
        if Path(name).name != name or not (folder / name).is_file() or sha256_of(folder / name) != digest
    ]
    if not {SQLITE, POSTGRESQL} & set(backup.files):
        problems.append(f"{path}: names no tickets. Use another backup.")
    if problems:
        raise ConfigurationError(*problems)
    return backup


def _count(database: Database, copy: Path) -> int:
    if database.is_sqlite:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM ticket").fetchone()[0])
    with database.reading() as session:  # approximate: tickets may arrive during the dump
        return session.scalar(select(func.count()).select_from(TicketRow)) or 0


def _manifest(backup: Backup, database: Database) -> str:
    with database.reading() as session:
        version = current_version(session.connection())
    document: dict[str, Any] = {
        "format": FORMAT,
        "made_at": backup.made_at.isoformat(),
        "tables": version,
        "tickets": backup.tickets,
        "files": backup.files,
        "secret": backup.secret,
    }
    return json.dumps(document, indent=2) + "\n"


def secret_fingerprint(secret: bytes) -> str:
    """Return a fingerprint of a secret, which does not reveal it."""
    return derive_key(secret, "recognise in a backup")[:12]
