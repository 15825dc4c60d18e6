"""Migrate a database, with its data, to the schema of this version."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

FOLDER = Path(__file__).parent / "migrations"
FIRST = "0001"  # version of tables from before versions were recorded
LOCK = 0x414E5357  # PostgreSQL's advisory lock, for one migration at a time

log = logging.getLogger(__name__)


def migrate(connection: Connection) -> tuple[str | None, str]:
    """Apply the missing migrations in the connection's transaction: all or none.

    Returns the version before and the version now.

    Raises:
        LookupError: the database has the schema of a later version.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    before, newest = current_version(connection), newest_version()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if before is not None and before not in known:
        raise LookupError(before)
    if before == newest:
        return before, newest
    if before == FIRST and not inspect(connection).has_table("alembic_version"):
        command.stamp(config, FIRST)
    command.upgrade(config, "head")
    log.info("the database went from version %s to %s", before, newest)
    return before, newest


def current_version(connection: Connection) -> str | None:
    """Return the schema version of a database, or None if it has none."""
    found = MigrationContext.configure(connection).get_current_revision()
    return found or (FIRST if inspect(connection).has_table("ticket") else None)


def newest_version() -> str:
    """Return the schema version that this program needs."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return str(ScriptDirectory.from_config(config).get_current_head())
