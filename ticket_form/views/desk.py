"""The built-in queue, for agents."""

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from ticket_form.house import current_house
from ticket_form.keys import derive_key, is_same
from ticket_form.languages import Language, choose_language
from ticket_form.reference import parse_reference
from ticket_form.store import find_ticket, list_tickets
from ticket_form.views.page import render_page

COOKIE = "desk"
PAGE_SIZE = 50
LAST_PAGE = 1_000_000  # more would not fit the database's integers

desk = Blueprint("desk", __name__, url_prefix="/queue")


@desk.before_request
def admit() -> AnyResponse | None:
    """Let agents in: the key in the address becomes a cookie, and whoever has neither finds nothing here."""
    key = current_house().settings.queue_key
    admission = derive_key(key.encode(), "desk cookie")
    if is_same(request.args.get("key", ""), key):
        response = redirect(request.path, 303)
        # Lax, not Strict: agents follow the address from a chat or a wiki, and nothing here changes by a GET.
        response.set_cookie(COOKIE, admission, path="/queue", httponly=True, samesite="Lax", secure=request.is_secure)
        return response
    if not is_same(request.cookies.get(COOKIE, ""), admission):
        abort(404)
    return None


@desk.get("")
def show_queue() -> Response:
    """List tickets, newest first."""
    house = current_house()
    queue = house.routing.queues.get(request.args.get("queue", ""))
    page = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    found = list_tickets(
        house.database, queue=queue.id if queue else None, limit=PAGE_SIZE, skip=(page - 1) * PAGE_SIZE
    )
    return render_page(
        "queue.html",
        _language(),
        found=found,
        queues=house.routing.queues,
        chosen=queue,
        page=page,
        has_more=page * PAGE_SIZE < found.total,
    )


@desk.get("/<reference>")
def show_ticket(reference: str) -> Response:
    """Show all of a ticket."""
    house = current_house()
    ticket = find_ticket(house.database, parse_reference(reference) or "")
    if ticket is None:
        abort(404)
    code = ticket.draft.language
    is_offered = code in [language.code for language in house.site.languages]
    return render_page(
        "ticket.html",
        _language(),
        ticket=ticket,
        queues=house.routing.queues,
        articles=[
            (path, house.searches.title_of(path, language=code) if is_offered else path)
            for path in ticket.draft.trail.articles
        ],
    )


def _language() -> Language:
    # Not the browser's language: agents of one desk talk about the same words.
    return choose_language(request.args.getlist("lang"), current_house().site.languages)
