"""Alembic migrations, applied by `migrate.py`."""
