"""The ticket form, its queues and the portal's web server."""
