"""The commands `ticket-form quarantine …`."""

import os
from datetime import UTC, datetime

import click

from ticket_form.commands.console import existing_database, no_ticket, print_columns, print_json, problems_told
from ticket_form.commands.queue import show_ticket, summary
from ticket_form.operations.export import record_of
from ticket_form.settings import Settings
from ticket_form.spam.quarantine import list_held, reject, release
from ticket_form.tickets.reference import parse_reference
from ticket_form.tickets.routing import load_routing

SEE = "quarantine list"


@click.group()
def quarantine() -> None:
    """Decide on tickets that are held back as suspected spam."""


@quarantine.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_command(as_json: bool) -> None:
    """List held tickets, newest first: reference, time, queue, category, language, subject, reason."""
    with problems_told(), existing_database() as database:
        found = list_held(database)
    if as_json:
        print_json([record_of(ticket) for ticket in found.tickets])
        return
    print_columns((*summary(ticket), ticket.quarantine) for ticket in found.tickets)


@quarantine.command("show")
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def show_command(reference: str, as_json: bool) -> None:
    """Show all of a held ticket."""
    with problems_told(), existing_database() as database:
        show_ticket(database, reference, as_json=as_json, see=SEE)


@quarantine.command("release")
@click.argument("references", nargs=-1, required=True)
def release_command(references: tuple[str, ...]) -> None:
    """Let tickets go where the rules say."""
    with problems_told(), existing_database() as database:
        settings, _problems = Settings.read(os.environ)
        routing = load_routing(settings.routing, categories=None, languages=None)
        for typed in references:
            ticket = release(database, parse_reference(typed) or "", routing=routing, now=datetime.now(UTC))
            if ticket is None:
                no_ticket(typed, see=SEE)
            click.echo(f"{ticket.reference} goes to {ticket.queue}.")


@quarantine.command("reject")
@click.argument("references", nargs=-1, required=True)
def reject_command(references: tuple[str, ...]) -> None:
    """Close held tickets without sending them anywhere."""
    with problems_told(), existing_database() as database:
        for typed in references:
            ticket = reject(database, parse_reference(typed) or "", now=datetime.now(UTC))
            if ticket is None:
                no_ticket(typed, see=SEE)
            click.echo(f"{ticket.reference} is rejected.")
