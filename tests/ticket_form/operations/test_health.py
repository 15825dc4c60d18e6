"""Whether a server is well."""

import threading

from flask.testing import FlaskClient
from sqlalchemy import text

from ticket_form.delivery.worker import Worker
from ticket_form.operations.health import VERDICT_CACHE_SECONDS, Health
from ticket_form.settings import Settings
from ticket_form.storage.database import Database, open_database
from ticket_form.storage.disk import Disk, measure_disk
from ticket_form.web.services import Services

ROOMY = Disk(free=50, total=100)


def test_a_well_server_says_so_and_no_more(client: FlaskClient, services: Services) -> None:
    services.health.measure = lambda _database: ROOMY
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_full_disk_is_no_health(client: FlaskClient, services: Services) -> None:
    services.health.measure = lambda _database: Disk(free=9, total=100)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (503, "failing\n")


def test_a_disk_that_cannot_be_asked_counts_as_full(database: Database) -> None:
    def fail(_database: Database) -> Disk:
        raise OSError(5, "Input/output error")

    assert not Health(database=database, worker=None, measure=fail).judge().has_room


def test_a_database_that_takes_nothing_is_no_health(settings: Settings) -> None:
    database = open_database(settings.database, patience=0.05)
    other = open_database(settings.database)
    health = Health(database=database, worker=None, measure=lambda _database: ROOMY)
    with other.writing():
        assert health.judge().can_write is False
    other.close()
    database.close()


def test_a_read_only_postgresql_is_no_health(postgresql: str) -> None:
    database = open_database(postgresql)
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(
            text(f"ALTER DATABASE {database.engine.url.database} SET default_transaction_read_only = on")
        )
    database.close()
    assert Health(database=database, worker=None).judge().can_write is False
    database.close()


def test_a_worker_that_died_is_no_health(database: Database) -> None:
    worker = Worker(database=database, channels={})
    health = Health(database=database, worker=worker, measure=lambda _database: ROOMY, clock=lambda: 0.0)
    assert health.judge().is_healthy
    dead = threading.Thread(target=lambda: None)
    dead.start()
    dead.join()
    worker._threads.append(dead)
    assert Health(database=database, worker=worker, measure=lambda _database: ROOMY).judge().is_sending is False


def test_the_database_is_not_asked_more_often_for_being_asked(database: Database) -> None:
    now, asked = [100.0], []

    def measure(_database: Database) -> Disk:
        asked.append(now[0])
        return ROOMY

    health = Health(database=database, worker=None, measure=measure, clock=lambda: now[0])
    for now[0] in (100.0, 100.0 + VERDICT_CACHE_SECONDS - 0.1, 100.0 + VERDICT_CACHE_SECONDS + 0.1):
        health.judge()
    assert asked == [100.0, 100.0 + VERDICT_CACHE_SECONDS + 0.1]


def test_the_disk_of_a_database_elsewhere_is_not_ours_to_measure(database: Database) -> None:
    disk = measure_disk(database)
    assert (disk is not None) == database.is_sqlite
    assert disk is None or 0 < disk.share < 1
