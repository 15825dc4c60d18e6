"""Open the database, SQLite or PostgreSQL, with settings under which commits survive a power cut."""

import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Error as SqliteError
from sqlite3 import connect

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from ticket_form.errors import ConfigurationError, StorageUnavailable, install_hint
from ticket_form.storage.migrate import current_version, migrate, newest_version
from ticket_form.storage.write_queue import WriteQueue, open_write_queue

POSTGRESQL = "postgresql"
INCREMENTAL = 2  # SQLite's auto_vacuum mode in which free pages are released on request
_WRITING = "sqlite_begin_immediate"
_CONNECTIONS = 16  # to PostgreSQL: one for each server thread, and some for deliveries
# The settings of PostgreSQL under which a commit is on the disk.
_DURABLE = {"fsync": {"on"}, "full_page_writes": {"on"}, "synchronous_commit": {"on", "remote_write", "remote_apply"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database. Writers to SQLite queue, since it allows one at a time.

    SQLite's own busy waiting is unfair: the queue cuts the slowest POST from 600 ms to 30 ms.
    """

    engine: Engine
    patience: float
    writing_engine: Engine = field(init=False, repr=False)
    write_queue: WriteQueue | None = field(default=None, repr=False)
    writer: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        """Create the session factory once: that takes longer than some transactions."""
        object.__setattr__(self, "writing_engine", self.engine.execution_options(**{_WRITING: True}))

    @property
    def is_sqlite(self) -> bool:
        """Return whether it is SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a read transaction on one snapshot of the database."""
        with _translated(), Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a write transaction; it is committed at the end of the block, or rolled back by an exception."""
        opened = Session(self.writing_engine, expire_on_commit=False)
        with self._turn(), _translated(), opened as session, session.begin():
            session.connection()  # begins the transaction now, not at the first statement
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        if self.write_queue:
            self.write_queue.close()
        object.__setattr__(self, "write_queue", None)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self.writer.acquire(timeout=self.patience):
            raise StorageUnavailable("other tickets are being written")
        try:
            with self.write_queue.turn() if self.write_queue else nullcontext():
                yield
        finally:
            self.writer.release()


def relax_durability(session: Session) -> None:
    """Let this transaction commit without waiting for the disk; only for counters.

    Rows that all visitors count in are then not locked during a disk flush. No effect on SQLite, which has one writer.
    """
    if session.get_bind().dialect.name == POSTGRESQL:
        session.execute(text("SET LOCAL synchronous_commit = off"))


def open_database(where: Path | str, *, patience: float = 10.0) -> Database:
    """Open the database at a path or a PostgreSQL URL, and migrate it to the current schema.

    `patience` is the time-out in seconds for other writers.

    Raises:
        ConfigurationError: it cannot be written, is not durable, or has the schema of a later version.
    """
    if is_postgresql(where):
        database = Database(engine=_open_postgresql(where, patience), patience=patience)
    else:
        engine = _open_sqlite(Path(where), patience)
        database = Database(engine=engine, patience=patience, write_queue=open_write_queue(Path(where), patience))
    try:
        _prepare(database, where)
    except BaseException:
        database.close()
        raise
    return database


def _prepare(database: Database, where: Path | str) -> None:
    try:
        with database.reading() as session:
            _demand_durability(session.connection())
            is_new = current_version(session.connection()) == newest_version()
        if not is_new:
            with database.writing() as session:
                migrate(session.connection())
    except StorageUnavailable as error:
        raise _unusable(where, str(error)) from error
    except LookupError as error:
        raise ConfigurationError(
            f"{name_of(where)}: the database has version {error}, which this program does not know. "
            "Install the program that made it, or a later one."
        ) from error


def is_postgresql(where: Path | str) -> bool:
    """Return whether a setting is a PostgreSQL URL and not a path."""
    return isinstance(where, str) and where.startswith((f"{POSTGRESQL}:", f"{POSTGRESQL}+", "postgres:"))


def name_of(where: Path | str) -> str:
    """Return a database setting without its password, for messages."""
    return make_url(str(where)).render_as_string(hide_password=True) if is_postgresql(where) else str(where)


def _open_sqlite(path: Path, patience: float) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Tickets are personal data: only the owner may read them. SQLite gives its log files the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if path.stat().st_size == 0:
            _let_shrink(path, patience)
    except OSError as error:
        raise _unusable(path, error.strerror) from error
    except SqliteError as error:
        raise _unusable(path, str(error)) from error
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": patience, "check_same_thread": False},
        hide_parameters=True,  # visitor text, and errors are logged
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _let_shrink(path: Path, patience: float) -> None:
    """Enable incremental vacuum for a new file; SQLite allows that only before the first table."""
    with closing(connect(path, timeout=patience, isolation_level=None)) as connection:
        for pragma in (f"auto_vacuum={INCREMENTAL}", "journal_mode=WAL"):
            connection.execute(f"PRAGMA {pragma}").fetchall()


def _open_postgresql(where: Path | str, patience: float) -> Engine:
    try:
        url = make_url(str(where)).set(drivername=f"{POSTGRESQL}+psycopg")
        return create_engine(
            url,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_timeout=patience,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": max(2, int(patience)),
                "options": f"-c lock_timeout={int(patience * 1000)}",
            },
            hide_parameters=True,
        )
    except (ArgumentError, ValueError) as error:  # ValueError: the port is not a number
        raise ConfigurationError(
            "TICKET_FORM_DATABASE: is no address of PostgreSQL. Write it like postgresql://user:password@host/database."
        ) from error
    except ImportError as error:
        raise ConfigurationError(
            f"TICKET_FORM_DATABASE: the driver of PostgreSQL is missing. {install_hint('postgresql')}"
        ) from error


def _set_pragmas(connection: SqliteConnection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun explicitly, in _begin
    # FULL, not the usual NORMAL, which loses committed tickets at a power cut.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    # A deferred BEGIN fails with "locked" at its first write, whatever the time-out.
    is_writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def _demand_durability(connection: Connection) -> None:
    """Raise ConfigurationError if the database commits before data is on the disk."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        found = {
            name: str(connection.execute(text(f"PRAGMA {name}")).scalar()) for name in ("journal_mode", "synchronous")
        }
        wanted = {"journal_mode": {"wal"}, "synchronous": {"2"}}
    else:
        found = {name: str(connection.execute(text(f"SHOW {name}")).scalar()) for name in _DURABLE}
        wanted = _DURABLE
    problems = [
        f"TICKET_FORM_DATABASE: {name} is {found[name]!r}, so a power cut loses tickets. "
        + ("Name a file on a disk of this machine." if is_sqlite else f"Set it to {min(values)!r}.")
        for name, values in wanted.items()
        if found[name] not in values
    ]
    if problems:
        raise ConfigurationError(*problems)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__)
        # Only the first line: PostgreSQL quotes visitor text in the others, and this is logged.
        raise StorageUnavailable(reason.partition("\n")[0]) from error


def _unusable(where: Path | str, reason: str | None) -> ConfigurationError:
    cure = (
        "Start it, or correct TICKET_FORM_DATABASE."
        if is_postgresql(where)
        else ("Make the file and its folder writable, or set TICKET_FORM_DATABASE.")
    )
    return ConfigurationError(f"{name_of(where)}: the database cannot be written ({reason}). {cure}")
