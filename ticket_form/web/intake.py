"""Decide what becomes of a posted form: accepted, answered by help pages first, or shown again."""

import logging
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from answerdesk.search import Result, SearchError
from ticket_form.errors import FormKeyReused, StorageUnavailable, TooManyTickets
from ticket_form.portal.suggestions import suggest
from ticket_form.secrets.signed_receipts import Receipt
from ticket_form.secrets.signing import FormKey, hash_secret, read_form_key, status_secret
from ticket_form.spam.file_budget import refuse_files
from ticket_form.spam.screening import HONEYPOT_FIELD, WORK_FIELD, judge_post
from ticket_form.storage.ticket_store import Refuse, accept
from ticket_form.tickets.reference import REFERENCE_BITS, format_reference
from ticket_form.tickets.submission import Submission
from ticket_form.tickets.ticket import FieldError, Missing, TicketDraft, read_draft
from ticket_form.tickets.uploads import read_files
from ticket_form.web.services import Services

RETRY_AFTER_SECONDS = 60  # seconds of Retry-After

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The ticket is stored; the receipt links to its status page."""

    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """Articles may answer the question: nothing is stored yet."""

    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Nothing is stored: the form is shown again with the typed values."""

    status: int
    errors: tuple[FieldError, ...] = ()
    notice: str | None = None
    """The message key of the problem of the form as a whole."""
    is_new_form: bool = False
    """The form's key is used or invalid, so that it needs a new one."""
    wait: int = 0
    """Seconds after which it may be sent again; 0 for no limit."""


def submit(services: Services, submission: Submission, now: datetime) -> Accepted | Suggested | Rejected:
    """Store a ticket, unless the form is invalid or articles may answer it."""
    if submission.is_foreign:
        return Rejected(status=400, notice="foreign")
    if submission.problem:
        return Rejected(status=400, notice=submission.problem)
    draft = read_draft(
        submission.fields,
        categories=[category.id for category in services.site.categories],
        languages=[language.code for language in services.site.languages],
        services=[service.id for service in services.routing.services],
    )
    files = read_files(submission.files, services.settings.files)
    if isinstance(draft, tuple) or files.errors:
        return Rejected(status=422, errors=(*(draft if isinstance(draft, tuple) else ()), *files.errors))
    form_key = read_form_key(submission.first("form_key"), secret=services.settings.secret_key)
    if form_key is None:
        return Rejected(status=400, notice="foreign", is_new_form=True)
    if submission.has("edit"):
        return Rejected(status=200)
    draft = replace(draft, attachments=files.attachments)
    # Another step would lose the files. With JavaScript the suggestions were shown beside the form already.
    if not draft.attachments and not submission.first("suggested") and (found := _suggest(services, draft)):
        return Suggested(results=found)
    return _store(services, submission, draft, form_key, now=now)


def _suggest(services: Services, draft: TicketDraft) -> tuple[Result, ...]:
    """Return the articles that may answer a ticket; none if search fails, which must not stop a ticket."""
    try:
        return suggest(
            services.searches, language=draft.language, subject=draft.subject, description=draft.description,
            seen=draft.trail.articles,
        )  # fmt: skip
    except SearchError as error:
        log.error("search does not work: %s", error)
        return ()


def _store(
    services: Services, submission: Submission, draft: TicketDraft, form_key: FormKey, *, now: datetime
) -> Accepted | Rejected:
    settings = services.settings
    judge = partial(
        judge_post,
        form_key=form_key,
        trap=submission.first(HONEYPOT_FIELD),
        nonce=submission.first(WORK_FIELD),
        address=submission.address,
        is_forwarded=submission.is_forwarded,
        text=f"{draft.subject} {draft.description}",
        limits=settings.limits,
        secret=settings.secret_key,
        now=now,
    )
    secret = status_secret(form_key.key, secret=settings.secret_key)
    try:
        reference = accept(
            services.database,
            draft,
            destination=services.routing.route(draft.category, draft.language, draft.service),
            reference=format_reference(secrets.randbits(REFERENCE_BITS)),
            form_key=form_key.key,
            secret_hash=hash_secret(secret),
            acknowledge_by=services.routing.acknowledge_by,
            judge=judge,
            refuse=refuser(services, submission.address, now),
            now=now,
        )
    except TooManyTickets:
        return Rejected(status=429, notice="too_many", wait=RETRY_AFTER_SECONDS)
    except FormKeyReused:
        return Rejected(status=409, notice="sent_before", is_new_form=True)
    except StorageUnavailable as error:
        log.error("a ticket could not be stored: %s", error)
        return Rejected(status=503, notice="not_stored")
    services.wake_worker()
    return Accepted(receipt=Receipt(reference=reference, language=draft.language, secret=secret))


def refuser(services: Services, address: str | None, now: datetime) -> Refuse:
    """Return a function that says why files from an address are not stored, or None."""
    settings = services.settings

    def refuse(session: Session, size: int) -> Missing | None:
        return refuse_files(
            session, size, address=address, budget=settings.budget, measure=services.health.disk,
            secret=settings.secret_key, now=now,
        )  # fmt: skip

    return refuse
