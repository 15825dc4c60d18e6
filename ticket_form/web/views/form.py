"""Views of the ticket form, the suggestions before it is sent, and the receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from answerdesk.search import Result
from ticket_form.errors import StorageUnavailable
from ticket_form.i18n.languages import Language
from ticket_form.secrets.csrf import is_foreign
from ticket_form.secrets.signed_receipts import Receipt, read_receipt, sign_receipt
from ticket_form.secrets.signing import new_form_key, read_form_key
from ticket_form.spam.screening import HONEYPOT_FIELD, WORK_FIELD
from ticket_form.storage.ticket_store import list_attachments
from ticket_form.tickets.submission import Submission
from ticket_form.tickets.ticket import OTHER_CATEGORY, Attachment, FieldError, Missing, read_typed
from ticket_form.tickets.trail import Trail, category_of, read_trail
from ticket_form.tickets.uploads import FIELD, names_of
from ticket_form.web.intake import Accepted, Rejected, Suggested, submit
from ticket_form.web.multipart import current_form_problem
from ticket_form.web.services import current_services
from ticket_form.web.views.page import links_to, links_to_portal, page_language, render_page

form = Blueprint("form", __name__)

# Fields that the page of suggestions passes on.
CARRIED = (
    "lang", "form_key", "category", "service", "subject", "description", "email", "name", "q", "article",
    HONEYPOT_FIELD, WORK_FIELD,
)  # fmt: skip


FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")  # headers that proxies add


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """The state of a ticket form."""

    language: Language
    trail: Trail
    form_key: str
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    notice: str | None = None  # the words for what went wrong with the form as a whole
    lost_files: tuple[str, ...] = ()  # names of files, which a browser does not keep


@form.get("/ticket")
def show_form() -> Response:
    """Show an empty form with the trail from the link's parameters."""
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
    """Store a ticket and redirect to its receipt, or show the form again with the typed values."""
    services, submission = current_services(), _read_submission()
    match submit(services, submission, datetime.now(UTC)):
        case Accepted(receipt=receipt):
            token = sign_receipt(receipt, key=services.settings.secret_key)
            return redirect(f"/ticket/received/{token}", 303)
        case Suggested(results=results):
            return _show_suggestions(results, submission.fields)
        case Rejected() as rejected:
            return _show_again(submission.fields, rejected)


@form.get("/ticket/received/<token>")
def show_receipt(token: str) -> Response:
    """Show the receipt of a signed token."""
    receipt = read_receipt(token, key=current_services().settings.secret_key)
    if receipt is None:
        abort(404)
    return render_page("received.html", page_language(receipt.language), receipt=receipt, missing=_missing(receipt))


@form.get("/ticket/solved")
def show_thanks() -> Response:
    """Thank a visitor who found the answer in an article."""
    return render_page("solved.html", page_language())


def _missing(receipt: Receipt) -> list[Attachment]:
    """Return the files of a ticket that were not stored; none if the database fails: the receipt must still show."""
    try:
        files = list_attachments(current_services().database, receipt.reference)
    except StorageUnavailable:
        return []
    return [file for file in files if file.missing in (Missing.BUDGET, Missing.DISK)]


def _read_submission() -> Submission:
    is_counted = bool(current_services().settings.proxies)
    return Submission(
        fields=request.form.to_dict(flat=False),
        files=request.files.getlist(FIELD),
        address=request.remote_addr,
        is_forwarded=not is_counted and any(header in request.headers for header in FORWARDED),
        is_foreign=is_foreign(
            fetch_site=request.headers.get("Sec-Fetch-Site"), origin=request.headers.get("Origin"), host=request.host
        ),
        problem=current_form_problem(),
    )


def _show_suggestions(suggested: tuple[Result, ...], posted: Mapping[str, Sequence[str]]) -> Response:
    language = page_language(request.form.get("lang", ""))
    return render_page(
        "suggestions.html",
        language,
        links=links_to_portal(language),
        suggested=suggested,
        carried=[(name, value) for name in CARRIED for value in posted.get(name, ())],
    )


def _new_key() -> str:
    return new_form_key(secret=current_services().settings.secret_key, now=datetime.now(UTC))


def _show_again(posted: Mapping[str, Sequence[str]], rejected: Rejected) -> Response:
    given = request.form.get("form_key", "")
    is_kept = not rejected.is_new_form and read_form_key(given, secret=current_services().settings.secret_key)
    form_state = FormState(
        language=page_language(request.form.get("lang", "")),
        trail=read_trail(searches=posted.get("q", ()), articles=posted.get("article", ())),
        form_key=given if is_kept else _new_key(),
        typed=read_typed(posted),
        errors=rejected.errors,
        notice=rejected.notice,
        lost_files=names_of(request.files.getlist(FIELD)),
    )
    answer = _show(form_state, status=rejected.status)
    if rejected.wait:
        answer.headers["Retry-After"] = str(rejected.wait)
    return answer


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
