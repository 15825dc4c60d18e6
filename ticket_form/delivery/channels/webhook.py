"""Post tickets to a URL as signed JSON, with an idempotency key for retries."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ticket_form.delivery.channels.options import Options
from ticket_form.delivery.http_client import Answer, Outgoing, check_status
from ticket_form.errors import PermanentFailure
from ticket_form.tickets.delivery_contract import OutboundMessage, Promise, Purpose
from ticket_form.tickets.ticket import Attachment, Entry, Ticket

FORMAT = 1
MAX_BODY_BYTES = 20_000_000
DUPLICATE_STATUS = 409  # HTTP status of a receiver that has the delivery already
CURES = {
    400: "The receiver does not understand the request. Correct the receiver, then replay the delivery.",
    401: "The receiver does not accept the signature. Give both sides the same secret, then replay the delivery.",
    403: "The receiver lets nobody in. Correct its rights, then replay the delivery.",
    404: "Nothing is at that url. Correct it, then replay the delivery.",
    410: "The receiver is gone for good. Correct the url or remove the channel.",
    413: "The request is too large. Lower largest_body, then replay the delivery: the files are then listed only.",
    422: "The receiver does not want this content. Correct the receiver, then replay the delivery.",
}


def open_webhook(name: str, options: Mapping[str, object], env: Mapping[str, str]) -> "WebhookChannel":
    """Open a channel of kind webhook, or raise what is wrong with its options."""
    given = Options(name, options, env)
    allow_private = given.switch("allow_private")
    url = given.url(
        "url", example="https://desk.example.com/tickets", schemes=("https", "http") if allow_private else ("https",)
    )
    secret = given.secret("secret")
    largest_body = given.number("largest_body", MAX_BODY_BYTES, least=10_000, most=1_000_000_000)
    ca_file = given.ca_file("ca_file")
    given.finish()
    outgoing = Outgoing(allow_private=allow_private, ca_file=ca_file)
    return WebhookChannel(url=url, secret=secret, largest_body=largest_body, outgoing=outgoing)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the HMAC signature of a request's timestamp and body."""
    digest = hmac.digest(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={digest.hex()}"


class WebhookChannel:
    """Posts deliveries to one URL."""

    promise = Promise.AT_LEAST_ONCE
    acknowledges = False

    def __init__(
        self, *, url: str, secret: str, outgoing: Outgoing, largest_body: int = MAX_BODY_BYTES,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self._url = url
        self._secret = secret
        self._outgoing = outgoing
        self._largest_body = largest_body
        self._now = now
        self._place = urlsplit(url).hostname or url  # the path may contain a secret

    def send(self, message: OutboundMessage) -> str:
        """Post a delivery. A receiver that answers 409 has it already."""
        if message.purpose == Purpose.ACKNOWLEDGEMENT:
            raise PermanentFailure("A webhook acknowledges nothing. Name a channel of kind email in acknowledge_by.")
        answer = self._post(write_message(message, largest_body=self._largest_body), key=message.key)
        if answer.status != DUPLICATE_STATUS:
            check_status(answer, place=self._place, cures=CURES)
        return ""

    def check(self) -> str:
        """Post a request without a ticket; the receiver must answer with a 2xx status."""
        body = json.dumps({"format": FORMAT, "purpose": "check"}).encode()
        check_status(self._post(body, key="check"), place=self._place, cures=CURES)
        return f"{self._place} answers and accepts the signature"

    def _post(self, body: bytes, *, key: str) -> Answer:
        timestamp = str(int(self._now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "Answerdesk-Timestamp": timestamp,
            "Answerdesk-Signature": sign(self._secret, timestamp, body),
        }
        return self._outgoing.ask("POST", self._url, headers=headers, content=body)


def write_message(message: OutboundMessage, *, largest_body: int) -> bytes:
    """Return a delivery as JSON. Files beyond `largest_body` bytes are listed without their content."""
    document: dict[str, object] = {
        "format": FORMAT,
        "key": message.key,
        "purpose": message.purpose,
        "ticket": _ticket(message.ticket),
        "entry": _entry(message.entry) if message.entry else None,
        "history": [_entry(entry) for entry in message.history],
        "files": [_file(file, with_content=False) for file in message.files],
        "missing_files": [
            {"name": file.name, "size": file.size, "why": file.missing} for file in message.missing_files
        ],
    }
    room = largest_body - len(json.dumps(document))
    files = []
    for file in message.files:
        needed = (file.size + 2) // 3 * 4
        files.append(_file(file, with_content=needed <= room))
        room -= needed if needed <= room else 0
    return json.dumps(document | {"files": files}).encode()


def _ticket(ticket: Ticket) -> dict[str, object]:
    draft = ticket.draft
    return {
        "reference": ticket.reference,
        "created_at": ticket.created_at.isoformat(),
        "queue": ticket.queue,
        "level": ticket.level,
        "language": draft.language,
        "category": draft.category,
        "service": draft.service,
        "subject": draft.subject,
        "description": draft.description,
        "email": draft.email,
        "name": draft.name,
        "searches": draft.trail.searches,
        "articles": draft.trail.articles,
    }


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "created_at": entry.created_at.isoformat(), "author": entry.author, "kind": entry.kind, "text": entry.text,
    }  # fmt: skip


def _file(file: Attachment, *, with_content: bool) -> dict[str, object]:
    return {
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "content": base64.b64encode(file.content).decode() if with_content else None,
    }
