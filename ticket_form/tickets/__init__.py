"""The domain: tickets, their fields, files, routes and references. No input or output."""
