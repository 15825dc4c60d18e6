"""Export metrics for Prometheus, on a listening address of their own."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from ticket_form.delivery.outbox import list_channels
from ticket_form.errors import ConfigurationError, StorageUnavailable
from ticket_form.operations.clock_check import find_jump
from ticket_form.operations.health import Health
from ticket_form.spam.quarantine import measure_held
from ticket_form.storage.database import Database
from ticket_form.storage.disk import measure_disk
from ticket_form.storage.models import TicketRow
from ticket_form.web.request_log import Observe

BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Figures(Collector):
    """A collector that reads its metrics from the database at each scrape."""

    def __init__(
        self,
        database: Database,
        health: Health,
        *,
        channels: Iterable[str] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._health = health
        self._channels = tuple(channels)
        self._now = now

    def collect(self) -> Iterable[Metric]:
        """Return all metrics, or only that the database is down."""
        verdict = self._health.judge()
        yield _gauge("ticket_form_database_writable", "1 if tickets can be stored.", int(verdict.can_write))
        yield _gauge("ticket_form_worker_alive", "1 if deliveries are sent, as far as known.", int(verdict.is_sending))
        disk = measure_disk(self._database)
        if disk:
            yield _gauge("ticket_form_disk_free_bytes", "Free room on the database's disk.", disk.free)
            yield _gauge("ticket_form_disk_free_ratio", "Free part of the database's disk.", disk.share)
        try:
            is_trusted = find_jump(self._database, now=self._now()) is None
            yield _gauge("ticket_form_clock_trusted", "0 if nothing is erased since the clock jumped.", int(is_trusted))
            yield from [*self._deliveries(), *self._tickets(), *self._held()]
        except StorageUnavailable:
            return

    def _deliveries(self) -> Iterable[Metric]:
        age = GaugeMetricFamily(
            "ticket_form_oldest_undelivered_seconds", "Age of what waits longest; 0 if nothing does.",
            labels=["channel"],
        )  # fmt: skip
        waiting = GaugeMetricFamily("ticket_form_deliveries_waiting", "Not delivered yet.", labels=["channel"])
        dead = GaugeMetricFamily("ticket_form_deliveries_dead", "Put aside for an operator.", labels=["channel"])
        paused = GaugeMetricFamily("ticket_form_channel_paused", "1 if an operator paused it.", labels=["channel"])
        for state in list_channels(self._database, self._channels):
            oldest = (self._now() - state.oldest).total_seconds() if state.oldest else 0.0
            age.add_metric([state.name], max(0.0, oldest))
            waiting.add_metric([state.name], state.waiting)
            dead.add_metric([state.name], state.dead)
            paused.add_metric([state.name], int(state.paused_at is not None))
        return age, waiting, dead, paused

    def _tickets(self) -> Iterable[Metric]:
        is_held = TicketRow.quarantine.is_not(None)
        counts = select(TicketRow.queue, TicketRow.state, is_held, func.count()).group_by(
            TicketRow.queue, TicketRow.state, is_held
        )
        depth = GaugeMetricFamily("ticket_form_queue_tickets", "Tickets of a queue.", labels=["queue", "state"])
        accepted = 0
        with self._database.reading() as session:
            for queue, state, is_quarantined, count in session.execute(counts):
                accepted += count
                if not is_quarantined:
                    depth.add_metric([queue, state], count)
        total = CounterMetricFamily("ticket_form_tickets_accepted", "Tickets ever stored.", value=accepted)
        return depth, total

    def _held(self) -> Iterable[Metric]:
        held = measure_held(self._database)
        age = (self._now() - held.oldest).total_seconds() if held.oldest else 0.0
        yield _gauge("ticket_form_quarantined_tickets", "Tickets held back that nobody has looked at.", held.count)
        yield _gauge("ticket_form_oldest_quarantined_seconds", "Age of the oldest of them; 0 if none.", max(0.0, age))


def make_registry(figures: Figures) -> tuple[CollectorRegistry, Observe]:
    """Return a registry, and the function that counts requests in it."""
    registry = CollectorRegistry()
    registry.register(figures)
    seconds = Histogram(
        "ticket_form_request_seconds", "Time to answer.", ["method", "route", "status"], buckets=BUCKETS,
        registry=registry,
    )  # fmt: skip

    def observe(method: str, route: str, status: int, took: float) -> None:
        seconds.labels(method, route, f"{status // 100}xx").observe(took)

    return registry, observe


def serve_metrics(registry: CollectorRegistry, host: str, port: int) -> tuple[str, Callable[[], None]]:
    """Serve a registry over HTTP in a thread; return its URL and a function that stops it."""
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise ConfigurationError(
            f"TICKET_FORM_METRICS: {host}:{port} cannot be opened ({error.strerror}). Choose another port."
        ) from error

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join(5)

    return f"http://{host}:{server.server_address[1]}/metrics", stop


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)
