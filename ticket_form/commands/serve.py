"""The commands `ticket-form serve` and `worker`."""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import click

from ticket_form.commands.console import problems_told
from ticket_form.delivery.worker import Worker
from ticket_form.delivery.worker_factory import make_worker
from ticket_form.errors import ConfigurationError, install_hint
from ticket_form.logs import set_up_logs
from ticket_form.operations.daily_job import DailyJob
from ticket_form.operations.health import Health
from ticket_form.operations.reporter import Reporter, make_reporter
from ticket_form.server.prefork import RemoteWorker, Shared, default_number, report_request, run_processes
from ticket_form.server.signals import Stopping, stop_signals
from ticket_form.server.waitress_server import address, listen, return_freed_memory, serve
from ticket_form.settings import Settings
from ticket_form.storage.database import Database, open_database
from ticket_form.tickets.routing import Routing, load_routing
from ticket_form.web.app import create_app_in
from ticket_form.web.request_log import Observe
from ticket_form.web.services import open_services

WORKER_STOP_TIMEOUT = (
    15.0  # seconds for what is being sent; with the server's own less than the 30 that systemd may give
)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
@click.option("--no-worker", is_flag=True, help='Send nothing: "ticket-form worker" does, in another process.')
@click.option(
    "--processes",
    default=default_number,
    show_default="one a core, at most 4",
    type=click.IntRange(1, 64),
    help="How many processes answer visitors.",
)
def serve_command(host: str, port: int, no_worker: bool, processes: int) -> None:
    """Serve portal, form and queue, and send tickets on, until Ctrl-C."""
    with problems_told():
        settings = Settings.from_env(os.environ)
        set_up_logs(settings.logs)
        return_freed_memory()
        listeners = listen(host, port, processes)
        base = settings.base_url or address(host, listeners[0].getsockname()[1])

        def run(place: int, shared: Shared, ready: Callable[[], None]) -> int:
            for other in listeners[:place] + listeners[place + 1 :]:
                other.close()
            listener = listeners[place]
            with problems_told():
                if place:
                    _serve_along(settings, listener, shared, processes, is_sent=not no_worker)
                else:
                    _serve_first(settings, listener, shared, processes, is_sent=not no_worker, base=base, ready=ready)
            return 0

        if processes == 1:
            run(0, Shared(), lambda: None)
        else:
            run_processes(listeners, run)


def _serve_first(
    settings: Settings, listener: socket.socket, shared: Shared, processes: int, *, is_sent: bool, base: str,
    ready: Callable[[], None],
) -> None:  # fmt: skip
    """Run the first process: web server, delivery worker, daily job and metrics."""
    with ExitStack() as stack:
        services = open_services(settings, os.environ if is_sent else None, processes=processes)
        stack.callback(services.database.close)
        app = create_app_in(services)
        stopping = stack.enter_context(stop_signals())
        if services.own_worker:
            stack.enter_context(_working(services.own_worker, settings, services.routing))
        else:  # a worker elsewhere may be away, which nobody else would notice
            stack.enter_context(_reporting(Reporter(database=services.database, channels=services.routing.channels)))
        shown = stack.enter_context(
            _measured(settings, services.database, services.health, services.routing.channels, services.observers)
        )
        if processes > 1:
            shared.watch_parent(stopping)
            shared.publish_state(lambda: services.worker is None or services.worker.is_alive)
            shared.listen(wake=services.wake_worker, observers=services.observers)

        def announce() -> None:
            click.echo(f"Portal  {base}/\nForm    {base}/ticket\nQueue   {_queue_line(base, settings)}{shown}")
            sys.stdout.flush()
            ready()

        serve(app, stopping, listener=listener, ready=announce)


def _queue_line(base: str, settings: Settings) -> str:
    """Return the queue's address: with its key on a terminal, without it where a journal would store it."""
    if sys.stdout.isatty():
        return f"{base}/queue?key={settings.queue_key}"
    where = "" if settings.base_url else f" --base-url {base}"  # no other process knows the port
    return f'{base}/queue (its key: "{Path(sys.argv[0])} queue address{where}")'


def _serve_along(settings: Settings, listener: socket.socket, shared: Shared, processes: int, *, is_sent: bool) -> None:
    """Run a further process: the web server alone."""
    with ExitStack() as stack:
        sender = RemoteWorker(shared=shared) if is_sent else None
        services = open_services(settings, sender=sender, processes=processes)
        stack.callback(services.database.close)
        if settings.metrics is not None:
            services.observers.append(report_request(shared))
        app = create_app_in(services)
        stopping = stack.enter_context(stop_signals())
        shared.watch_parent(stopping)
        serve(app, stopping, listener=listener, ready=lambda: None)


@click.command("worker")
def worker_command() -> None:
    """Send tickets on, and erase old ones, until Ctrl-C: for a process or machine of its own."""
    with problems_told(), ExitStack() as stack:
        settings = Settings.from_env(os.environ)
        set_up_logs(settings.logs)
        routing = load_routing(settings.routing, categories=None, languages=None)
        database = open_database(settings.database)
        stack.callback(database.close)
        worker = make_worker(settings, routing, database, os.environ)
        stopping = stack.enter_context(stop_signals())
        stack.enter_context(_working(worker, settings, routing))
        health = Health(database=database, worker=worker)
        shown = stack.enter_context(_measured(settings, database, health, routing.channels, []))
        click.echo(f"Sending by {', '.join(routing.channels) or 'no channel: the routing file has none'}{shown}")
        sys.stdout.flush()
        _wait(stopping, worker)


def _wait(stopping: Stopping, worker: Worker) -> None:
    while not stopping.is_asked:
        if not worker.is_alive:
            click.echo("A part of the worker stopped; the log says why. Start it again.", err=True)
            sys.exit(1)
        time.sleep(0.2)


@contextmanager
def _working(worker: Worker, settings: Settings, routing: Routing) -> Iterator[None]:
    daily_job = DailyJob(
        database=worker.database,
        keep=timedelta(days=settings.keep_days),
        keep_held_files=timedelta(days=settings.held_files_days),
    )
    worker.start()
    daily_job.start()
    try:
        with _reporting(make_reporter(worker, settings, routing)):
            yield
    finally:
        worker.stop(WORKER_STOP_TIMEOUT)
        daily_job.stop()


@contextmanager
def _reporting(reporter: Reporter) -> Iterator[None]:
    reporter.start()
    try:
        yield
    finally:
        reporter.stop()


@contextmanager
def _measured(
    settings: Settings, database: Database, health: Health, channels: Iterable[str], observers: list[Observe]
) -> Iterator[str]:
    """Serve metrics if the settings ask for it, and yield the line to print about it."""
    if settings.metrics is None:
        yield ""
        return
    try:
        from ticket_form.server.metrics import Figures, make_registry, serve_metrics  # optional, and slow to import
    except ImportError as error:
        raise ConfigurationError(
            f"TICKET_FORM_METRICS: the program for it is missing. Unset it, or install it. {install_hint('metrics')}"
        ) from error
    registry, observe = make_registry(Figures(database, health, channels=channels))
    observers.append(observe)
    url, stop = serve_metrics(registry, *settings.metrics)
    try:
        yield f"\nMetrics {url}"
    finally:
        stop()
