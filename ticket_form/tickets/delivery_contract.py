"""What a channel is given and what it must do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ticket_form.tickets.ticket import Attachment, Entry, Ticket


class Purpose(StrEnum):
    """What a delivery tells the other side."""

    TICKET = "ticket"  # all of it, with what happened until then if it was moved here
    ENTRY = "entry"
    LEFT = "left"  # it was moved away
    ACKNOWLEDGEMENT = "acknowledgement"  # to the visitor


class Promise(StrEnum):
    """How often a delivery arrives when an answer was lost on the way."""

    ONCE = "once"  # the channel looks for it before it sends again
    AT_LEAST_ONCE = "at least once"  # a second one has the same key, by which the receiver can tell


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMessage:
    """One delivery with all that a channel needs to send it."""

    key: str
    """The same at every attempt, and of no other delivery: the idempotency key."""
    purpose: Purpose
    ticket: Ticket
    entry: Entry | None = None
    """What happened; of a ticket that was moved here, the move."""
    history: tuple[Entry, ...] = ()
    """What happened before a ticket was moved here, oldest first."""
    files: tuple[Attachment, ...] = ()
    """Those of the ticket or of the entry, with their content; of a ticket that was moved here, all."""
    missing_files: tuple[Attachment, ...] = ()
    """Those whose content is not stored."""
    is_retry: bool = False
    """An earlier attempt may have arrived though its answer was lost."""
    remote: str = ""
    """What the other side called the ticket when it was delivered; empty for the ticket itself."""
    status_url: str = ""
    """The address of the status page, for the visitor alone."""

    @property
    def tag(self) -> str:
        """Return what subjects carry so that a ticket is found on the other side."""
        return f"[{self.ticket.reference}]"


class Channel(Protocol):
    """Sends parcels to one place. Used by several threads."""

    promise: Promise
    acknowledges: bool
    """Whether it can write to visitors."""

    def send(self, message: OutboundMessage) -> str:
        """Deliver, and return what the other side calls it (may be empty).

        Raises:
            Unreachable: the place takes nothing now.
            NotNow: it does not take this parcel now.
            Refused: it will never take this parcel as it is.
        """
        ...

    def check(self) -> str:
        """Reach the place without delivering anything, and return a line about it for the operator.

        Raises:
            DeliveryError: it cannot be reached or lets nobody in.
        """
        ...
