"""The tables. Nothing but store.py and database.py imports them."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey, Index, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A time in UTC, also where the database keeps no time zone (SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return UTC."""
        return value and value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The root of all tables."""


class TicketRow(Base):
    """A ticket. The row id stays inside: visitors and agents know the reference."""

    __tablename__ = "ticket"
    __table_args__ = (Index("ticket_by_queue", "queue", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    state: Mapped[str]
    queue: Mapped[str]
    level: Mapped[str]
    language: Mapped[str]
    category: Mapped[str]
    subject: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    email: Mapped[str]
    name: Mapped[str]
    trail: Mapped[list["TrailRow"]] = relationship(order_by="TrailRow.position", lazy="selectin")


class TrailRow(Base):
    """A search or an article that the visitor sent along."""

    __tablename__ = "trail"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(Text)


class FormKeyRow(Base):
    """A used form key, and the hash of the text that it sent."""

    __tablename__ = "form_key"

    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    ticket: Mapped[TicketRow] = relationship()
