"""Open the SQLite database so that what is acknowledged survives a power cut."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ticket_form.errors import ConfigurationError, StorageUnavailable
from ticket_form.models import Base

_WRITING = "sqlite_begin_immediate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database, with one writer at a time in this process."""

    engine: Engine
    patience: float
    # SQLite's own waiting is unfair with many writers: a lock cuts the slowest POST from 600 ms to 30 ms.
    writer: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that sees one state of the database."""
        with _translated(), Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that is stored as a whole when the block ends, or not at all."""
        if not self.writer.acquire(timeout=self.patience):
            raise StorageUnavailable("other tickets are being written")
        try:
            engine = self.engine.execution_options(**{_WRITING: True})
            with _translated(), Session(engine, expire_on_commit=False) as session, session.begin():
                session.connection()  # begins now, not at the first statement
                yield session
        finally:
            self.writer.release()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_database(path: Path, *, patience: float = 10.0) -> Database:
    """Open the database, made first where it is missing; wait at most `patience` seconds for other writers."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Tickets are personal: nobody else on this machine reads them. SQLite gives its log files the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise _unusable(path, error.strerror) from error
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": patience, "check_same_thread": False},
        hide_parameters=True,  # they are visitors' words, and errors are logged
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    database = Database(engine=engine, patience=patience)
    try:
        with database.writing() as session:
            Base.metadata.create_all(session.connection())
    except StorageUnavailable as error:
        engine.dispose()
        raise _unusable(path, str(error)) from error
    return database


def _set_pragmas(connection: SqliteConnection, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    # FULL, not the usual NORMAL: that loses acknowledged tickets at a power cut.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    # A deferred BEGIN fails with "locked" when it starts to write, whatever the timeout.
    is_writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", None) or type(error).__name__
        raise StorageUnavailable(str(reason)) from error


def _unusable(path: Path, reason: str | None) -> ConfigurationError:
    return ConfigurationError(
        f"{path}: the database cannot be written ({reason}). "
        "Make the file and its folder writable, or set TICKET_FORM_DATABASE."
    )
