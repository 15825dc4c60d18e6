"""Write tickets and entries as plain text for the people who answer them."""

from collections.abc import Iterable

from ticket_form.tickets.delivery_contract import OutboundMessage
from ticket_form.tickets.ticket import Attachment, EntryKind

_HAPPENED = {
    EntryKind.COMMENT: "The visitor wrote",
    EntryKind.CLOSED: "The visitor closed the ticket",
    EntryKind.REOPENED: "The visitor opened the ticket again",
}


def write_subject(message: OutboundMessage) -> str:
    """Return the subject with the tag by which the ticket is found."""
    return f"{message.tag} {message.ticket.draft.subject}"


def write_ticket(message: OutboundMessage) -> str:
    """Return everything that is known of a ticket, what the visitor wrote last but for lists.

    The files are listed with their hashes, so that one that the other side dropped is missed.
    """
    ticket, draft = message.ticket, message.ticket.draft
    facts = {
        "Reference": ticket.reference,
        "Received": f"{ticket.created_at:%Y-%m-%d %H:%M} UTC",
        "Queue": f"{ticket.queue} ({ticket.level})",
        "Category": draft.category,
        "Service": draft.service,
        "Language": draft.language,
        "Name": draft.name,
        "E-mail": draft.email,
        "Subject": draft.subject,
    }
    tried = [f"Search: {search}" for search in draft.trail.searches]
    tried += [f"Article: {article}" for article in draft.trail.articles]
    return _join(
        "\n".join(f"{label}: {value}" for label, value in facts.items() if value),
        f"Description:\n\n{draft.description}",
        _list("Tried before", tried),
        _list_files(message.files),
    )


def write_entry(message: OutboundMessage) -> str:
    """Return what the visitor said or did after the ticket came."""
    entry = message.entry
    if entry is None:
        raise ValueError(f"{message.key} has no entry")
    facts = f"Reference: {message.ticket.reference}\n{_HAPPENED[entry.kind]}: {entry.created_at:%Y-%m-%d %H:%M} UTC"
    return _join(facts, entry.text, _list_files(message.files))


def _list_files(files: Iterable[Attachment]) -> str:
    return _list("Files", [f"{file.name} ({file.size} bytes, SHA-256 {file.sha256})" for file in files])


def _list(title: str, items: list[str]) -> str:
    return "\n".join([f"{title}:", "", *(f"- {item}" for item in items)]) if items else ""


def _join(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
