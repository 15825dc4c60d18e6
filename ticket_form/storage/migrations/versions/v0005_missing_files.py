"""Add the reason why the content of a file is not stored."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = depends_on = None


def upgrade() -> None:
    """Add a nullable column."""
    op.add_column("attachment", sa.Column("missing", sa.String))
