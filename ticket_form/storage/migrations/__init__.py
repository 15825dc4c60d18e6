"""How the tables came to be: Alembic's versions, applied by `migrate.py`."""
