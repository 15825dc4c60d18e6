"""Free the database pages of erased rows without blocking writers.

SQLite overwrites what is deleted (`secure_delete`), so that no page must be written anew for the words to be gone; its
log holds pages as they were until it is cut. Free pages go back to the disk in small steps (`incremental_vacuum`), and
others write between them. VACUUM, which stopped all writers for seconds, is left to a command for when no desk runs.
"""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ticket_form.errors import StorageUnavailable
from ticket_form.storage.database import INCREMENTAL, Database

PAGES_PER_STEP = 256  # a megabyte, some milliseconds
STEP_PAUSE_SECONDS = 0.01  # in which others write
MAX_LOG_TRIES = 20
_TABLES = ("ticket", "trail", "form_key", "entry", "attachment", "delivery")


def release_pages(database: Database) -> bool:
    """Give free pages back, and cut the log; tell whether nothing of what was erased is left in the database's files.

    Raises:
        StorageUnavailable: the database does not answer.
    """
    if not database.is_sqlite:
        _vacuum_postgresql(database)
        return True
    if keeps_compact(database):
        while _pragma(database, "freelist_count") > 0 and _step(database):
            time.sleep(STEP_PAUSE_SECONDS)
    return _cut_log(database)


def keeps_compact(database: Database) -> bool:
    """Tell whether free pages can be given back while a desk runs: files of earlier versions must be compacted once."""
    return not database.is_sqlite or _pragma(database, "auto_vacuum") == INCREMENTAL


def compact(database: Database) -> None:
    """Write a SQLite file anew, as small as it can be; from then on it gives free pages back by itself.

    Raises:
        StorageUnavailable: a desk uses it, or there is no room for a second copy.
    """
    place = Path(str(database.engine.url.database))
    try:
        with closing(sqlite3.connect(place, timeout=database.patience, isolation_level=None)) as connection:
            # In WAL mode the kind of a file cannot change; this fails while anybody else has it open.
            for statement in ("journal_mode=DELETE", "secure_delete=ON", f"auto_vacuum={INCREMENTAL}"):
                connection.execute(f"PRAGMA {statement}").fetchall()
            connection.execute("VACUUM")
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
    except sqlite3.Error as error:
        raise StorageUnavailable(str(error)) from error


def _step(database: Database) -> bool:
    before = _pragma(database, "freelist_count")
    # As a script: the statement moves one page each time that it is stepped, and the driver steps a query without
    # columns once. A script ends the transaction before it, and runs within the writer's turn all the same.
    with database.writing() as session, closing(session.connection().connection.cursor()) as cursor:
        cursor.executescript(f"PRAGMA incremental_vacuum({PAGES_PER_STEP})")
    return _pragma(database, "freelist_count") < before


def _pragma(database: Database, name: str) -> int:
    with database.reading() as session:
        return int(session.scalar(text(f"PRAGMA {name}")) or 0)


def _cut_log(database: Database) -> bool:
    """Cut SQLite's log, which holds pages as they were; tell whether nobody was in the way for long."""
    for _ in range(MAX_LOG_TRIES):
        if _checkpoint(database)[0] == 0:
            return True
        time.sleep(STEP_PAUSE_SECONDS)  # somebody reads or writes just now
    return False


def _checkpoint(database: Database) -> Sequence[int]:
    """Return SQLite's row about a checkpoint: whether it was kept from ending, and two numbers of pages."""
    if not database.writer.acquire(timeout=database.patience):
        raise StorageUnavailable("other tickets are being written")
    try:
        with closing(database.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return tuple(cursor.fetchone() or (1,))
    except sqlite3.Error as error:
        raise StorageUnavailable(str(error)) from error
    finally:
        database.writer.release()


def _vacuum_postgresql(database: Database) -> None:
    try:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM {', '.join(_TABLES)}"))
    except SQLAlchemyError as error:
        raise StorageUnavailable(type(error).__name__) from error
