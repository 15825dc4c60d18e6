"""Alembic's environment: runs migrations on the connection of `migrate.py`, in its transaction."""

from alembic import context

from ticket_form.storage.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
