"""The database: engine, models, queries and migrations."""
