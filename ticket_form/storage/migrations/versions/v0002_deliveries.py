"""Deliveries, attachments, entries, quarantine, and the secret of the status page."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add to tickets, and make the new tables; tickets that are there have no status page and nothing to deliver."""
    op.add_column("ticket", sa.Column("service", sa.String, nullable=False, server_default=""))
    for name, kind in (("secret_hash", sa.String), ("quarantine", sa.String), ("closed_at", TIME), ("erased_at", TIME)):
        op.add_column("ticket", sa.Column(name, kind))
    op.create_index("ticket_by_secret", "ticket", ["secret_hash"], unique=True)
    op.create_index("ticket_by_email", "ticket", ["email"])
    op.create_index("ix_ticket_quarantine", "ticket", ["quarantine"])
    op.create_index("ix_ticket_closed_at", "ticket", ["closed_at"])
    op.create_table(
        "entry",
        sa.Column("id", ID, primary_key=True),
        _ticket(),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("ix_entry_ticket_id", "entry", ["ticket_id"])
    with op.batch_alter_table("form_key") as form_key:
        form_key.add_column(_entry())
    op.create_table(
        "attachment",
        sa.Column("id", ID, primary_key=True),
        _ticket(),
        _entry(),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_attachment_ticket_id", "attachment", ["ticket_id"])
    op.create_table(
        "delivery",
        sa.Column("id", ID, primary_key=True),
        _ticket(),
        _entry(),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("due_at", TIME),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease", sa.String),
        sa.Column("delivered_at", TIME),
        sa.Column("dead_at", TIME),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("remote", sa.String, nullable=False, server_default=""),
    )
    op.create_index("delivery_due", "delivery", ["due_at"])
    op.create_index("delivery_in_order", "delivery", ["ticket_id", "channel", "id"])
    op.create_index("ix_delivery_dead_at", "delivery", ["dead_at"])
    for table in ("form_key", "attachment", "delivery"):
        condition = sa.text("entry_id IS NOT NULL")
        op.create_index(f"{table}_by_entry", table, ["entry_id"], sqlite_where=condition, postgresql_where=condition)
    op.create_table(
        "channel",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("paused_at", TIME),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("rests_until", TIME),
    )
    op.create_table(
        "count",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("window", sa.BigInteger, primary_key=True),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_index("ix_count_ends_at", "count", ["ends_at"])


def _ticket() -> sa.Column[int]:
    return sa.Column("ticket_id", ID, sa.ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False)


def _entry() -> sa.Column[int]:
    return sa.Column("entry_id", ID, sa.ForeignKey("entry.id", ondelete="CASCADE", name="entry"), nullable=True)
