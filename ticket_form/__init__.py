"""The ticket form, its queues and the portal's web server."""

from ticket_form.app import create_app
from ticket_form.settings import Settings

__all__ = ["Settings", "create_app"]
