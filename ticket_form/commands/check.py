"""The command `ticket-form check`: report problems before anything runs."""

import os
from datetime import UTC, datetime

import click

from ticket_form.commands.console import problems_told
from ticket_form.delivery.outbox import list_channels
from ticket_form.errors import ConfigurationError, DeliveryError
from ticket_form.operations.alerts import find_alerts
from ticket_form.operations.report_text import write_line
from ticket_form.settings import Settings
from ticket_form.storage.database import name_of
from ticket_form.tickets.delivery_contract import Channel
from ticket_form.web.services import Services, open_services


@click.command("check")
@click.option("--channels", "is_reaching", is_flag=True, help="Reach every channel too, without delivering anything.")
def check_command(is_reaching: bool) -> None:
    """Check settings, site, routing, channels and database, and tell all problems together."""
    settings, problems = Settings.read(os.environ)
    with problems_told():
        try:
            services = open_services(settings, os.environ)
        except ConfigurationError as error:
            raise ConfigurationError(*problems, *error.problems) from error
        try:
            _tell(services)
            problems += _orphaned_deliveries(services)
            channels = services.own_worker.channels if services.own_worker and is_reaching else {}
            problems += [problem for name, channel in channels.items() if (problem := _reach(name, channel))]
        finally:
            services.database.close()
        if problems:
            raise ConfigurationError(*problems)


def _tell(services: Services) -> None:
    site, routing, settings = services.site, services.routing, services.settings
    click.echo(f"site      {site.root}: {len(site.languages)} languages, {len(site.categories)} categories")
    click.echo(
        f"routing   {settings.routing}: {len(routing.queues)} queues, {len(routing.rules)} rules, "
        f"{len(routing.channels)} channels"
    )
    click.echo(f"database  {name_of(settings.database)}")
    click.echo(f"reports   {_reader(services)}")
    for alert in find_alerts(services.database, channels=routing.channels, now=datetime.now(UTC)):
        click.echo(f"waiting   {write_line(alert)}")


def _reader(services: Services) -> str:
    """Return a line that names who receives operator alerts."""
    routing = services.routing
    if routing.report_to:
        return f"go by {routing.report_to} when tickets are held back or deliveries are put aside"
    return (
        "go to the log alone: nobody is written to when tickets are held back or deliveries are put aside. "
        f'Name a channel of kind email in {services.settings.routing}, such as "report_to: mail".'
    )


def _reach(name: str, channel: Channel) -> str | None:
    """Print that a channel can be reached, or return what is wrong."""
    try:
        click.echo(f"channel   {name}: {channel.check()}")
    except DeliveryError as error:
        return f"channel {name}: {error}"
    return None


def _orphaned_deliveries(services: Services) -> list[str]:
    """Return a problem for each channel that has pending deliveries and is no longer in the routing file."""
    return [
        f"channel {state.name}: has {state.waiting} deliveries before it, but is not in the routing file. "
        "Declare it again until they are delivered."
        for state in list_channels(services.database)
        if state.waiting and state.name not in services.routing.channels
    ]
