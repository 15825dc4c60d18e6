"""The commands `ticket-form queue …`."""

import os
from urllib.parse import urlencode

import click

from ticket_form.commands.console import existing_database, no_ticket, print_columns, print_json, problems_told
from ticket_form.operations.export import Record, record_of
from ticket_form.settings import Settings
from ticket_form.storage.database import Database
from ticket_form.storage.ticket_store import find_ticket, list_attachments, list_entries, list_tickets
from ticket_form.tickets.reference import parse_reference
from ticket_form.tickets.ticket import Ticket


@click.group()
def queue() -> None:
    """Look at the built-in queue."""


@queue.command("address")
@click.option("--base-url", help="Of the server, where TICKET_FORM_BASE_URL is not set.")
def address_command(base_url: str | None) -> None:
    """Print the queue's address with its key: whoever has it reads and answers every ticket."""
    with problems_told():
        settings = Settings.from_env(os.environ)
    base = base_url or settings.base_url or "http://127.0.0.1:8000"
    click.echo(f"{base.rstrip('/')}/queue?{urlencode({'key': settings.queue_key})}")


@queue.command("list")
@click.option("--queue", "queue_id", help="Only this queue.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_command(queue_id: str | None, as_json: bool) -> None:
    """List tickets, newest first: reference, time, queue, category, language, subject."""
    with problems_told(), existing_database() as database:
        found = list_tickets(database, queue=queue_id)
        if as_json:
            print_json([_record(database, ticket) for ticket in found.tickets])
            return
    print_columns(summary(ticket) for ticket in found.tickets)


@queue.command("show")
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def show_command(reference: str, as_json: bool) -> None:
    """Show all of a ticket."""
    with problems_told(), existing_database() as database:
        show_ticket(database, reference, as_json=as_json)


def summary(ticket: Ticket) -> tuple[object, ...]:
    """Return the columns of a ticket in a list."""
    draft = ticket.draft
    time = f"{ticket.created_at:%Y-%m-%dT%H:%MZ}"
    return ticket.reference, time, ticket.queue, draft.category, draft.language, draft.subject


def show_ticket(database: Database, reference: str, *, as_json: bool, see: str = "queue list") -> None:
    """Print all of a ticket, or exit with a message if it does not exist."""
    ticket = find_ticket(database, parse_reference(reference) or "")
    if ticket is None:
        no_ticket(reference, see=see)
    shown = _record(database, ticket)
    if as_json:
        print_json(shown)
        return
    description, entries = shown.pop("description"), shown.pop("entries")
    for name, value in shown.items():
        for line in value if isinstance(value, list) else [value]:
            if line is not None:
                click.echo(f"{name + ':':<12}{line}")
    click.echo(f"\n{description}")
    for entry in entries if isinstance(entries, list) else []:
        click.echo(f"\n{entry['created_at']} {entry['author']} {entry['kind']} {' '.join(entry['files'])}".rstrip())
        click.echo(entry["text"])


def _record(database: Database, ticket: Ticket) -> Record:
    files, entries = list_attachments(database, ticket.reference), list_entries(database, ticket.reference)
    return record_of(ticket, files, entries)
