"""Records of tickets and entries, and the validation of a posted form."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from ticket_form.tickets.sanitise import clean_line, clean_text, has_control_characters
from ticket_form.tickets.trail import Trail, read_trail

OTHER_CATEGORY = "other"
LIMITS: Mapping[str, int] = {"subject": 200, "description": 10_000, "name": 100}

# East Asian input methods write these in full-width mode.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3002: "."}

# Many companies have .local domains; the library's documentation names this way to allow them.
if "local" in SPECIAL_USE_DOMAIN_NAMES:
    SPECIAL_USE_DOMAIN_NAMES.remove("local")

Form = Mapping[str, Sequence[str]]


class FieldProblem(StrEnum):
    """Why a field is invalid."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    WRONG = "wrong"  # not an address
    UNKNOWN = "unknown"  # not one of the choices
    TOO_MANY = "too_many"  # files
    TOO_LARGE = "too_large"  # a file
    TOO_MUCH = "too_much"  # all files together
    NOT_TAKEN = "not_taken"  # a file type that is not accepted
    NOT_WHAT_IT_SAYS = "not_what_it_says"  # a file whose content does not match its extension
    EMPTY = "empty"  # a file
    HAS_MACROS = "has_macros"  # a file that may run code


class TicketState(StrEnum):
    """The state of a ticket."""

    NEW = "new"  # not yet answered
    OPEN = "open"  # the team is working on it
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """A problem of a form field."""

    field: str
    problem: FieldProblem
    limit: int | None = None
    name: str = ""  # of the file, if the field accepts several


class Missing(StrEnum):
    """Why the content of a file is not stored."""

    BUDGET = "budget"  # the daily budget of bytes is used up
    DISK = "disk"  # the reserved disk space is for texts
    EXPIRED = "expired"  # its ticket was held for too long


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a ticket or an entry; `content` is empty if only its description was read.

    `missing` is the reason why its content is not stored.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes = field(default=b"", repr=False, compare=False)
    id: int = 0  # row id; 0 before it is stored
    missing: Missing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDraft:
    """A ticket as sent by a visitor, validated and sanitised."""

    language: str
    category: str
    subject: str
    description: str
    email: str
    name: str
    trail: Trail
    service: str = ""
    attachments: tuple[Attachment, ...] = ()

    def fingerprint(self) -> str:
        """Return a hash of the ticket's fields and files, by which repeated posts are recognised."""
        written = asdict(self) | {"attachments": [(file.name, file.sha256) for file in self.attachments]}
        return hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A stored ticket."""

    reference: str
    created_at: datetime
    state: TicketState
    queue: str
    level: str
    draft: TicketDraft
    quarantine: str | None = None
    has_status_page: bool = False
    closed_at: datetime | None = None
    erased_at: datetime | None = None


class Author(StrEnum):
    """Who made an entry."""

    VISITOR = "visitor"
    TEAM = "team"


class EntryKind(StrEnum):
    """What an entry is."""

    COMMENT = "comment"
    CLOSED = "closed"
    REOPENED = "reopened"
    MOVED = "moved"  # text is the queue's id


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A comment or change by the visitor or the team after the ticket was created."""

    created_at: datetime
    author: Author
    kind: EntryKind
    text: str
    attachments: tuple[Attachment, ...] = ()
    id: int = 0  # row id; 0 before it is stored


def read_typed(form: Form) -> dict[str, str]:
    """Return the typed values, to fill in the form again."""
    typed = {field: clean_line(_first(form, field)) for field in ("category", "service", "subject", "email", "name")}
    return typed | {"description": clean_text(_first(form, "description"))}


def read_draft(
    form: Form, *, categories: Collection[str], languages: Collection[str], services: Collection[str] = ()
) -> TicketDraft | tuple[FieldError, ...]:
    """Validate a posted form; return a draft or its errors. Unknown fields are ignored."""
    typed = read_typed(form)
    language = _first(form, "lang")
    address = read_address(_first(form, "email"))
    errors = (
        _check_choice("lang", language, choices=languages),
        _check_choice("category", typed["category"], choices=[*categories, OTHER_CATEGORY]),
        _check_choice("service", typed["service"], choices=services) if typed["service"] else None,
        _check_length("subject", typed["subject"]),
        _check_length("description", typed["description"]),
        _check_address(typed["email"], address),
        _check_length("name", typed["name"]) if typed["name"] else None,
    )
    found = tuple(error for error in errors if error)
    if found or address is None:
        return found
    return TicketDraft(
        language=language,
        category=typed["category"],
        subject=typed["subject"],
        description=typed["description"],
        email=address,
        name=typed["name"],
        trail=read_trail(searches=form.get("q", ()), articles=form.get("article", ())),
        service=typed["service"],
    )


def read_address(typed: str) -> str | None:
    """Return a valid e-mail address, normalised, or None."""
    address = typed.strip().translate(_FULL_WIDTH)
    # email-validator accepts an encoded word as local part, which Python's email package would decode into headers.
    if "=?" in address or has_control_characters(address):
        return None
    try:
        # Not required to be globally deliverable: a company's domain may be internal.
        checked = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return checked.normalized if "." in checked.domain else None


def _first(form: Form, field: str) -> str:
    return next(iter(form.get(field, ())), "")


def _check_choice(field: str, value: str, *, choices: Collection[str]) -> FieldError | None:
    return None if value in choices else FieldError(field=field, problem=FieldProblem.UNKNOWN)


def _check_address(typed: str, address: str | None) -> FieldError | None:
    if address is not None:
        return None
    return FieldError(field="email", problem=FieldProblem.WRONG if typed else FieldProblem.MISSING)


def _check_length(field: str, value: str) -> FieldError | None:
    if not value:
        return FieldError(field=field, problem=FieldProblem.MISSING)
    limit = LIMITS[field]
    return FieldError(field=field, problem=FieldProblem.TOO_LONG, limit=limit) if len(value) > limit else None
