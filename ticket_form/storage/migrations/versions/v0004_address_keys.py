"""Add the normal form of each ticket's address, and index it in place of the address as typed."""

import sqlalchemy as sa
from alembic import op

from ticket_form.tickets.address import address_key

revision = "0004"
down_revision = "0003"
branch_labels = depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    """Add the column and fill it; a version that changes `address_key` must fill it again."""
    op.add_column("ticket", sa.Column("email_key", sa.String, nullable=False, server_default=""))
    ticket = sa.table("ticket", sa.column("id", sa.BigInteger), sa.column("email"), sa.column("email_key"))
    filling = sa.update(ticket).where(ticket.c.id == sa.bindparam("row")).values(email_key=sa.bindparam("key"))
    connection, last = op.get_bind(), 0
    while True:
        some = sa.select(ticket.c.id, ticket.c.email).where(ticket.c.id > last, ticket.c.email != "")
        rows = connection.execute(some.order_by(ticket.c.id).limit(AT_ONCE)).all()
        if not rows:
            break
        connection.execute(filling, [{"row": row.id, "key": address_key(row.email)} for row in rows])
        last = rows[-1].id
    op.drop_index("ticket_by_email", "ticket")
    op.create_index("ticket_by_email_key", "ticket", ["email_key"])
