"""The database schema. Only storage code imports it; a change here needs a migration."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite generates ids only for INTEGER columns


class UtcTime(TypeDecorator[datetime]):
    """A time in UTC, also in SQLite, which stores no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return UTC."""
        if value is None or value.tzinfo is None:
            return value and value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


def _entry_index(table: str) -> Index:
    """A partial index of rows that belong to an entry, so that erasing entries does not scan the table."""
    condition = text("entry_id IS NOT NULL")
    return Index(f"{table}_by_entry", "entry_id", sqlite_where=condition, postgresql_where=condition)


class Base(DeclarativeBase):
    """The base class of all tables."""


class TicketRow(Base):
    """A ticket. The row id is internal: visitors and agents know the reference."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ticket_by_queue", "queue", "id"),
        Index("ticket_by_secret", "secret_hash", unique=True),
        Index("ticket_by_email_key", "email_key"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    state: Mapped[str]
    queue: Mapped[str]
    level: Mapped[str]
    language: Mapped[str]
    category: Mapped[str]
    service: Mapped[str] = mapped_column(server_default="")
    subject: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(server_default="")  # normal form of the address, for comparisons
    name: Mapped[str]
    secret_hash: Mapped[str | None]  # SHA-256 of the secret in the status page's address
    quarantine: Mapped[str | None] = mapped_column(index=True)  # why it is held; null if it is not
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    erased_at: Mapped[datetime | None] = mapped_column(UtcTime)
    trail: Mapped[list["TrailRow"]] = relationship(order_by="TrailRow.position", lazy="selectin")


class TrailRow(Base):
    """A search or an article of the visitor's trail."""

    __tablename__ = "trail"

    ticket_id: Mapped[int] = mapped_column(Id, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(Text)


class FormKeyRow(Base):
    """A used form key, the hash of the text sent with it, and the resulting ticket or entry."""

    __tablename__ = "form_key"
    __table_args__ = (_entry_index("form_key"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    ticket_id: Mapped[int] = mapped_column(Id, ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[int | None] = mapped_column(Id, ForeignKey("entry.id", ondelete="CASCADE"))
    ticket: Mapped[TicketRow] = relationship()


class EntryRow(Base):
    """An event of a ticket after its creation: a comment or a change by the visitor or the team."""

    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(Id, ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    author: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(Text)


class AttachmentRow(Base):
    """A file of a ticket or entry; in the database, so that both are stored in one transaction."""

    __tablename__ = "attachment"
    __table_args__ = (_entry_index("attachment"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(Id, ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[int | None] = mapped_column(Id, ForeignKey("entry.id", ondelete="CASCADE"))
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    missing: Mapped[str | None]  # why its content is not stored


class DeliveryRow(Base):
    """A delivery of a ticket or an entry to a channel. Its state follows from its times."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("delivery_due", "due_at"),
        Index("delivery_in_order", "ticket_id", "channel", "id"),
        _entry_index("delivery"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(Id, ForeignKey("ticket.id", ondelete="CASCADE"))
    entry_id: Mapped[int | None] = mapped_column(Id, ForeignKey("entry.id", ondelete="CASCADE"))
    channel: Mapped[str]
    purpose: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcTime)  # null when nothing is left to do
    attempts: Mapped[int] = mapped_column(server_default="0")  # begun attempts, without those that met an outage
    lease: Mapped[str | None]  # token of the worker that sends it, valid until due_at
    delivered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    dead_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    failed_at: Mapped[datetime | None] = mapped_column(UtcTime)  # time of the last failure
    dropped_at: Mapped[datetime | None] = mapped_column(UtcTime)  # given up by an operator
    error: Mapped[str] = mapped_column(Text, server_default="")
    remote: Mapped[str] = mapped_column(server_default="")  # identifier on the other side
    ticket: Mapped[TicketRow] = relationship()


class ChannelRow(Base):
    """The state of a channel that is paused by an operator or resting after failures."""

    __tablename__ = "channel"

    name: Mapped[str] = mapped_column(primary_key=True)
    paused_at: Mapped[datetime | None] = mapped_column(UtcTime)
    failures: Mapped[int] = mapped_column(server_default="0")  # in a row
    failed_at: Mapped[datetime | None] = mapped_column(UtcTime)  # the last of them
    failing_ticket: Mapped[int | None] = mapped_column(Id)  # the ticket of all failures; null if several failed
    rests_until: Mapped[datetime | None] = mapped_column(UtcTime)


class ClockRow(Base):
    """The last time of a named event, such as a trusted clock reading."""

    __tablename__ = "clock"

    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcTime)


class CountRow(Base):
    """A counter of a fixed-window rate limit."""

    __tablename__ = "count"

    key: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[int] = mapped_column(BigInteger, primary_key=True)  # its start, in seconds since 1970
    ends_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    count: Mapped[int]
