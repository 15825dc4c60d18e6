"""Databases of earlier and later versions. Each on SQLite and on PostgreSQL."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, event, inspect, make_url, text

from ticket_form.delivery.outbox import list_deliveries
from ticket_form.errors import ConfigurationError
from ticket_form.storage.database import Database, is_postgresql, open_database
from ticket_form.storage.migrate import FOLDER, current_version, newest_version
from ticket_form.storage.models import Base
from ticket_form.storage.ticket_store import list_tickets

TICKETS = 30
Place = Path | str
Rows = dict[str, list[tuple[object, ...]]]

# What the first release made, before versions were written down.
FIRST_TABLES = (
    """CREATE TABLE ticket (id INTEGER NOT NULL, reference VARCHAR NOT NULL, created_at DATETIME NOT NULL,
        state VARCHAR NOT NULL, queue VARCHAR NOT NULL, level VARCHAR NOT NULL, language VARCHAR NOT NULL,
        category VARCHAR NOT NULL, subject TEXT NOT NULL, description TEXT NOT NULL, email VARCHAR NOT NULL,
        name VARCHAR NOT NULL, PRIMARY KEY (id), UNIQUE (reference))""",
    "CREATE INDEX ticket_by_queue ON ticket (queue, id)",
    """CREATE TABLE trail (ticket_id INTEGER NOT NULL, position INTEGER NOT NULL, kind VARCHAR NOT NULL,
        text TEXT NOT NULL, PRIMARY KEY (ticket_id, position),
        FOREIGN KEY(ticket_id) REFERENCES ticket (id) ON DELETE CASCADE)""",
    """CREATE TABLE form_key ("key" VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL, ticket_id INTEGER NOT NULL,
        PRIMARY KEY ("key"), FOREIGN KEY(ticket_id) REFERENCES ticket (id) ON DELETE CASCADE)""",
    "CREATE INDEX ix_form_key_ticket_id ON form_key (ticket_id)",
)
FIRST_ROWS = {
    "ticket": "SELECT id, reference, created_at, state, queue, level, language, category, subject, description, email,"
    " name FROM ticket ORDER BY id",
    "trail": "SELECT ticket_id, position, kind, text FROM trail ORDER BY ticket_id, position",
    "form_key": 'SELECT "key", fingerprint, ticket_id FROM form_key ORDER BY "key"',
}


@contextmanager
def raw(place: Place) -> Iterator[Engine]:
    """Open a database without this program."""
    url = make_url(str(place)).set(drivername="postgresql+psycopg") if is_postgresql(place) else f"sqlite:///{place}"
    engine = create_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Give the address of a database without any table, of each kind in turn."""
    if request.param == "sqlite":
        return tmp_path / "var" / "tickets.sqlite"
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture
def old(place: Place) -> Place:
    """Make a database of the first version, with tickets."""
    if isinstance(place, Path):
        place.parent.mkdir(parents=True)
    with raw(place) as engine, engine.begin() as connection:
        if isinstance(place, Path):
            for statement in FIRST_TABLES:
                connection.execute(text(statement))
        else:
            config = Config()
            config.set_main_option("script_location", str(FOLDER))
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
        for number in range(1, TICKETS + 1):
            connection.execute(
                text(
                    "INSERT INTO ticket (reference, created_at, state, queue, level, language, category, subject,"
                    " description, email, name) VALUES (:reference, '2026-11-21 12:00:00.000000', 'new', 'network',"
                    " 'L1', 'ko', 'network', :subject, 'It drops.', 'kim@example.com', '')"
                ),
                {"reference": f"AD-{number}", "subject": f"끊김 {number}"},
            )
            connection.execute(text("INSERT INTO trail VALUES (:id, 1, 'search', 'vpn')"), {"id": number})
            connection.execute(
                text("INSERT INTO form_key VALUES (:key, 'f', :id)"), {"key": f"key {number:02}", "id": number}
            )
    return place


@pytest.fixture(params=["new", "old"])
def either(request: pytest.FixtureRequest, place: Place) -> Place:
    """Give a new database and one of the first version in turn."""
    return request.getfixturevalue("old") if request.param == "old" else place


def rows(place: Place) -> Rows:
    """Return all that the first version knew."""
    with raw(place) as engine, engine.connect() as connection:
        return {name: [tuple(row) for row in connection.execute(text(query))] for name, query in FIRST_ROWS.items()}


def tables(place: Place) -> dict[str, list[str]]:
    """Return all tables and columns."""
    with raw(place) as engine:
        found = inspect(engine)
        return {name: [column["name"] for column in found.get_columns(name)] for name in found.get_table_names()}


@contextmanager
def statements(do: Callable[[int, str], object]) -> Iterator[None]:
    """Call something before each statement to a database, with its number and text."""
    count = iter(range(10**6))

    def before(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        do(next(count), statement)

    event.listen(Engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", before)


def test_an_old_database_keeps_every_row(old: Place) -> None:
    before = rows(old)
    database = open_database(old)
    assert rows(old) == before
    assert [len(found) for found in before.values()] == [TICKETS] * 3
    page = list_tickets(database)
    assert (page.total, page.tickets[-1].reference) == (TICKETS, "AD-1")
    ticket = page.tickets[-1]
    assert (ticket.draft.subject, ticket.draft.trail.searches, ticket.draft.service) == ("끊김 1", ("vpn",), "")
    assert (ticket.quarantine, ticket.closed_at, ticket.erased_at) == (None, None, None)
    assert list_deliveries(database) == ()
    database.close()


def test_a_new_row_after_a_migration_gets_a_number_of_its_own(old: Place, take: Callable[..., str]) -> None:
    take("AD-new", "mail")  # in the same database
    assert len(rows(old)["ticket"]) == TICKETS + 1


def test_migrations_lead_to_exactly_the_tables_of_this_version(either: Place) -> None:
    database = open_database(either)
    with database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_a_new_database_and_a_migrated_one_delete_alike(either: Place) -> None:
    database = open_database(either)
    with database.reading() as session:
        found = inspect(session.connection())
        keys = {
            (name, *key["constrained_columns"], key["options"].get("ondelete"))
            for name in found.get_table_names()
            for key in found.get_foreign_keys(name)
        }
    database.close()
    owned = {(name, "ticket_id", "CASCADE") for name in ("trail", "form_key", "entry", "attachment", "delivery")}
    assert keys == owned | {(name, "entry_id", "CASCADE") for name in ("form_key", "attachment", "delivery")}


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, "ticket_id") for table in ("trail", "form_key", "entry", "attachment", "delivery")]
    + [(table, "entry_id") for table in ("form_key", "attachment", "delivery")],
)
def test_what_belongs_to_a_row_is_found_without_reading_a_whole_table(
    database: Database, table: str, column: str
) -> None:
    with database.reading() as session:
        if not database.is_sqlite:
            session.execute(text("SET LOCAL enable_seqscan = off"))  # tiny tables are always read whole
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        plan = session.execute(text(f"{explain} SELECT 1 FROM {table} WHERE {column} = 1")).all()
    assert re.search(r"USING (COVERING )?INDEX|Index (Only )?Scan", str(plan)), plan


def test_the_second_time_nothing_is_done(old: Place) -> None:
    open_database(old).close()
    before = tables(old), rows(old)
    said: list[str] = []
    with statements(lambda _number, statement: said.append(statement)):
        open_database(old).close()
    assert said
    assert not [statement for statement in said if statement.startswith(("CREATE", "ALTER", "INSERT", "UPDATE"))]
    assert (tables(old), rows(old)) == before


def test_a_migration_that_fails_at_any_statement_leaves_the_old_version_whole(old: Place) -> None:
    before = tables(old), rows(old)
    faults = 0
    for last in range(1, 1000):

        def fail(number: int, _statement: str, last: int = last) -> None:
            if number == last:
                raise RuntimeError("fault")

        try:
            with statements(fail):
                open_database(old).close()
        except RuntimeError:
            faults += 1
            assert (tables(old), rows(old)) == before
        else:
            break
    assert faults > 25  # one for each statement, not one for all
    assert rows(old) == before[1]
    assert tables(old) != before[0]


@pytest.mark.parametrize("last", [8, 18, 28])
def test_a_migration_whose_process_is_killed_is_done_at_the_next_start(old: Place, last: int) -> None:
    before = tables(old), rows(old)
    program = (
        "import os, sys\n"
        "from sqlalchemy import Engine, event\n"
        "from ticket_form.storage.database import open_database\n"
        "left = [None] * int(sys.argv[2])\n"
        "event.listen(Engine, 'before_cursor_execute', lambda *_given: left.pop() if left else os._exit(9))\n"
        "open_database(sys.argv[1])\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(old), str(last)], capture_output=True, check=False)
    assert killed.returncode == 9, killed.stderr
    assert (tables(old), rows(old)) == before
    open_database(old).close()
    assert rows(old) == before[1]


def test_two_hosts_that_start_at_once_migrate_once(old: Place) -> None:
    program = "import sys; from ticket_form.storage.database import open_database; open_database(sys.argv[1]).close()"
    hosts = [
        subprocess.Popen([sys.executable, "-c", program, str(old)], stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [host.communicate(timeout=60)[1] for host in hosts]
    assert [host.returncode for host in hosts] == [0, 0], said
    assert len(rows(old)["ticket"]) == TICKETS


def test_a_database_of_a_later_version_is_refused_and_left_alone(place: Place) -> None:
    open_database(place).close()
    with raw(place) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = tables(place)
    with pytest.raises(ConfigurationError, match=r"version 9999, .*Install the program that made it"):
        open_database(place)
    assert tables(place) == before


def test_the_version_is_told(database: Database) -> None:
    with database.reading() as session:
        assert current_version(session.connection()) == newest_version()


def test_a_database_that_is_empty_or_of_the_first_release_has_a_version_too(old: Place, tmp_path: Path) -> None:
    with raw(old) as engine, engine.connect() as connection:
        assert current_version(connection) == "0001"
    with raw(tmp_path / "empty") as engine, engine.connect() as connection:
        assert current_version(connection) is None
