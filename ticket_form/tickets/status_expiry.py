"""Say how long a ticket's status page can be opened."""

from datetime import datetime, timedelta

from ticket_form.tickets.ticket import Ticket

KEPT = timedelta(days=90)
"""How long after its closing a ticket's status page can be opened."""


def ends_at(ticket: Ticket) -> datetime | None:
    """Return when the status page ends; None as long as the ticket is not closed."""
    return ticket.closed_at and ticket.closed_at + KEPT
