"""The command `ticket-form migrate`."""

import os

import click

from ticket_form.commands.console import problems_told
from ticket_form.settings import database_path
from ticket_form.storage.database import name_of, open_database
from ticket_form.storage.migrate import current_version


@click.command("migrate")
def migrate_command() -> None:
    """Make the database, or bring its tables to this version with all that is in them; "serve" does so too."""
    with problems_told():
        where = database_path(os.environ)
        database = open_database(where)
        try:
            with database.reading() as session:
                version = current_version(session.connection())
        finally:
            database.close()
    click.echo(f"{name_of(where)}: version {version}")
