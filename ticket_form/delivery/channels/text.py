"""Write tickets and entries as plain text for the people who answer them."""

from ticket_form.tickets.delivery_contract import OutboundMessage, Purpose
from ticket_form.tickets.ticket import Author, Entry, EntryKind, Missing

_AUTHORS = {Author.VISITOR: "The visitor", Author.TEAM: "The team"}
_MISSING = {
    Missing.BUDGET: "too many bytes came that day",
    Missing.DISK: "the disk was full",
    Missing.EXPIRED: "erased after the ticket was held back for long",
}
_HAPPENED = {
    EntryKind.COMMENT: "wrote",
    EntryKind.CLOSED: "closed the ticket",
    EntryKind.REOPENED: "opened the ticket again",
    EntryKind.MOVED: "moved the ticket",
}


def write_subject(message: OutboundMessage) -> str:
    """Return the subject with the tag by which the ticket is found."""
    return f"{message.tag} {message.ticket.draft.subject}"


def write_ticket(message: OutboundMessage) -> str:
    """Return a ticket as text: fields, description, history, trail and files.

    Files are listed with their hashes, so that readers notice one that the other side dropped.
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
        f"This ticket was moved here, to {message.entry.text}." if message.entry else "",
        "\n".join(f"{label}: {value}" for label, value in facts.items() if value),
        f"Description:\n\n{draft.description}",
        *(_join_entry(entry) for entry in message.history),
        _list("Tried before", tried),
        _list_files(message),
    )


def write_entry(message: OutboundMessage) -> str:
    """Return an entry as text, or the notice that the ticket was moved to another queue."""
    entry = message.entry
    if entry is None:
        raise ValueError(f"{message.key} has no entry")
    facts = f"Reference: {message.ticket.reference}"
    if message.purpose == Purpose.LEFT:
        return _join(
            f"{facts}\nThis ticket was moved away, to {entry.text}: {entry.created_at:%Y-%m-%d %H:%M} UTC",
            "It is another team's now, and what is added to it goes there. Nothing is left to do here.",
        )
    return _join(f"{facts}\n{_join_entry(entry)}", _list_files(message))


def _join_entry(entry: Entry) -> str:
    what = f"{_AUTHORS[entry.author]} {_HAPPENED[entry.kind]}"
    if entry.kind == EntryKind.MOVED:
        return f"{what} to {entry.text}: {entry.created_at:%Y-%m-%d %H:%M} UTC"
    head = f"{what}: {entry.created_at:%Y-%m-%d %H:%M} UTC"
    return f"{head}\n\n{entry.text}" if entry.text else head


def _list_files(message: OutboundMessage) -> str:
    files = [f"{file.name} ({file.size} bytes, SHA-256 {file.sha256})" for file in message.files]
    missing = [
        f"{file.name} ({file.size} bytes): {_MISSING[file.missing]}" for file in message.missing_files if file.missing
    ]
    return "\n\n".join(filter(None, [_list("Files", files), _list("Files that are not stored", missing)]))


def _list(title: str, items: list[str]) -> str:
    return "\n".join([f"{title}:", "", *(f"- {item}" for item in items)]) if items else ""


def _join(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
