"""Handle the entry form below a ticket, shared by the status page and the desk."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flask import current_app, request

from ticket_form.errors import FormKeyReused, StorageUnavailable
from ticket_form.secrets.csrf import is_foreign
from ticket_form.secrets.signing import FormKey, new_form_key, read_form_key
from ticket_form.spam.rate_limit import take
from ticket_form.storage.ticket_store import add_entry, is_used
from ticket_form.tickets.routing import Queue
from ticket_form.tickets.sanitise import clean_text
from ticket_form.tickets.ticket import LIMITS, Author, Entry, EntryKind, FieldError, FieldProblem, Ticket
from ticket_form.tickets.uploads import FIELD, FileLimits, ReadFiles, names_of, read_files
from ticket_form.web.intake import refuser
from ticket_form.web.multipart import current_form_problem
from ticket_form.web.services import Services, current_services

MAX_ENTRY_CHARACTERS = LIMITS["description"]
MAX_ENTRIES_PER_HOUR = 30  # entries of a visitor for one ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryForm:
    """The state of an entry form."""

    form_key: str
    text: str = ""
    names: tuple[str, ...] = ()  # of the files, which a browser does not keep
    errors: tuple[FieldError, ...] = ()
    notice: str | None = None  # message key of the form's problem as a whole
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """The author of an entry, the permitted kinds of entries, and the secret that signs form keys."""

    author: Author
    kinds: Collection[EntryKind]
    secret: bytes
    files: FileLimits | None = None


def empty_entry_form(secret: bytes) -> EntryForm:
    """Return an empty form with a new key."""
    return EntryForm(form_key=new_form_key(secret=secret, now=datetime.now(UTC)))


def read_own_key(secret: bytes) -> FormKey | None:
    """Return the form key, or None if the form is incomplete, from another site or has an invalid key."""
    fetch_site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if is_foreign(fetch_site=fetch_site, origin=origin, host=request.host) or current_form_problem():
        return None
    return read_form_key(request.form.get("form_key", ""), secret=secret)


def take_entry(ticket: Ticket, writer: Writer) -> EntryForm | None:
    """Store the posted entry, or return the form with the typed values and its errors."""
    uploads = request.files.getlist(FIELD) if writer.files else []
    form_key = read_own_key(writer.secret)
    text, names = clean_text(request.form.get("text", "")), names_of(uploads)
    form = replace(empty_entry_form(writer.secret), text=text, names=names)
    if form_key is None:
        return replace(form, notice=current_form_problem() or "foreign", status=400)
    form = replace(form, form_key=request.form["form_key"])
    kind = next((kind for kind in writer.kinds if kind == request.form.get("kind")), None)
    if kind is None or (kind == EntryKind.MOVED and _chosen_queue() is None):
        return replace(form, notice="entry_unclear", status=400)
    files = read_files(uploads, writer.files) if writer.files else ReadFiles()
    errors = (*_check_text(text, is_needed=kind == EntryKind.COMMENT and not names), *files.errors)
    if errors:
        return replace(form, errors=errors, status=422)
    entry = Entry(
        created_at=datetime.now(UTC), author=writer.author, kind=kind, text=text, attachments=files.attachments
    )
    return _store(ticket, entry, form=form, form_key=form_key, writer=writer)


def _store(ticket: Ticket, entry: Entry, *, form: EntryForm, form_key: FormKey, writer: Writer) -> EntryForm | None:
    services, now = current_services(), entry.created_at
    move_to = _chosen_queue() if entry.kind == EntryKind.MOVED else None
    entry = replace(entry, text=move_to.id) if move_to else entry
    try:
        if entry.author == Author.VISITOR and _is_too_much(services, ticket, form_key, now=now):
            return replace(form, notice="entry_too_many", status=429)
        add_entry(
            services.database, ticket.reference, entry, form_key=form_key.key, now=now, move_to=move_to,
            refuse=refuser(services, request.remote_addr, now),
        )  # fmt: skip
    except FormKeyReused:
        fresh = empty_entry_form(writer.secret).form_key
        return replace(form, form_key=fresh, notice="entry_sent_before", status=409)
    except StorageUnavailable as error:
        current_app.logger.error("an entry could not be stored: %s", error)
        return replace(form, notice="entry_not_stored", status=503)
    services.wake_worker()
    return None


def _chosen_queue() -> Queue | None:
    return current_services().routing.queues.get(request.form.get("queue", ""))


def _check_text(text: str, *, is_needed: bool) -> tuple[FieldError, ...]:
    if is_needed and not text:
        return (FieldError(field="text", problem=FieldProblem.MISSING),)
    if len(text) > MAX_ENTRY_CHARACTERS:
        return (FieldError(field="text", problem=FieldProblem.TOO_LONG, limit=MAX_ENTRY_CHARACTERS),)
    return ()


def _is_too_much(services: Services, ticket: Ticket, form_key: FormKey, *, now: datetime) -> bool:
    """Return whether a visitor exceeded the hourly limit of entries; a repeated form does not count."""
    if not services.settings.limits.counts:
        return False
    is_within = take(
        services.database,
        f"entries to {ticket.reference}",
        limit=MAX_ENTRIES_PER_HOUR,
        window=timedelta(hours=1),
        secret=services.settings.secret_key,
        now=now,
    )
    return not is_within and not is_used(services.database, form_key.key)
