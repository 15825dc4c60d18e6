"""Compute when a ticket's status page expires."""

from datetime import datetime, timedelta

from ticket_form.tickets.ticket import Ticket

STATUS_PAGE_LIFETIME = timedelta(days=90)
"""Lifetime of a status page after its ticket was closed."""


def status_expires_at(ticket: Ticket) -> datetime | None:
    """Return when the status page expires; None while the ticket is not closed."""
    return ticket.closed_at and ticket.closed_at + STATUS_PAGE_LIFETIME
