"""Figures for Prometheus."""

import socket
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry

from ticket_form.delivery.outbox import claim, mark_failed, pause
from ticket_form.errors import ConfigurationError, PermanentFailure, StorageUnavailable
from ticket_form.operations.health import Health
from ticket_form.server.metrics import Figures, make_registry, serve_metrics
from ticket_form.spam.quarantine import reject
from ticket_form.storage.database import Database
from ticket_form.storage.ticket_store import add_entry
from ticket_form.tickets.ticket import Author, Entry, EntryKind
from ticket_form.web.services import Services

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Take = Callable[..., str]


@pytest.fixture
def registry(database: Database) -> CollectorRegistry:
    """Measure a database an hour after NOW."""
    health = Health(database=database, worker=None)
    return make_registry(Figures(database, health, channels=["mail", "rt"], now=lambda: NOW + timedelta(hours=1)))[0]


def test_channels_are_measured_also_those_with_nothing_to_do(
    database: Database, registry: CollectorRegistry, take: Take
) -> None:
    take("AD-1", "mail", now=NOW)
    take("AD-2", "mail", now=NOW + timedelta(minutes=30))
    assert registry.get_sample_value("ticket_form_oldest_undelivered_seconds", {"channel": "mail"}) == 3600
    assert registry.get_sample_value("ticket_form_oldest_undelivered_seconds", {"channel": "rt"}) == 0
    taken = claim(database, "mail", now=NOW)
    assert taken
    mark_failed(database, taken, PermanentFailure("550"), now=NOW, chance=0)
    pause(database, "mail", now=NOW)
    assert registry.get_sample_value("ticket_form_oldest_undelivered_seconds", {"channel": "mail"}) == 1800
    assert registry.get_sample_value("ticket_form_deliveries_dead", {"channel": "mail"}) == 1
    assert registry.get_sample_value("ticket_form_deliveries_waiting", {"channel": "mail"}) == 1
    assert registry.get_sample_value("ticket_form_channel_paused", {"channel": "mail"}) == 1
    assert registry.get_sample_value("ticket_form_channel_paused", {"channel": "rt"}) == 0


def test_tickets_are_counted_by_queue_and_state(database: Database, registry: CollectorRegistry, take: Take) -> None:
    take("AD-1")
    take("AD-2")
    take("AD-3", judge=lambda _session: "too many")
    end = Entry(created_at=NOW, author=Author.TEAM, kind=EntryKind.CLOSED, text="")
    add_entry(database, "AD-2", end, form_key="end", now=NOW)
    assert registry.get_sample_value("ticket_form_queue_tickets", {"queue": "network", "state": "new"}) == 1
    assert registry.get_sample_value("ticket_form_queue_tickets", {"queue": "network", "state": "closed"}) == 1
    assert registry.get_sample_value("ticket_form_tickets_accepted_total") == 3


def test_held_tickets_are_counted_with_the_age_of_the_oldest_until_somebody_decides(
    database: Database, registry: CollectorRegistry, take: Take
) -> None:
    names = ("ticket_form_quarantined_tickets", "ticket_form_oldest_quarantined_seconds")
    assert [registry.get_sample_value(name) for name in names] == [0, 0]
    take("AD-1", now=NOW, judge=lambda _session: "quick")
    take("AD-2", now=NOW + timedelta(minutes=30), judge=lambda _session: "trap")
    assert [registry.get_sample_value(name) for name in names] == [2, 3600]
    reject(database, "AD-1", now=NOW)
    assert [registry.get_sample_value(name) for name in names] == [1, 1800]


def test_the_disk_is_measured_where_it_is_ours(database: Database, registry: CollectorRegistry) -> None:
    share = registry.get_sample_value("ticket_form_disk_free_ratio")
    assert (share is not None) == database.is_sqlite
    assert share is None or 0 < share < 1


def test_without_the_database_the_rest_is_still_told(
    registry: CollectorRegistry, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    def fail(*_: object) -> None:
        raise StorageUnavailable("gone")

    assert registry.get_sample_value("ticket_form_database_writable") == 1
    monkeypatch.setattr("ticket_form.server.metrics.list_channels", fail)
    assert registry.get_sample_value("ticket_form_database_writable") == 1
    assert registry.get_sample_value("ticket_form_tickets_accepted_total") is None


def test_requests_are_timed_by_route(client: FlaskClient, services: Services) -> None:
    registry, observe = make_registry(Figures(services.database, services.health))
    services.observers.append(observe)
    client.get("/ticket")
    client.get("/ticket/status/some-secret")
    client.open("/ticket", method="NONSENSE")
    counted = "ticket_form_request_seconds_count"
    assert registry.get_sample_value(counted, {"method": "GET", "route": "/ticket", "status": "2xx"}) == 1
    secret = {"method": "GET", "route": "/ticket/status/<secret>", "status": "4xx"}
    assert registry.get_sample_value(counted, secret) == 1
    labels = {label for family in registry.collect() for sample in family.samples for label in sample.labels.values()}
    assert not {"NONSENSE", "some-secret", "/ticket/status/some-secret"} & labels


def test_figures_are_shown_on_an_address_of_their_own(registry: CollectorRegistry) -> None:
    url, stop = serve_metrics(registry, "127.0.0.1", 0)
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            assert b"ticket_form_oldest_undelivered_seconds" in answer.read()
    finally:
        stop()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=5)


def test_the_form_itself_shows_no_figures(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 404


def test_a_taken_port_is_told(registry: CollectorRegistry) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"TICKET_FORM_METRICS: 127.0.0.1:{port}"):
            serve_metrics(registry, "127.0.0.1", port)
