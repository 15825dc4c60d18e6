"""The command `ticket-form`."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from ticket_form.app import create_app_in
from ticket_form.database import Database, name_of, open_database
from ticket_form.errors import ConfigurationError, StorageUnavailable
from ticket_form.house import open_house
from ticket_form.reference import parse_reference
from ticket_form.serve import serve
from ticket_form.settings import Settings, database_path
from ticket_form.store import find_ticket, list_tickets
from ticket_form.tickets import Ticket


@click.group()
def main() -> None:
    """Take tickets, and look at the queue."""


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
def serve_command(host: str, port: int) -> None:
    """Serve portal, form and queue until Ctrl-C."""
    with _problems_told():
        settings = Settings.from_env(os.environ)
        house = open_house(settings)

        def announce(url: str) -> None:
            base = settings.base_url or url
            click.echo(f"Portal  {base}/\nForm    {base}/ticket\nQueue   {base}/queue?key={settings.queue_key}")
            sys.stdout.flush()

        try:
            serve(create_app_in(house), host=host, port=port, proxies=settings.proxies, announce=announce)
        finally:
            house.database.close()


@main.command()
def check() -> None:
    """Check settings, site, routing and database, and tell all problems together."""
    settings, problems = Settings.read(os.environ)
    with _problems_told():
        try:
            house = open_house(settings)
        except ConfigurationError as error:
            raise ConfigurationError(*problems, *error.problems) from error
        house.database.close()
        if problems:
            raise ConfigurationError(*problems)
    site = house.site
    click.echo(f"site      {site.root}: {len(site.languages)} languages, {len(site.categories)} categories")
    click.echo(f"routing   {settings.routing}: {len(house.routing.queues)} queues, {len(house.routing.rules)} rules")
    click.echo(f"database  {name_of(settings.database)}")


@main.group()
def queue() -> None:
    """Look at the built-in queue."""


@queue.command("list")
@click.option("--queue", "queue_id", help="Only this queue.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_command(queue_id: str | None, as_json: bool) -> None:
    """List tickets, newest first: reference, time, queue, category, language, subject."""
    with _problems_told(), _database() as database:
        found = list_tickets(database, queue=queue_id)
    if as_json:
        _print_json([_as_json(ticket) for ticket in found.tickets])
        return
    for ticket in found.tickets:
        draft, time = ticket.draft, f"{ticket.created_at:%Y-%m-%dT%H:%MZ}"
        click.echo("\t".join((ticket.reference, time, ticket.queue, draft.category, draft.language, draft.subject)))


@queue.command("show")
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def show_command(reference: str, as_json: bool) -> None:
    """Show all of a ticket."""
    with _problems_told(), _database() as database:
        ticket = find_ticket(database, parse_reference(reference) or "")
    if ticket is None:
        click.echo(f'{reference}: there is no such ticket. See "ticket-form queue list".', err=True)
        sys.exit(1)
    if as_json:
        _print_json(_as_json(ticket))
        return
    shown = _as_json(ticket)
    description = shown.pop("description")
    for name, value in shown.items():
        for line in value if isinstance(value, list) else [value]:
            click.echo(f"{name + ':':<12}{line}")
    click.echo(f"\n{description}")


@contextmanager
def _database() -> Iterator[Database]:
    where = database_path(os.environ)
    if isinstance(where, Path) and not where.exists():
        raise ConfigurationError(
            f'{where}: there is no database. Run "ticket-form serve", or set TICKET_FORM_DATABASE.'
        )
    database = open_database(where)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _problems_told() -> Iterator[None]:
    """Print each problem on a line of its own and leave with 2."""
    try:
        yield
    except ConfigurationError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        sys.exit(2)
    except StorageUnavailable as error:
        click.echo(f"The database does not answer ({error}). Try again, or check TICKET_FORM_DATABASE.", err=True)
        sys.exit(2)


def _as_json(ticket: Ticket) -> dict[str, object]:
    draft = asdict(ticket.draft)
    trail = draft.pop("trail")
    draft.pop("attachments")
    return {
        "reference": ticket.reference,
        "created_at": ticket.created_at.isoformat(),
        "state": ticket.state,
        "queue": ticket.queue,
        "level": ticket.level,
        **draft,
        "searches": list(trail["searches"]),
        "articles": list(trail["articles"]),
    }


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
