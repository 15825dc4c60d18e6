"""Create tickets in Request Tracker through REST 2.0, exactly once: a retry looks for the ticket first."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from email_validator import EmailNotValidError, validate_email

from ticket_form.delivery.channels.options import Options
from ticket_form.delivery.channels.text import write_entry, write_subject, write_ticket
from ticket_form.delivery.http_client import Answer, Outgoing, check_status, write_multipart
from ticket_form.errors import PermanentFailure, TemporaryFailure, Unreachable
from ticket_form.tickets.delivery_contract import OutboundMessage, Promise, Purpose
from ticket_form.tickets.ticket import Attachment

ENTRIES = ("comment", "correspond")
FIRST_SERVER_ERROR = 500  # HTTP status
CURES = {
    400: "Correct the ticket in Request Tracker or the rights of the token's user, then replay the delivery.",
    401: "Give the channel a valid token, then replay the delivery.",
    403: "Correct the name of the queue, or give the token's user the rights in it, then replay the delivery.",
    404: "Set url to the root of Request Tracker, without /REST/2.0, then replay the delivery.",
    413: "Let Request Tracker's web server take larger requests, then replay the delivery.",
    422: "Correct what Request Tracker names, then replay the delivery.",
}


def open_request_tracker(name: str, options: Mapping[str, object], env: Mapping[str, str]) -> "RequestTrackerChannel":
    """Open a channel of kind request_tracker, or raise what is wrong with its options."""
    given = Options(name, options, env)
    allow_private = given.switch("allow_private")
    url = given.url("url", example="https://rt.example.com", schemes=("https", "http") if allow_private else ("https",))
    queue = given.text("queue", example="<the queue in Request Tracker>")
    token = given.secret("token")
    if not token.isascii():
        given.problem("the token has letters that no token of Request Tracker has. Copy it anew.")
    entries = given.choice("entries", "comment", choices=ENTRIES)
    ca_file = given.ca_file("ca_file")
    given.finish()
    outgoing = Outgoing(allow_private=allow_private, ca_file=ca_file)
    return RequestTrackerChannel(url=url, queue=queue, token=token, entries=entries, outgoing=outgoing)


class RequestTrackerChannel:
    """Creates tickets in one queue of Request Tracker, and adds visitors' later entries."""

    promise = Promise.ONCE
    acknowledges = False

    def __init__(self, *, url: str, queue: str, token: str, outgoing: Outgoing, entries: str = "comment") -> None:
        self._root = f"{url.rstrip('/')}/REST/2.0"
        self._place = urlsplit(url).hostname or url
        self._queue = queue
        self._token = token
        self._entries = entries
        self._outgoing = outgoing

    def send(self, message: OutboundMessage) -> str:
        """Create a ticket or add an entry to one; return the number of the ticket in Request Tracker."""
        if message.purpose == Purpose.ACKNOWLEDGEMENT:
            raise PermanentFailure(
                "Request Tracker is told nothing here. Name a channel of kind email in acknowledge_by."
            )
        return self._send_ticket(message) if message.purpose == Purpose.TICKET else self._send_entry(message)

    def check(self) -> str:
        """Check that Request Tracker answers and that the token can see the queue."""
        about = self._ask("GET", "/rt")
        self._ask("GET", f"/queue/{quote(self._queue, safe='')}")
        version = about.get("Version", "") if isinstance(about, dict) else ""
        return f"Request Tracker {version} at {self._place}, queue {self._queue}"

    def _send_ticket(self, message: OutboundMessage) -> str:
        if message.remote:  # the ticket was moved away from here and is moved back
            return self._add(message, message.remote, write_ticket(message))
        found = self._find_ticket(message) if message.is_retry else None
        if found:
            return found
        fields = _message(write_subject(message), write_ticket(message))
        fields |= {"Queue": self._queue} | _requestor(message.ticket.draft.email)
        return self._number(self._ask("POST", "/ticket", fields, message.files))

    def _send_entry(self, message: OutboundMessage) -> str:
        ticket = message.remote or self._find_ticket(message)
        if not ticket or not (ticket.isascii() and ticket.isdigit()):
            raise PermanentFailure(
                f"{self._place}: has no ticket {message.tag}. Replay the ticket's own delivery, then this one."
            )
        return self._add(message, ticket, write_entry(message))

    def _add(self, message: OutboundMessage, ticket: str, text: str) -> str:
        """Add a text and its files to a ticket of Request Tracker, unless an earlier attempt did."""
        if not (message.is_retry and self._has_entry(message)):
            fields = _message(_mark(message), text)
            self._ask("POST", f"/ticket/{ticket}/{self._entries}", fields, message.files)
        return ticket

    def _find_ticket(self, message: OutboundMessage) -> str | None:
        """Return the number of the ticket whose subject contains our tag, if there is one.

        Searched in all queues, as the team may have moved it; but for a ticket that was moved here from another channel
        only in ours, since that channel may have created one in its own queue.
        """
        # The tag consists of letters, digits and hyphens: nothing needs quoting.
        query = f"Creator = '__CurrentUser__' AND Subject LIKE '{message.tag}'"
        if message.purpose == Purpose.TICKET and message.entry is not None:
            query += f" AND Queue = '{_quoted(self._queue)}'"
        asked = {"query": query, "fields": "Subject", "orderby": "id", "per_page": 100}
        for item in self._items(self._ask("GET", f"/tickets?{urlencode(asked)}")):
            # LIKE means "contains", and another ticket's subject may quote this tag.
            if str(item.get("Subject", "")).startswith(message.tag):
                return self._number(item)
        return None

    def _has_entry(self, message: OutboundMessage) -> bool:
        """Return whether Request Tracker has a message with this delivery's mark as subject."""
        wanted = [{"field": "Subject", "value": _mark(message)}]
        return bool(self._items(self._ask("POST", "/attachments?fields=Subject", wanted)))

    def _ask(self, method: str, path: str, document: object = None, files: Iterable[Attachment] = ()) -> Any:
        headers = {"Authorization": f"token {self._token}", "Accept": "application/json"}
        content = None
        if document is not None:
            headers["Content-Type"], content = _write(document, files)
        answer = self._outgoing.ask(method, self._root + path, headers=headers, content=content)
        if answer.status >= FIRST_SERVER_ERROR and document is not None and self._answers():
            # The fault is the message's, not the server's: others go on, and this one ends as dead.
            raise TemporaryFailure(
                f"{self._place}: answered {answer.status} to this message. See Request Tracker's own log."
            )
        check_status(answer, place=self._place, cures=CURES)
        return self._read(answer)

    def _answers(self) -> bool:
        headers = {"Authorization": f"token {self._token}", "Accept": "application/json"}
        return self._outgoing.ask("GET", f"{self._root}/rt", headers=headers).status < FIRST_SERVER_ERROR

    def _read(self, answer: Answer) -> Any:
        document = answer.read_json()
        if document is None and not answer.is_whole:
            raise Unreachable(f"{self._place}: the answer broke off.")  # the next attempt looks up whether it was done
        if document is None:
            raise self._strange()
        return document

    def _items(self, document: Any) -> list[dict[str, object]]:
        items = document.get("items") if isinstance(document, dict) else None
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise self._strange()
        return items

    def _number(self, document: Any) -> str:
        number = str(document.get("id", "")) if isinstance(document, dict) else ""
        if not (number.isascii() and number.isdigit()):
            raise self._strange()
        return number

    def _strange(self) -> PermanentFailure:
        return PermanentFailure(f"{self._place}: did not answer as Request Tracker does. {CURES[404]}")


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace("'", "\\'")


def _mark(message: OutboundMessage) -> str:
    """Return the subject of an entry's message, by which a retry finds it."""
    return f"[{message.key}]"


def _requestor(address: str) -> dict[str, str]:
    """Return the requestor in ASCII. Request Tracker silently drops other addresses; those are in the text alone."""
    try:
        ascii_email = validate_email(address, check_deliverability=False, globally_deliverable=False).ascii_email
    except EmailNotValidError:
        return {}
    return {"Requestor": ascii_email} if ascii_email else {}


def _message(subject: str, text: str) -> dict[str, str]:
    return {"Subject": subject, "Content": text, "ContentType": "text/plain"}


def _write(document: object, files: Iterable[Attachment]) -> tuple[str, bytes]:
    """Encode a request: JSON, with files as multipart uploads. Return content type and body.

    Within the JSON, Request Tracker 5.0 fails at file names that are not in Latin letters. It rejects empty files in
    either form; the text lists them.
    """
    written = json.dumps(document)
    uploads = [("Attachments", _name(file), _media_type(file), file.content) for file in files if file.content]
    return write_multipart({"JSON": written}, uploads) if uploads else ("application/json", written.encode())


def _name(file: Attachment) -> str:
    return file.name if file.name != "0" else "0.bin"  # Request Tracker treats "0" as no name


def _media_type(file: Attachment) -> str:
    """Return the media type of a file, or a generic one where Request Tracker would re-encode the content."""
    is_rewritten = file.media_type.partition("/")[0] in ("text", "message", "multipart")
    return "application/octet-stream" if is_rewritten else file.media_type
