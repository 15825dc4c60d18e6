"""Register the kinds of channels, and open those of the routing file. A new kind is one line here."""

from collections.abc import Callable, Mapping

from ticket_form.delivery.channels.email import open_email
from ticket_form.delivery.channels.request_tracker import open_request_tracker
from ticket_form.delivery.channels.webhook import open_webhook
from ticket_form.errors import ConfigurationError
from ticket_form.tickets.delivery_contract import Channel
from ticket_form.tickets.routing import ChannelSettings

Open = Callable[[str, Mapping[str, object], Mapping[str, str]], Channel]

KINDS: Mapping[str, Open] = {
    "email": open_email,
    "request_tracker": open_request_tracker,
    "webhook": open_webhook,
}


def open_channels(settings: Mapping[str, ChannelSettings], env: Mapping[str, str]) -> dict[str, Channel]:
    """Open every declared channel; nothing is sent yet.

    Raises:
        ConfigurationError: with every problem of every channel.
    """
    channels: dict[str, Channel] = {}
    problems: list[str] = []
    for name, channel in settings.items():
        try:
            if channel.kind not in KINDS:
                problems.append(
                    f"channel {name!r}: kind {channel.kind!r} is unknown. Write one of: {', '.join(sorted(KINDS))}."
                )
                continue
            channels[name] = KINDS[channel.kind](name, channel.options, env)
        except ConfigurationError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigurationError(*problems)
    return channels
