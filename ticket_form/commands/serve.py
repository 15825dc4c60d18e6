"""Run the server, or a worker alone."""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import click

from ticket_form.app import create_app_in
from ticket_form.commands.console import problems_told
from ticket_form.database import Database, open_database
from ticket_form.dispatch import make_worker
from ticket_form.errors import ConfigurationError
from ticket_form.health import Health
from ticket_form.house import open_house
from ticket_form.logs import set_up_logs
from ticket_form.requests import Observe
from ticket_form.routing import load_routing
from ticket_form.serve import Stopping, serve, stop_signals
from ticket_form.settings import Settings
from ticket_form.upkeep import Upkeep
from ticket_form.worker import Worker

PATIENCE = 15.0  # seconds for what is being sent; with the server's own less than the 30 that systemd may give


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
@click.option("--no-worker", is_flag=True, help='Send nothing: "ticket-form worker" does, in another process.')
def serve_command(host: str, port: int, no_worker: bool) -> None:
    """Serve portal, form and queue, and send tickets on, until Ctrl-C."""
    with problems_told(), ExitStack() as stack:
        settings = Settings.from_env(os.environ)
        set_up_logs(settings.logs)
        house = open_house(settings, None if no_worker else os.environ)
        stack.callback(house.database.close)
        app = create_app_in(house)
        stopping = stack.enter_context(stop_signals())
        if house.worker:
            stack.enter_context(_working(house.worker, settings))
        shown = stack.enter_context(
            _measured(settings, house.database, house.health, house.routing.channels, house.observers)
        )

        def announce(url: str) -> None:
            base = settings.base_url or url
            click.echo(f"Portal  {base}/\nForm    {base}/ticket\nQueue   {base}/queue?key={settings.queue_key}{shown}")
            sys.stdout.flush()

        serve(app, stopping, host=host, port=port, proxies=settings.proxies, announce=announce)


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
        stack.enter_context(_working(worker, settings))
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
def _working(worker: Worker, settings: Settings) -> Iterator[None]:
    upkeep = Upkeep(database=worker.database, keep=timedelta(days=settings.keep_days))
    worker.start()
    upkeep.start()
    try:
        yield
    finally:
        worker.stop(PATIENCE)
        upkeep.stop()


@contextmanager
def _measured(
    settings: Settings, database: Database, health: Health, channels: Iterable[str], observers: list[Observe]
) -> Iterator[str]:
    """Show metrics if that is wanted; give what to tell of it."""
    if settings.metrics is None:
        yield ""
        return
    try:
        from ticket_form.metrics import Figures, make_registry, serve_metrics  # an extra, and slow to import
    except ImportError as error:
        raise ConfigurationError(
            'TICKET_FORM_METRICS: the program for it is missing. Run "pip install answerdesk[metrics]", or unset it.'
        ) from error
    registry, observe = make_registry(Figures(database, health, channels=channels))
    observers.append(observe)
    url, stop = serve_metrics(registry, *settings.metrics)
    try:
        yield f"\nMetrics {url}"
    finally:
        stop()
