"""Free the database pages of erased rows without blocking writers.

SQLite overwrites deleted content (`secure_delete`), so no page needs rewriting; its write-ahead log contains earlier
versions of pages until it is truncated. Free pages are returned to the disk in small steps (`incremental_vacuum`), with
other writers in between. VACUUM would block all writers for seconds, so it is a command for when no desk runs.
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

PAGES_PER_STEP = 256  # 1 MB, a few milliseconds
STEP_PAUSE_SECONDS = 0.01  # for other writers
MAX_LOG_TRIES = 20
_TABLES = ("ticket", "trail", "form_key", "entry", "attachment", "delivery")


def release_pages(database: Database) -> bool:
    """Return free pages to the disk and truncate the log; return whether no erased content is left in the files.

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
    """Return whether free pages can be released while a desk runs; files of earlier versions must be compacted once."""
    return not database.is_sqlite or _pragma(database, "auto_vacuum") == INCREMENTAL


def compact(database: Database) -> None:
    """Rewrite a SQLite file at its smallest size (VACUUM) and enable incremental vacuum for it.

    Raises:
        StorageUnavailable: a desk uses the file, or the disk has no room for a copy.
    """
    place = Path(str(database.engine.url.database))
    try:
        with closing(sqlite3.connect(place, timeout=database.patience, isolation_level=None)) as connection:
            # In WAL mode auto_vacuum cannot change; leaving that mode fails while another process has the file open.
            for statement in ("journal_mode=DELETE", "secure_delete=ON", f"auto_vacuum={INCREMENTAL}"):
                connection.execute(f"PRAGMA {statement}").fetchall()
            connection.execute("VACUUM")
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
    except sqlite3.Error as error:
        raise StorageUnavailable(str(error)) from error


def _step(database: Database) -> bool:
    before = _pragma(database, "freelist_count")
    # As a script: the statement frees one page at each step, and the driver steps a query without columns only once.
    # A script commits the transaction first, and still runs within the write queue's turn.
    with database.writing() as session, closing(session.connection().connection.cursor()) as cursor:
        cursor.executescript(f"PRAGMA incremental_vacuum({PAGES_PER_STEP})")
    return _pragma(database, "freelist_count") < before


def _pragma(database: Database, name: str) -> int:
    with database.reading() as session:
        return int(session.scalar(text(f"PRAGMA {name}")) or 0)


def _cut_log(database: Database) -> bool:
    """Truncate SQLite's log, which contains earlier versions of pages; return whether that succeeded in time."""
    for _ in range(MAX_LOG_TRIES):
        if _checkpoint(database)[0] == 0:
            return True
        time.sleep(STEP_PAUSE_SECONDS)  # a reader or writer is active
    return False


def _checkpoint(database: Database) -> Sequence[int]:
    """Return SQLite's result of a checkpoint: whether it was blocked, and two numbers of pages."""
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
