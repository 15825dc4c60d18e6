"""Views of the status page, which a visitor opens by a secret URL."""

from datetime import UTC, datetime
from functools import partial

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from ticket_form.i18n.format_size import say_size
from ticket_form.i18n.format_time import say_day, say_time
from ticket_form.i18n.languages import Language
from ticket_form.secrets.signing import hash_secret
from ticket_form.storage.ticket_store import find_by_secret, list_attachments, list_entries
from ticket_form.tickets.status_expiry import STATUS_PAGE_LIFETIME, status_expires_at
from ticket_form.tickets.ticket import Author, EntryKind, Ticket
from ticket_form.web.services import current_services
from ticket_form.web.views.entry import EntryForm, Writer, empty_entry_form, take_entry
from ticket_form.web.views.page import links_to, page_language, render_page

KINDS = (EntryKind.COMMENT, EntryKind.CLOSED, EntryKind.REOPENED)

status = Blueprint("status", __name__, url_prefix="/ticket/status")


@status.get("/<secret>")
def show_status(secret: str) -> Response:
    """Show a ticket to its visitor."""
    ticket = _find(secret)
    return _show(ticket, empty_entry_form(current_services().settings.secret_key))


@status.post("/<secret>")
def add_to_ticket(secret: str) -> AnyResponse:
    """Store a visitor's comment or that the problem is solved, and show the ticket again."""
    ticket = _find(secret)
    settings = current_services().settings
    form = take_entry(
        ticket, Writer(author=Author.VISITOR, kinds=KINDS, secret=settings.secret_key, files=settings.files)
    )
    if form:
        return _show(ticket, form)
    return redirect(f"{request.path}?lang={_language(ticket).code}#latest", 303)


def _find(secret: str) -> Ticket:
    ticket = find_by_secret(
        current_services().database, hash_secret(secret), closed_after=datetime.now(UTC) - STATUS_PAGE_LIFETIME
    )
    if ticket is None:  # the same for an unknown secret and an expired one
        abort(404)
    return ticket


def _show(ticket: Ticket, form: EntryForm) -> Response:
    services, language = current_services(), _language(ticket)
    return render_page(
        "status.html",
        language,
        status=form.status,
        links=links_to(request.path, (), language),
        ticket=ticket,
        ends=status_expires_at(ticket),
        files=list_attachments(services.database, ticket.reference),
        entries=list_entries(services.database, ticket.reference),
        queues=services.routing.queues,
        form=form,
        limits=services.settings.files,
        say_time=partial(say_time, code=language.code),
        say_day=partial(say_day, code=language.code),
        say_size=partial(say_size, code=language.code),
    )


def _language(ticket: Ticket) -> Language:
    return page_language(ticket.draft.language)
