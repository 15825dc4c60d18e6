"""A posted form, independent of the web framework's request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ticket_form.tickets.uploads import Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A posted form, and the facts of its request that decisions depend on."""

    fields: Mapping[str, Sequence[str]]
    files: Sequence[Upload] = ()
    address: str | None = None
    is_forwarded: bool = False
    """It came through a proxy missing from the settings, so that the address may stand for the whole world."""
    is_foreign: bool = False
    """It was posted from another site (CSRF)."""
    problem: str | None = None
    """The problem of a form that could not be parsed completely."""

    def first(self, field: str) -> str:
        """Return the first value of a field, or an empty text."""
        return next(iter(self.fields.get(field, ())), "")

    def has(self, field: str) -> bool:
        """Return whether a field or a button was sent."""
        return field in self.fields
