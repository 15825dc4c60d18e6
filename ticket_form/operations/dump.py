"""Dump and restore a whole database: SQLite by its backup API, PostgreSQL by pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from ticket_form.errors import ConfigurationError, StorageUnavailable
from ticket_form.operations.durable_files import sync, write_file
from ticket_form.storage.database import Database, name_of

_MAX_DUMP_SECONDS = 6 * 3600  # time-out of a PostgreSQL program


def dump_sqlite(database: Database, target: Path) -> None:
    """Copy a consistent snapshot of a database while others write."""
    write_file(target, b"")  # created with our file mode; SQLite fills it
    try:
        with closing(database.engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise StorageUnavailable(str(error)) from error
    check_sqlite(target)
    sync(target)


def check_sqlite(path: Path) -> None:
    """Raise ConfigurationError if the database is damaged."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            is_whole = found == "ok" and not connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:
        raise ConfigurationError(f"{path}: is no database ({error}). Use another backup.") from error
    if not is_whole:
        raise ConfigurationError(f"{path}: the database is damaged ({found}). Use another backup.")


def dump_postgresql(address: str, target: Path) -> None:
    """Copy a consistent snapshot of a database while others write."""
    write_file(target, b"")
    _run("pg_dump", address, "--format=custom", f"--file={target}")
    sync(target)


def restore_postgresql(dump: Path, address: str) -> None:
    """Restore a dump into an empty PostgreSQL database, in one transaction."""
    _run("pg_restore", address, "--no-owner", "--exit-on-error", "--single-transaction", str(dump))


def has_tables(where: str) -> bool:
    """Return whether a PostgreSQL database has our tables."""
    engine = create_engine(make_url(where).set(drivername="postgresql+psycopg"))
    try:
        return inspect(engine).has_table("ticket")
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", error)).split())
        raise ConfigurationError(f"{name_of(where)}: does not answer ({reason}). Start it, or correct it.") from error
    finally:
        engine.dispose()


def _run(program: str, address: str, *arguments: str) -> None:
    """Run a PostgreSQL program; the password is passed in the environment, which other users cannot read."""
    found = shutil.which(program)
    if found is None:
        raise ConfigurationError(
            f"{program}: is not installed here. Install PostgreSQL's client programs, "
            "or run this on the database's own machine."
        )
    url = make_url(address).set(drivername="postgresql")
    env = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    shown = url.set(password=None).render_as_string(hide_password=False)
    result = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [found, f"--dbname={shown}", *arguments],
        env=env,
        capture_output=True,
        text=True,
        timeout=_MAX_DUMP_SECONDS,
        check=False,
    )
    if result.returncode:
        reason = " ".join(result.stderr.split())[:300]
        raise ConfigurationError(f"{name_of(address)}: {program} failed ({reason}). Correct that and try again.")
