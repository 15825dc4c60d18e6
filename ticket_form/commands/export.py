"""The command `ticket-form export`."""

from pathlib import Path

import click

from ticket_form.commands.console import existing_database, problems_told
from ticket_form.operations.export import export


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--queue", help="Only this queue.")
def export_command(file: Path, queue: str | None) -> None:
    """Write tickets to FILE.csv, for spreadsheets, or FILE.jsonl, for programs."""
    with problems_told(), existing_database() as database:
        count = export(database, file, queue=queue)
    click.echo(f"{file}: {count} tickets")
