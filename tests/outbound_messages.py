"""Parcels for the tests of channels."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from ticket_form.tickets.delivery_contract import OutboundMessage, Purpose
from ticket_form.tickets.ticket import Attachment, Author, Entry, EntryKind, Ticket, TicketDraft, TicketState
from ticket_form.tickets.trail import Trail

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DRAFT = TicketDraft(
    language="ko",
    category="network",
    subject="VPN drops – 연결 끊김",
    description="It worked yesterday.\nNow it does not. <b>وداعا</b>",
    email="kim@example.com",
    name="Kim",
    trail=Trail(searches=("vpn drops",), articles=("network/vpn/",)),
    service="vpn",
)


def file(name: str, content: bytes, media_type: str = "application/octet-stream") -> Attachment:
    return Attachment(
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )


def ticket_message(
    reference: str = "AD-ABCD-EFGH", *, number: int = 1, files: tuple[Attachment, ...] = (), is_retry: bool = False,
    **changes: str,
) -> OutboundMessage:  # fmt: skip
    """Make the parcel of a ticket, with some fields of its draft changed."""
    ticket = Ticket(
        reference=reference,
        created_at=NOW,
        state=TicketState.NEW,
        queue="network",
        level="L1",
        draft=replace(DRAFT, **changes),  # type: ignore[arg-type]
    )
    return OutboundMessage(
        key=f"{reference}/{number}", purpose=Purpose.TICKET, ticket=ticket, files=files, is_retry=is_retry
    )


def entry_message(
    ticket: OutboundMessage, text: str, *, number: int, remote: str = "", kind: EntryKind = EntryKind.COMMENT,
    files: tuple[Attachment, ...] = (), is_retry: bool = False,
) -> OutboundMessage:  # fmt: skip
    """Make the parcel of what the visitor said later."""
    return OutboundMessage(
        key=f"{ticket.ticket.reference}/{number}",
        purpose=Purpose.ENTRY,
        ticket=ticket.ticket,
        entry=Entry(created_at=NOW, author=Author.VISITOR, kind=kind, text=text),
        files=files,
        is_retry=is_retry,
        remote=remote,
    )
