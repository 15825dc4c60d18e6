"""Add failure and drop times of deliveries, the failing ticket of channels, and the last trusted time."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add nullable columns and the table of times."""
    op.add_column("delivery", sa.Column("failed_at", TIME))
    op.add_column("delivery", sa.Column("dropped_at", TIME))
    op.add_column("channel", sa.Column("failed_at", TIME))
    op.add_column("channel", sa.Column("failing_ticket", ID))
    op.create_table(
        "clock",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("seen_at", TIME, nullable=False),
    )
