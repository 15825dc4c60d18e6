"""The commands `ticket-form deliveries …`."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from ticket_form.commands.console import existing_database, no_ticket, print_columns, print_json, problems_told
from ticket_form.delivery.outbox import Delivery, drop, list_channels, list_deliveries, park, pause, replay, resume
from ticket_form.errors import ConfigurationError
from ticket_form.settings import PACKAGED_ROUTING
from ticket_form.storage.database import Database
from ticket_form.tickets.reference import parse_reference
from ticket_form.tickets.routing import load_routing


@click.group()
def deliveries() -> None:
    """Look after what goes to other systems."""


@deliveries.command("list")
@click.option("--ticket", help="Only this ticket's.")
@click.option("--channel", help="Only this channel's.")
@click.option("--only", type=click.Choice(["waiting", "dead", "dropped", "delivered"]), help="Only these.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_command(ticket: str | None, channel: str | None, only: str | None, limit: int, as_json: bool) -> None:
    """List deliveries, newest first: number, ticket, channel, purpose, state, attempts, remote name, error."""
    with problems_told(), existing_database() as database:
        reference = parse_reference(ticket) if ticket else None
        if ticket and reference is None:
            no_ticket(ticket, see="queue list")
        found = list_deliveries(database, reference=reference, channel=channel, only=only, limit=limit)
    if as_json:
        print_json([_record(delivery) for delivery in found])
        return
    print_columns(_record(delivery).values() for delivery in found)


@deliveries.command("channels")
def channels_command() -> None:
    """List channels: name, state, waiting, dead, since when the oldest waits."""
    now = datetime.now(UTC)
    with problems_told(), existing_database() as database:
        states = list_channels(database, _declared())
    for state in states:
        doing = "paused" if state.paused_at else "rests" if state.rests_until and state.rests_until > now else "works"
        oldest = f"{state.oldest:%Y-%m-%dT%H:%MZ}" if state.oldest else None
        print_columns([(state.name, doing, f"{state.waiting} waiting", f"{state.dead} dead", oldest)])


@deliveries.command("replay")
@click.argument("numbers", nargs=-1, type=int)
@click.option("--channel", help="All dead deliveries of this channel.")
def replay_command(numbers: tuple[int, ...], channel: str | None) -> None:
    """Send deliveries at once: dead, parked, dropped or waiting ones by NUMBERS, or all dead ones of a channel."""
    with problems_told(), existing_database() as database:
        if bool(numbers) == bool(channel):
            raise ConfigurationError('Give numbers of "ticket-form deliveries list --only dead", or --channel.')
        _demand(database, channel)
        count = replay(database, now=datetime.now(UTC), ids=numbers, channel=channel)
    click.echo(f"{count} will be sent again.")


@deliveries.command("park")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why, for whoever looks at the list later.")
def park_command(number: int, reason: str) -> None:
    """Put delivery NUMBER aside until it is replayed. Later ones of its ticket by this channel wait for it."""
    _put_aside(park, number, reason)
    click.echo(f'{number} is parked. "ticket-form deliveries replay {number}" sends it.')


@deliveries.command("drop")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why, for whoever looks at the list later.")
def drop_command(number: int, reason: str) -> None:
    """Give delivery NUMBER up. Later ones of its ticket by this channel go on; it stays in the list."""
    _put_aside(drop, number, reason)
    click.echo(f'{number} is dropped. "ticket-form deliveries replay {number}" sends it after all.')


def _put_aside(how: Callable[..., bool], number: int, reason: str) -> None:
    with problems_told(), existing_database() as database:
        if not how(database, number, reason=reason, now=datetime.now(UTC)):
            raise ConfigurationError(
                f"delivery {number}: is not there, is delivered already, or is just being sent. "
                'See "ticket-form deliveries list", and try again in some minutes.'
            )


@deliveries.command("pause")
@click.argument("channel")
def pause_command(channel: str) -> None:
    """Send nothing by a channel until it is resumed; tickets wait."""
    with problems_told(), existing_database() as database:
        _demand(database, channel)
        pause(database, channel, now=datetime.now(UTC))
    click.echo(f"{channel} is paused.")


@deliveries.command("resume")
@click.argument("channel")
def resume_command(channel: str) -> None:
    """Let a channel send again, at once."""
    with problems_told(), existing_database() as database:
        _demand(database, channel)
        resume(database, channel)
    click.echo(f"{channel} sends again.")


def state_of(delivery: Delivery) -> str:
    """Return the state of a delivery as one word."""
    if delivery.delivered_at:
        return "delivered"
    if delivery.dropped_at:
        return "dropped"
    return "dead" if delivery.dead_at else "waiting"


def _demand(database: Database, channel: str | None) -> None:
    """Reject a channel that neither the routing file nor any delivery names: most likely it is misspelt."""
    known = sorted({*_declared(), *(state.name for state in list_channels(database))})
    if channel and channel not in known:
        raise ConfigurationError(f"channel {channel!r} is unknown. Use one of: {', '.join(known) or 'there is none'}.")


def _declared() -> list[str]:
    path = Path(os.environ.get("TICKET_FORM_ROUTING") or PACKAGED_ROUTING)
    return list(load_routing(path, categories=None, languages=None).channels)


def _record(delivery: Delivery) -> dict[str, object]:
    return {
        "id": delivery.id,
        "reference": delivery.reference,
        "channel": delivery.channel,
        "purpose": str(delivery.purpose),
        "state": state_of(delivery),
        "attempts": delivery.attempts,
        "remote": delivery.remote,
        "error": delivery.error,
    }
