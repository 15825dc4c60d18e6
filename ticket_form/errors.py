"""What can go wrong, named by what to do about it."""


class TicketFormError(Exception):
    """Catch this to catch everything that ticket_form raises."""


class ConfigurationError(TicketFormError):
    """Correct the listed problems and start again."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class StorageUnavailable(TicketFormError):
    """Try again later: nothing was stored."""


class FormKeyReused(TicketFormError):
    """Show the text again under a new form key: this key already stored another text."""
