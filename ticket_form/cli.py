"""The command `ticket-form`."""

import click

from ticket_form.commands.backup import backup_command, restore_command
from ticket_form.commands.check import check_command
from ticket_form.commands.deliveries import deliveries
from ticket_form.commands.export import export_command
from ticket_form.commands.migrate import migrate_command
from ticket_form.commands.quarantine import quarantine
from ticket_form.commands.queue import queue
from ticket_form.commands.retention import compact_command, forget_command, retire_command
from ticket_form.commands.route import route_command
from ticket_form.commands.serve import serve_command, worker_command


@click.group()
def main() -> None:
    """Take tickets, hand them on, and look after them."""


for command in (
    serve_command,
    worker_command,
    migrate_command,
    check_command,
    queue,
    route_command,
    deliveries,
    quarantine,
    backup_command,
    restore_command,
    forget_command,
    retire_command,
    compact_command,
    export_command,
):
    main.add_command(command)
