"""Tickets, their trails and used form keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = branch_labels = depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "ticket",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reference", sa.String, nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("state", "queue", "level", "language", "category")),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
    )
    op.create_index("ticket_by_queue", "ticket", ["queue", "id"])
    op.create_table(
        "trail",
        sa.Column("ticket_id", ID, sa.ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "form_key",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("ticket_id", ID, sa.ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False, index=True),
    )
