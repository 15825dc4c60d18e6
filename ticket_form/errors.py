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
    """Show the text again: so many tickets came from this address that no more of them are stored for now."""


class FormKeyReused(TicketFormError):
    """Show the text again under a new form key: this key already stored another text."""


class DeliveryError(TicketFormError):
    """A channel did not take a delivery; the message says why, for the operator.

    `wait` is how long the other side asked to be left alone.
    """

    def __init__(self, reason: str, *, wait: timedelta = timedelta(0)) -> None:
        super().__init__(reason)
        self.wait = wait


class Unreachable(DeliveryError):
    """Let the channel rest and try again later: it takes nothing from anybody."""


class TemporaryFailure(DeliveryError):
    """Try this delivery again later; others may go on."""


class PermanentFailure(DeliveryError):
    """Do not try again by yourself: an operator must correct something and replay the delivery."""


def install_hint(extra: str) -> str:
    """Return how to install an optional part of the project, from a checkout or from a wheel."""
    extras = "ticket-form" if extra == "ticket-form" else f"ticket-form,{extra}"
    wheel = "answerdesk-VERSION-py3-none-any.whl"
    return f"In a checkout: pip install '.[{extras}]'. From a wheel: pip install '{wheel}[{extras}]'."
