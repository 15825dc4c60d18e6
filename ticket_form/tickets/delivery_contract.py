"""The interface of delivery channels: the message they receive and what they must do with it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ticket_form.tickets.ticket import Attachment, Entry, Ticket


class Purpose(StrEnum):
    """The purpose of a delivery."""

    TICKET = "ticket"  # the whole ticket, with its history if it was moved here
    ENTRY = "entry"
    LEFT = "left"  # the ticket was moved to another queue
    ACKNOWLEDGEMENT = "acknowledgement"  # to the visitor


class Promise(StrEnum):
    """The delivery guarantee when an answer was lost."""

    ONCE = "once"  # the channel looks for a duplicate before a retry
    AT_LEAST_ONCE = "at least once"  # duplicates have the same idempotency key


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMessage:
    """A delivery with all that a channel needs to send it."""

    key: str
    """The idempotency key: unique, and the same at every attempt."""
    purpose: Purpose
    ticket: Ticket
    entry: Entry | None = None
    """The entry to send; for a ticket that was moved here, the move."""
    history: tuple[Entry, ...] = ()
    """Entries from before a ticket was moved here, oldest first."""
    files: tuple[Attachment, ...] = ()
    """Files of the ticket or the entry, with content; for a ticket that was moved here, all files."""
    missing_files: tuple[Attachment, ...] = ()
    """Files whose content is not stored."""
    is_retry: bool = False
    """An earlier attempt may have arrived, with its answer lost."""
    remote: str = ""
    """The remote identifier of the ticket, as `send` returned it; empty at its first delivery."""
    status_url: str = ""
    """The URL of the status page, only for the visitor."""

    @property
    def tag(self) -> str:
        """Return the subject prefix by which a ticket is found on the other side."""
        return f"[{self.ticket.reference}]"


class Channel(Protocol):
    """Sends messages to one destination. Must be thread-safe."""

    promise: Promise
    acknowledges: bool
    """Whether it can send acknowledgements to visitors."""

    def send(self, message: OutboundMessage) -> str:
        """Deliver, and return the remote identifier (may be empty).

        Raises:
            Unreachable: the destination accepts nothing now.
            TemporaryFailure: it does not accept this message now.
            PermanentFailure: it will never accept this message.
        """
        ...

    def check(self) -> str:
        """Contact the destination without delivering anything; return a line about it for the operator.

        Raises:
            DeliveryError: it cannot be reached, or rejects our credentials.
        """
        ...
