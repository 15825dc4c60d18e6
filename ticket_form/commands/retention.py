"""The commands that erase personal data."""

import os
from datetime import UTC, datetime, timedelta

import click

from ticket_form.commands.console import existing_database, problems_told
from ticket_form.errors import ConfigurationError
from ticket_form.operations.clock_check import demand_clock, trust
from ticket_form.operations.free_pages import compact
from ticket_form.operations.retention import forget, retire
from ticket_form.settings import Settings
from ticket_form.tickets.ticket import read_address


@click.command("forget")
@click.argument("address")
def forget_command(address: str) -> None:
    """Erase everything about the person with an e-mail ADDRESS, for good."""
    with problems_told():
        known = read_address(address)
        if known is None:
            raise ConfigurationError(f"{address}: is no e-mail address. Write one like kim@example.com.")
        with existing_database() as database:
            done = forget(database, known, now=datetime.now(UTC))
            is_sqlite = database.is_sqlite
    click.echo(f"{done.tickets} tickets erased, {done.mentions} mentions elsewhere replaced.")
    for copy in done.copies:
        click.echo(
            f"{copy.reference}: {copy.channel} has a copy{f', {copy.remote}' if copy.remote else ''}. Erase it there."
        )
    for reference in done.files_of:
        click.echo(f"{reference}: a file of this ticket, which is somebody else's, holds the address. Look at it.")
    if not done.is_clean:
        click.echo("The database's log file is in use and may hold old pages. Run this again when no desk runs.")
    if is_sqlite and not done.is_compact:
        click.echo(
            "What was erased is overwritten, but the file keeps its size until new tickets fill it. "
            'To make it smaller, stop the desk and run "ticket-form compact" once.'
        )
    if not is_sqlite:
        click.echo("PostgreSQL's own log and its disk pages hold old rows until they are written over.")
    click.echo("Backups hold what they held: delete those made before now when their time has come.")


@click.command("retire")
@click.option("--clock-is-right", is_flag=True, help="Erase although nothing was stored for more than a day.")
def retire_command(clock_is_right: bool) -> None:
    """Erase now the tickets that were closed more than TICKET_FORM_KEEP_DAYS ago; a worker does so daily."""
    now = datetime.now(UTC)
    with problems_told():
        settings, problems = Settings.read(os.environ)
        if problems:
            raise ConfigurationError(*problems)
        with existing_database() as database:
            if clock_is_right:
                trust(database, now=now)
            else:
                demand_clock(database, now=now)
            erased = retire(database, keep=timedelta(days=settings.keep_days), now=now)
    click.echo(f"{erased} tickets erased, closed more than {settings.keep_days} days ago.")


@click.command("compact")
def compact_command() -> None:
    """Make the SQLite file as small as it can be; stop the desk first."""
    with problems_told(), existing_database() as database:
        if not database.is_sqlite:
            raise ConfigurationError("TICKET_FORM_DATABASE is PostgreSQL's, which does that by itself.")
        database.close()
        compact(database)
    click.echo("The file is as small as it can be.")
