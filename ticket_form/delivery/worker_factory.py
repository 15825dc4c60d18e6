"""Create a worker for the channels of the routing file."""

from collections.abc import Mapping

from ticket_form.delivery.acknowledgements import count_acknowledgements
from ticket_form.delivery.channels.email import EmailChannel
from ticket_form.delivery.channels.registry import open_channels
from ticket_form.delivery.worker import Worker
from ticket_form.errors import ConfigurationError
from ticket_form.secrets.signing import status_secret
from ticket_form.settings import Settings
from ticket_form.storage.database import Database
from ticket_form.tickets.routing import Routing


def make_worker(settings: Settings, routing: Routing, database: Database, env: Mapping[str, str]) -> Worker:
    """Open the channels, with their secrets from the environment, and return a worker that is not started.

    Raises:
        ConfigurationError: with every problem of the channels.
    """
    problems: list[str] = []
    if routing.acknowledge_by and not settings.base_url:
        problems.append(
            "TICKET_FORM_BASE_URL: is not set, but acknowledgements name the status page. "
            "Write the public address, such as https://help.example.com."
        )
    try:
        channels = open_channels(routing.channels, env)
    except ConfigurationError as error:
        raise ConfigurationError(*problems, *error.problems) from error
    if routing.acknowledge_by and not channels[routing.acknowledge_by].acknowledges:
        problems.append(
            f"{settings.routing}: acknowledge_by: {routing.acknowledge_by!r} cannot write to visitors. "
            "Name a channel of kind email."
        )
    if routing.report_to and not isinstance(channels[routing.report_to], EmailChannel):
        problems.append(
            f"{settings.routing}: report_to: {routing.report_to!r} cannot write e-mails to an operator. "
            "Name a channel of kind email."
        )
    if problems:
        raise ConfigurationError(*problems)
    count_acknowledgements(channels, database, secret=settings.secret_key)

    def status_url(form_key: str) -> str:
        return f"{settings.base_url}/ticket/status/{status_secret(form_key, secret=settings.secret_key)}"

    return Worker(database=database, channels=channels, status_url=status_url)
