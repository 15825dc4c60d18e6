"""A database that keeps what it acknowledged."""

import re
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from servers import PostgreSQL, free_port
from sqlalchemy import event, text

from ticket_form.errors import ConfigurationError, StorageUnavailable
from ticket_form.storage import database as module
from ticket_form.storage import write_queue
from ticket_form.storage.database import Database, open_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "tickets.sqlite"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = open_database(path, patience=0.05)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 50), ("secure_delete", 1)],
)
def test_every_connection_is_durable(database: Database, pragma: str, value: object) -> None:
    with database.reading() as first, database.reading() as second, database.writing() as third:
        for session in (first, second, third):
            assert session.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_writing_takes_the_lock_at_once_and_reading_does_not(database: Database, path: Path) -> None:
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    with database.reading() as session:
        session.execute(text("SELECT count(*) FROM ticket"))
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    with database.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")  # before any statement of ours
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_the_statements_say_so(database: Database) -> None:
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    with database.writing():
        pass
    with database.reading() as session:
        session.execute(text("SELECT 1"))
    assert said == ["BEGIN IMMEDIATE", "BEGIN", "SELECT 1"]


def test_a_failed_block_stores_nothing(database: Database) -> None:
    insert = text("INSERT INTO form_key (key, fingerprint, ticket_id) VALUES ('k', 'f', 1)")

    def fail() -> None:
        with database.writing() as session:
            session.execute(text("PRAGMA defer_foreign_keys=ON"))
            session.execute(insert)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM form_key")).scalar() == 0


def test_a_row_without_its_ticket_is_refused(database: Database) -> None:
    with pytest.raises(StorageUnavailable, match="FOREIGN KEY"), database.writing() as session:
        session.execute(text("INSERT INTO form_key (key, fingerprint, ticket_id) VALUES ('k', 'f', 1)"))


def test_another_programs_lock_is_waited_for_and_then_reported(database: Database, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match="locked"), database.writing():
        pass
    other.close()
    with database.writing():
        pass


def test_one_thread_writes_at_a_time(database: Database) -> None:
    with database.writing(), pytest.raises(StorageUnavailable, match="other tickets"), database.writing():
        pass
    with database.writing():
        pass


def test_the_process_that_waits_is_next_and_not_the_one_that_has_just_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        write_queue, "MIN_POLL_SECONDS", 0.2
    )  # who only looks now and then would find the turn taken again
    busy, waiting = open_database(path), open_database(path)
    has_begun, has_had_a_turn, written = threading.Event(), threading.Event(), []

    def write_without_a_pause() -> None:
        while len(written) < 20 and not has_had_a_turn.is_set():
            with busy.writing():
                has_begun.set()
                time.sleep(0.05)
            written.append(1)

    writer = threading.Thread(target=write_without_a_pause)
    writer.start()
    assert has_begun.wait(10)
    with waiting.writing():
        before = len(written)
        has_had_a_turn.set()
    writer.join()
    assert before < 10
    busy.close()
    waiting.close()


def test_a_process_that_waits_in_vain_says_so_and_keeps_no_turn(database: Database, path: Path) -> None:
    other = open_database(path, patience=0.05)
    for _ in range(2):
        with other.writing(), pytest.raises(StorageUnavailable, match="other processes"), database.writing():
            pass
    with database.writing():
        pass
    other.close()


def test_a_closed_database_leaves_no_file_open(path: Path) -> None:
    opened = open_database(path)
    files = [file for file in Path("/proc/self/fd").iterdir() if str(path) in str(file.resolve())]
    assert files
    opened.close()
    assert not [file for file in files if str(path) in str(file.resolve())]


def test_tickets_are_readable_by_their_owner_only(database: Database, path: Path) -> None:
    with database.writing() as session:
        session.execute(text("CREATE TABLE t (a)"))
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_failures_never_show_what_visitors_wrote(database: Database) -> None:
    with pytest.raises(StorageUnavailable) as caught, database.writing() as session:
        session.execute(text("INSERT INTO missing VALUES (:words)"), {"words": "private words"})
    assert "private words" not in str(caught.value)
    assert "private words" not in str(caught.value.__cause__)


@pytest.mark.parametrize("name", ["file/tickets.sqlite", "folder"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigurationError, match=r"cannot be written .*TICKET_FORM_DATABASE"):
        open_database(tmp_path / name)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but long enough to look at " * 50)
    with pytest.raises(ConfigurationError, match="not a database"):
        open_database(tmp_path / "notes.txt")


def test_a_database_in_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=r"journal_mode is 'memory', .* Name a file on a disk"):
        open_database(Path(":memory:"))


@pytest.mark.parametrize(
    ("pragma", "said"), [("synchronous=NORMAL", "synchronous is '1'"), ("journal_mode=DELETE", "mode is 'delete'")]
)
def test_a_sqlite_that_says_stored_too_early_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch, pragma: str, said: str
) -> None:
    as_usual = module._set_pragmas

    def weaken(connection: sqlite3.Connection, record: object) -> None:
        as_usual(connection, record)
        connection.execute(f"PRAGMA {pragma}").close()

    monkeypatch.setattr(module, "_set_pragmas", weaken)
    with pytest.raises(ConfigurationError, match=said):
        open_database(path)


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_postgresql_server_that_says_stored_too_early_is_refused(
    postgresql: str, postgresql_server: PostgreSQL, setting: str
) -> None:
    def is_set(value: str) -> bool:
        with psycopg.connect(postgresql) as connection:
            return connection.execute(f"SHOW {setting}".encode()).fetchone() == (value,)

    postgresql_server.run(f"ALTER SYSTEM SET {setting} = off", "SELECT pg_reload_conf()")
    try:
        while not is_set("off"):
            pass
        with pytest.raises(ConfigurationError, match=rf"{setting} is 'off', .* Set it to 'on'\."):
            open_database(postgresql)
    finally:
        postgresql_server.run(f"ALTER SYSTEM RESET {setting}", "SELECT pg_reload_conf()")
        while not is_set("on"):
            pass
    open_database(postgresql).close()


def test_a_postgresql_database_that_says_stored_too_early_is_refused(
    postgresql: str, postgresql_server: PostgreSQL
) -> None:
    postgresql_server.run(f"ALTER DATABASE {postgresql.rpartition('/')[2]} SET synchronous_commit = off")
    with pytest.raises(ConfigurationError, match="synchronous_commit is 'off', so a power cut loses tickets"):
        open_database(postgresql)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_postgresql_that_cannot_be_reached_is_named_without_its_password(scheme: str) -> None:
    with pytest.raises(ConfigurationError, match=r"cannot be written .* Start it, or correct") as caught:
        open_database(f"{scheme}://kim:s3cret@127.0.0.1:{free_port()}/tickets", patience=2)
    assert "kim:***@127.0.0.1" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_wrong_address_of_postgresql_shows_how_to_write_one() -> None:
    with pytest.raises(ConfigurationError, match="Write it like postgresql://user:password@host/database") as caught:
        open_database("postgresql://kim:s3cret@host:port/tickets")
    assert "s3cret" not in str(caught.value)


def test_a_wrong_password_is_not_shown(postgresql: str) -> None:
    wrong = re.sub(r":[^:@]+@", ":s3cret@", postgresql)
    with pytest.raises(ConfigurationError, match="password authentication failed") as caught:
        open_database(wrong)
    assert "s3cret" not in str(caught.value)


def test_a_block_on_postgresql_is_stored_whole_or_not_at_all(postgresql: str) -> None:
    database = open_database(postgresql)

    def fail() -> None:
        with database.writing() as session:
            session.execute(text("INSERT INTO channel (name) VALUES ('mail')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM channel")).scalar() == 0
    database.close()


def test_connections_that_postgresql_closed_are_replaced(postgresql: str, postgresql_server: PostgreSQL) -> None:
    database = open_database(postgresql)
    with database.reading() as session:
        session.execute(text("SELECT 1"))
    postgresql_server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'tickets_%'")
    with database.reading() as session:
        assert session.execute(text("SELECT 1")).scalar() == 1
    database.close()


def test_a_locked_row_on_postgresql_is_waited_for_and_then_reported(postgresql: str) -> None:
    database = open_database(postgresql, patience=1)
    with database.writing() as session:
        session.execute(text("INSERT INTO channel (name) VALUES ('mail')"))
    lock = text("SELECT name FROM channel FOR UPDATE")
    with database.writing() as first:
        first.execute(lock)
        with pytest.raises(StorageUnavailable, match="lock timeout"), database.writing() as second:
            second.execute(lock)
    database.close()
