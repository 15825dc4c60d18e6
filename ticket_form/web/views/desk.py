"""Views of the built-in queue, for agents."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from flask import Blueprint, Response, abort, redirect, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from ticket_form.delivery.outbox import list_deliveries
from ticket_form.i18n.format_size import say_size
from ticket_form.i18n.format_time import say_age
from ticket_form.i18n.languages import Language, choose_language
from ticket_form.secrets.signing import derive_key, is_same
from ticket_form.spam.quarantine import is_rejected, list_held, measure_held, reject, release
from ticket_form.storage.ticket_store import (
    find_ticket,
    forget_secret,
    list_attachments,
    list_entries,
    list_tickets,
    read_attachment,
)
from ticket_form.tickets.reference import parse_reference
from ticket_form.tickets.ticket import Author, EntryKind, Ticket, TicketState
from ticket_form.web.services import current_services
from ticket_form.web.views.entry import EntryForm, Writer, empty_entry_form, read_own_key, take_entry
from ticket_form.web.views.page import render_page

COOKIE = "desk"
PAGE_SIZE = 50
LAST_PAGE = 1_000_000  # larger offsets would exceed the database's integers
LAST_ROW = 2**63 - 1
STATES = tuple(TicketState)

desk = Blueprint("desk", __name__, url_prefix="/queue")


@desk.before_request
def admit() -> AnyResponse | None:
    """Authenticate agents: the key in the URL becomes a cookie; without either, respond with 404."""
    key = current_services().settings.queue_key
    admission = derive_key(key.encode(), "desk cookie")
    if request.method == "GET" and is_same(request.args.get("key", ""), key):
        response = redirect(request.path, 303)
        # Lax, not Strict: agents follow links from a chat or a wiki. Changes need a POST, and each form has a key that
        # only a page of the desk contains.
        response.set_cookie(COOKIE, admission, path="/queue", httponly=True, samesite="Lax", secure=request.is_secure)
        return response
    if not is_same(request.cookies.get(COOKIE, ""), admission):
        abort(404)
    return None


@desk.get("")
def show_queue() -> Response:
    """List tickets, newest first."""
    return _list(is_held=False)


@desk.get("/quarantine")
def show_quarantine() -> Response:
    """List the held tickets, newest first; with a state filter, also rejected ones."""
    return _list(is_held=True)


@desk.get("/<reference>")
def show_ticket(reference: str) -> Response:
    """Show a ticket with files and entries."""
    return _show(_find(reference), empty_entry_form(_secret()))


@desk.post("/<reference>")
def add_to_ticket(reference: str) -> AnyResponse:
    """Answer, close, reopen or move a ticket."""
    ticket = _find(reference)
    form = take_entry(ticket, Writer(author=Author.TEAM, kinds=tuple(EntryKind), secret=_secret()))
    return _show(ticket, form) if form else redirect(f"/queue/{ticket.reference}?lang={_language().code}#latest", 303)


@desk.post("/<reference>/quarantine")
def judge_held(reference: str) -> AnyResponse:
    """Release or reject a held ticket."""
    ticket = _find(reference)
    services, now = current_services(), datetime.now(UTC)
    verdict = request.form.get("verdict")
    if read_own_key(_secret()) is None or verdict not in ("release", "reject"):
        return _show(ticket, replace(empty_entry_form(_secret()), notice="entry_unclear", status=400))
    if verdict == "release":
        release(services.database, ticket.reference, routing=services.routing, now=now)
        services.wake_worker()
    else:
        reject(services.database, ticket.reference, now=now)
    return redirect(f"/queue/{ticket.reference}?lang={_language().code}", 303)


@desk.post("/<reference>/withdraw")
def withdraw_status_page(reference: str) -> AnyResponse:
    """Invalidate the URL of the status page, as after it was leaked."""
    ticket = _find(reference)
    if read_own_key(_secret()) is None:
        return _show(ticket, replace(empty_entry_form(_secret()), notice="entry_unclear", status=400))
    forget_secret(current_services().database, ticket.reference)
    return redirect(f"/queue/{ticket.reference}?lang={_language().code}", 303)


@desk.get(f"/<reference>/files/<int(max={LAST_ROW}):file>")
def send_attachment(reference: str, file: int) -> Response:
    """Send a file as a download, which a browser never renders."""
    ticket = _find(reference)
    found = read_attachment(current_services().database, ticket.reference, file)
    if found is None:
        abort(404)
    response = send_file(
        io.BytesIO(found.content), "application/octet-stream", as_attachment=True, download_name=found.name, etag=False
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _list(*, is_held: bool) -> Response:
    services = current_services()
    queue = services.routing.queues.get(request.args.get("queue", ""))
    state = next((state for state in STATES if state == request.args.get("state")), None)
    page = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    skip = (page - 1) * PAGE_SIZE
    if is_held and state is None:
        found = list_held(services.database, limit=PAGE_SIZE, skip=skip)
    else:
        found = list_tickets(
            services.database,
            queue=queue.id if queue else None,
            state=state,
            is_held=is_held,
            limit=PAGE_SIZE,
            skip=skip,
        )
    return _render(
        "queue.html",
        found=found,
        queues=services.routing.queues,
        states=STATES,
        chosen=queue,
        chosen_state=state,
        is_held=is_held,
        page=page,
        has_more=page * PAGE_SIZE < found.total,
    )


def _find(reference: str) -> Ticket:
    ticket = find_ticket(current_services().database, parse_reference(reference) or "")
    if ticket is None:
        abort(404)
    return ticket


def _show(ticket: Ticket, form: EntryForm) -> Response:
    services, language = current_services(), _language()
    code = ticket.draft.language
    is_offered = code in [language.code for language in services.site.languages]
    return _render(
        "ticket.html",
        status=form.status,
        ticket=ticket,
        form=form,
        is_rejected=is_rejected(ticket.quarantine),
        move_key=empty_entry_form(_secret()).form_key,
        files=list_attachments(services.database, ticket.reference),
        entries=list_entries(services.database, ticket.reference),
        deliveries=list_deliveries(services.database, reference=ticket.reference),
        queues=services.routing.queues,
        services=services.routing.services,
        articles=[
            (path, services.searches.title_of(path, language=code) if is_offered else path)
            for path in ticket.draft.trail.articles
        ],
        say_size=partial(say_size, code=language.code),
    )


def _render(template: str, *, status: int = 200, **context: object) -> Response:
    """Render a page of the desk, with the number of held tickets and since when they wait."""
    language, held = _language(), measure_held(current_services().database)
    age = say_age(datetime.now(UTC) - held.oldest, language.code) if held.oldest else ""
    return render_page(template, language, status=status, links=None, held=held, held_age=age, **context)


def _secret() -> bytes:
    # Not the public form's secret, whose keys anybody can get: these prove that the form was on a page of the desk.
    return derive_key(current_services().settings.secret_key, "desk form").encode()


def _language() -> Language:
    # Not the browser's language: agents of one desk should see the same words.
    return choose_language(request.args.getlist("lang"), current_services().site.languages)
