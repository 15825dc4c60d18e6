"""The commands `ticket-form backup` and `restore`."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from ticket_form.commands.console import demand_database, problems_told
from ticket_form.operations.backup import back_up
from ticket_form.operations.restore import RestoreTarget, restore
from ticket_form.secrets.signing import read_or_create_secret
from ticket_form.settings import Settings, database_path
from ticket_form.storage.database import name_of

FOLDER = click.Path(path_type=Path)


@click.command("backup")
@click.argument("folder", type=FOLDER)
@click.option(
    "--with-secret", is_flag=True, help="Put the secret in too: keep that backup where nobody else gets at it."
)
def backup_command(folder: Path, with_secret: bool) -> None:
    """Copy tickets and routing into a new FOLDER while the desk goes on."""
    with problems_told():
        demand_database()
        settings = Settings.from_env(os.environ)
        made = back_up(settings, folder, with_secret=with_secret, now=datetime.now(UTC))
    click.echo(f"{made.folder}: {made.tickets} tickets in {', '.join(made.files)}")
    if not with_secret:
        given = "TICKET_FORM_SECRET_KEY" if os.environ.get("TICKET_FORM_SECRET_KEY") else _secret_file()
        click.echo(f"Keep the secret ({given}) elsewhere: without it the addresses of status pages do not work.")


@click.command("restore")
@click.argument("folder", type=FOLDER)
def restore_command(folder: Path) -> None:
    """Make the desk of a backup FOLDER where TICKET_FORM_DATABASE says and nothing is yet."""
    where = database_path(os.environ)
    routing = os.environ.get("TICKET_FORM_ROUTING")
    given = os.environ.get("TICKET_FORM_SECRET_KEY")
    secret_file = None if given else _secret_file()
    with problems_told():
        secret = given.encode() if given else None
        if secret_file and secret_file.exists():
            secret = read_or_create_secret(secret_file)
        place = RestoreTarget(
            database=where, routing=Path(routing) if routing else None, secret_file=secret_file, secret=secret
        )
        restored = restore(folder, place, now=datetime.now(UTC))
    backup = restored.backup
    click.echo(f"{name_of(where)}: {backup.tickets} tickets, as they were at {backup.made_at:%Y-%m-%dT%H:%M:%SZ}")
    for path in restored.written:
        click.echo(f"{path}: restored")
    if "routing.yml" in backup.files and not routing:
        click.echo(f"{backup.folder / 'routing.yml'}: copy it and set TICKET_FORM_ROUTING to it.")
    if restored.is_secret_missing:
        click.echo("The secret of the backup is not here: put it back, or the addresses of status pages do not work.")
    for channel, count in restored.held.items():
        click.echo(
            f"{channel}: paused with {count} deliveries, some of which may have gone out after the backup. "
            f'Look at "ticket-form deliveries list --channel {channel}", '
            f'then "ticket-form deliveries resume {channel}".'
        )


def _secret_file() -> Path:
    return Path(os.environ.get("TICKET_FORM_SECRET_FILE") or "var/secret")
