"""What a visitor posted, as far as a decision needs it, without the request that carried it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ticket_form.tickets.uploads import Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A posted form, and what is known of how it came."""

    fields: Mapping[str, Sequence[str]]
    files: Sequence[Upload] = ()
    address: str | None = None
    is_forwarded: bool = False
    """It came through a proxy that nobody counted, so that the address may stand for the whole world."""
    is_foreign: bool = False
    """Another site's page sent it."""
    problem: str | None = None
    """What is wrong with the form as a whole, so that it cannot be read to its end."""

    def first(self, field: str) -> str:
        """Return the first value of a field, or nothing."""
        return next(iter(self.fields.get(field, ())), "")

    def has(self, field: str) -> bool:
        """Tell whether a field, or a button, was sent."""
        return field in self.fields
