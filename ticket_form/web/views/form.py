"""The ticket form, the step that suggests help pages before a ticket is sent, and the receipt."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from flask import Blueprint, Response, abort, current_app, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from answerdesk.search import Result, SearchError
from ticket_form.errors import FormKeyReused, StorageUnavailable, TooManyTickets
from ticket_form.i18n.languages import Language
from ticket_form.portal.suggestions import suggest
from ticket_form.secrets.csrf import is_foreign
from ticket_form.secrets.signed_receipts import Receipt, read_receipt, sign_receipt
from ticket_form.secrets.signing import FormKey, hash_secret, new_form_key, read_form_key, status_secret
from ticket_form.spam.screening import TRAP, WORK, judge_post
from ticket_form.storage.ticket_store import Destination, accept
from ticket_form.tickets.reference import REFERENCE_BITS, format_reference
from ticket_form.tickets.ticket import OTHER_CATEGORY, FieldError, TicketDraft, read_draft, read_typed
from ticket_form.tickets.trail import Trail, category_of, read_trail
from ticket_form.tickets.uploads import FIELD, names_of, read_files
from ticket_form.web.multipart import current_form_problem
from ticket_form.web.services import current_services
from ticket_form.web.views.page import links_to, links_to_portal, page_language, render_page

form = Blueprint("form", __name__)

# What goes from the form through the step with suggestions.
CARRIED = (
    "lang", "form_key", "category", "service", "subject", "description", "email", "name", "q", "article", TRAP, WORK,
)  # fmt: skip


FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")  # what proxies add


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """A form as it is filled in."""

    language: Language
    trail: Trail
    form_key: str
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    notice: str | None = None  # the words for what went wrong with the form as a whole
    lost_files: tuple[str, ...] = ()  # which a browser does not keep when the form comes back


@form.get("/ticket")
def show_form() -> Response:
    """Show an empty form, with the trail of the link that led here."""
    trail = read_trail(searches=request.args.getlist("q"), articles=request.args.getlist("article"))
    category = request.args.get("category") or category_of(trail)
    services = current_services()
    category_of_service = {service.id: service.category for service in services.routing.services}
    service = request.args.get("service", "")
    if service in category_of_service:
        category = category_of_service[service] or category
    known = {known.id for known in services.site.categories}
    typed = {"category": category} if category in known and category else {}
    typed |= {"service": service} if service in category_of_service else {}
    language = page_language()
    if trail.searches or trail.articles:
        return _show(FormState(language=language, trail=trail, form_key=_new_key(), typed=typed))

    def render(form_key: str) -> str:
        return _show(FormState(language=language, trail=trail, form_key=form_key, typed=typed)).get_data(as_text=True)

    chosen = (language.code, typed.get("category", ""), typed.get("service", ""))
    return make_response(services.blank_forms.fill_in(_new_key(), services.site, chosen, render))


@form.post("/ticket")
def send_form() -> AnyResponse:
    """Store a ticket and lead to its receipt, or show the form again with all that was typed."""
    services = current_services()
    site = services.site
    posted = request.form.to_dict(flat=False)
    if is_foreign(
        fetch_site=request.headers.get("Sec-Fetch-Site"), origin=request.headers.get("Origin"), host=request.host
    ):
        return _show_again(posted, status=400, notice="foreign")
    if problem := current_form_problem():
        return _show_again(posted, status=400, notice=problem)
    draft = read_draft(
        posted,
        categories=[category.id for category in site.categories],
        languages=[language.code for language in site.languages],
        services=[service.id for service in services.routing.services],
    )
    files = read_files(request.files.getlist(FIELD), services.settings.files)
    if isinstance(draft, tuple) or files.errors:
        errors = draft if isinstance(draft, tuple) else ()
        return _show_again(posted, status=422, errors=(*errors, *files.errors))
    draft = replace(draft, attachments=files.attachments)
    secret_key, now = services.settings.secret_key, datetime.now(UTC)
    posted_key = read_form_key(request.form.get("form_key", ""), secret=secret_key)
    if posted_key is None:
        return _show_again(posted, status=400, notice="foreign", is_new_form=True)
    if "edit" in request.form:
        return _show_again(posted, status=200)
    # A step more would lose the files. With JavaScript the suggestions stood beside the form already.
    suggested = () if draft.attachments or request.form.get("suggested") else _suggest(draft)
    if suggested:
        return _show_suggestions(suggested, posted)
    try:
        reference = _accept(draft, posted_key, now=now)
    except TooManyTickets:
        answer = _show_again(posted, status=429, notice="too_many")
        answer.headers["Retry-After"] = "60"
        return answer
    except FormKeyReused:
        return _show_again(posted, status=409, notice="sent_before", is_new_form=True)
    except StorageUnavailable as error:
        current_app.logger.error("a ticket could not be stored: %s", error)
        return _show_again(posted, status=503, notice="not_stored")
    secret = status_secret(posted_key.key, secret=secret_key)
    token = sign_receipt(Receipt(reference=reference, language=draft.language, secret=secret), key=secret_key)
    return redirect(f"/ticket/received/{token}", 303)


@form.get("/ticket/received/<token>")
def show_receipt(token: str) -> Response:
    """Show the reference that a signed address carries."""
    receipt = read_receipt(token, key=current_services().settings.secret_key)
    if receipt is None:
        abort(404)
    return render_page("received.html", page_language(receipt.language), receipt=receipt)


@form.get("/ticket/solved")
def show_thanks() -> Response:
    """Thank a visitor whom a help page has helped."""
    return render_page("solved.html", page_language())


def _suggest(draft: TicketDraft) -> tuple[Result, ...]:
    """Return the help pages that may answer a ticket; none if search does not work, which must not stop a ticket."""
    try:
        return suggest(
            current_services().searches, language=draft.language, subject=draft.subject, description=draft.description,
            seen=draft.trail.articles,
        )  # fmt: skip
    except SearchError as error:
        current_app.logger.error("search does not work: %s", error)
        return ()


def _show_suggestions(suggested: tuple[Result, ...], posted: Mapping[str, list[str]]) -> Response:
    language = page_language(request.form.get("lang", ""))
    return render_page(
        "suggestions.html",
        language,
        links=links_to_portal(language),
        suggested=suggested,
        carried=[(name, value) for name in CARRIED for value in posted.get(name, ())],
    )


def _accept(draft: TicketDraft, form_key: FormKey, *, now: datetime) -> str:
    services = current_services()
    judge = partial(
        judge_post,
        form_key=form_key,
        trap=request.form.get(TRAP, ""),
        nonce=request.form.get(WORK, ""),
        address=request.remote_addr,
        is_forwarded=not services.settings.proxies and any(header in request.headers for header in FORWARDED),
        text=f"{draft.subject} {draft.description}",
        limits=services.settings.limits,
        secret=services.settings.secret_key,
        now=now,
    )
    route = services.routing.route(draft.category, draft.language, draft.service)
    reference = accept(
        services.database,
        draft,
        destination=Destination(queue=route.queue, channels=route.channels),
        reference=format_reference(secrets.randbits(REFERENCE_BITS)),
        form_key=form_key.key,
        secret_hash=hash_secret(status_secret(form_key.key, secret=services.settings.secret_key)),
        acknowledge_by=services.routing.acknowledge_by,
        judge=judge,
        now=now,
    )
    services.wake_worker()
    return reference


def _new_key() -> str:
    return new_form_key(secret=current_services().settings.secret_key, now=datetime.now(UTC))


def _show_again(
    posted: Mapping[str, list[str]],
    *,
    status: int,
    errors: tuple[FieldError, ...] = (),
    notice: str | None = None,
    is_new_form: bool = False,
) -> Response:
    given = request.form.get("form_key", "")
    secret = current_services().settings.secret_key
    is_kept = not is_new_form and read_form_key(given, secret=secret)
    form_state = FormState(
        language=page_language(request.form.get("lang", "")),
        trail=read_trail(searches=posted.get("q", ()), articles=posted.get("article", ())),
        form_key=given if is_kept else _new_key(),
        typed=read_typed(posted),
        errors=errors,
        notice=notice,
        lost_files=names_of(request.files.getlist(FIELD)),
    )
    return _show(form_state, status=status)


def _show(form_state: FormState, *, status: int = 200) -> Response:
    services = current_services()
    code = form_state.language.code
    category = [("category", form_state.typed["category"])] if form_state.typed.get("category") else []
    return render_page(
        "form.html",
        form_state.language,
        status=status,
        links=links_to("/ticket", [*category, *form_state.trail.as_parameters()], form_state.language),
        form_state=form_state,
        wrong={
            found.field: [error for error in form_state.errors if error.field == found.field]
            for found in form_state.errors
        },
        services=services.routing.services,
        limits=services.settings.files,
        articles=[(path, services.searches.title_of(path, language=code)) for path in form_state.trail.articles],
        other=OTHER_CATEGORY,
        work=services.settings.limits.offered_work,
    )
