"""The ticket form, its queues and the portal's web server."""

from ticket_form.settings import Settings
from ticket_form.web.app import create_app

__all__ = ["Settings", "create_app"]
