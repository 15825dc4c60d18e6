"""Exceptions, named by what to do about them."""

from datetime import timedelta


class TicketFormError(Exception):
    """Catch this to catch everything that ticket_form raises."""


class ConfigurationError(TicketFormError):
    """Correct the listed problems and start again."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class StorageUnavailable(TicketFormError):
    """Try again later: nothing was stored."""


class TooManyTickets(TicketFormError):
    """Show the text again: the rate limit of this address is exceeded and nothing was stored."""


class FormKeyReused(TicketFormError):
    """Show the text again with a new form key: this key was used for another text."""


class DeliveryError(TicketFormError):
    """A channel could not deliver; the message tells the operator why.

    `wait` is the pause that the other side asked for (Retry-After).
    """

    def __init__(self, reason: str, *, wait: timedelta = timedelta(0)) -> None:
        super().__init__(reason)
        self.wait = wait


class Unreachable(DeliveryError):
    """Let the channel rest and try again later: it accepts no delivery at all."""


class TemporaryFailure(DeliveryError):
    """Try this delivery again later; others go on."""


class PermanentFailure(DeliveryError):
    """Do not retry: an operator must correct something and replay the delivery."""


def install_hint(extra: str) -> str:
    """Return how to install an optional part of the project, from a checkout or from a wheel."""
    extras = "ticket-form" if extra == "ticket-form" else f"ticket-form,{extra}"
    wheel = "answerdesk-VERSION-py3-none-any.whl"
    return f"In a checkout: pip install '.[{extras}]'. From a wheel: pip install '{wheel}[{extras}]'."
