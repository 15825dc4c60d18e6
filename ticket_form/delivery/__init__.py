"""The outbox: a worker sends deliveries by channels, at least once."""
