"""The HTTP server: waitress in several processes, with limits, signals and metrics."""
