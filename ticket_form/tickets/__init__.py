"""The domain: tickets, their fields, files, routes and references. No I/O."""
