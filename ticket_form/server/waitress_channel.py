"""Adapt waitress connections: error pages in the visitor's language, security headers, limits on time and queue."""

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar
from urllib.parse import parse_qs

from markupsafe import escape
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask
from waitress.utilities import Error
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from ticket_form.i18n.messages import Words, words_for
from ticket_form.server.pace import Pace, Stage
from ticket_form.web.security_headers import BARE

MAX_QUEUED_REQUESTS = 32  # requests in the queue, about 0.1 s of work; others are refused at once
HEALTH_PATH = "/healthz"
TRANSFER_ENCODING = re.compile(rb"^transfer-encoding[ \t]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)


class Busy(Error):
    """The error for a full request queue (503)."""

    code = 503
    reason = "Service Unavailable"

    def to_response(self, _ident: str | None = None) -> Any:  # the stubs say text, waitress writes bytes
        """Return status, headers and page."""
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Retry-After", "5"), ("Cache-Control", "no-store")]
        return f"{self.code} {self.reason}", headers, self.body.encode()


class Refused(Error):
    """The error for a request that is refused with a page of the app."""

    def __init__(self, status: str, headers: list[tuple[str, str]], page: bytes) -> None:
        super().__init__(status)
        self._answer = status, headers, page

    def to_response(self, _ident: str | None = None) -> Any:
        """Return status, headers and page."""
        return self._answer


class Refusal(ErrorTask):
    """The response to a malformed or refused request."""

    def execute(self) -> None:
        """Write the response."""
        request: Any = self.request
        if not isinstance(request.error, Refused):  # a Refused has all headers already
            self.response_headers = [*self.response_headers, *BARE.items()]
        super().execute()


class Parser(HTTPRequestParser):
    """A parser that rejects requests whose end a proxy may see elsewhere (request smuggling)."""

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the request line and headers."""
        super().parse_header(header_plus)
        encodings = [value.strip().lower() for value in TRANSFER_ENCODING.findall(header_plus)]
        if encodings and (encodings != [b"chunked"] or self.version != "1.1"):
            raise ParsingError("Transfer-Encoding can only be chunked, and is given once.")
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding cannot both be given.")


class LimitedChannel(HTTPChannel):
    """A connection with limits and error pages of our own; it closes after its response when the server stops."""

    error_task_class = Refusal
    parser_class = Parser
    words: ClassVar[Mapping[str, Words]] = {}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.pace = Pace(since=time.monotonic())
        self._turn = self._sent_bytes = 0
        super().__init__(*arguments, **options)

    @classmethod
    def saying(cls, words: Mapping[str, Words]) -> type["LimitedChannel"]:
        """Return a channel class whose error pages use these words."""
        return type("LimitedChannel", (cls,), {"words": words})

    @property
    def buffered(self) -> int:
        """Return how many bytes of an unfinished upload are buffered."""
        request: Any = self.request
        return request.body_bytes_received if request else 0

    @property
    def spooled(self) -> int:
        """Return how many bytes of uploads are in temporary files, finished ones included."""
        found = (request.body_bytes_received for request in (self.request, *self.requests) if request)
        return sum(number for number in found if number > self.adj.inbuf_overflow)

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send as much as the client accepts, and count it."""
        sent: int = super().send(data, do_close)
        self._sent_bytes += sent or 0
        return sent

    def note_pace(self, now: float) -> None:
        """Update the pace of the client."""
        stage = self._stage()
        moved = self.buffered if stage is Stage.BODY else self._sent_bytes
        self.pace.note(stage, turn=self._turn, moved=moved, now=now)

    def handle_close(self) -> None:
        """Close the connection, and delete the file of an incomplete body."""
        super().handle_close()
        request: Any = self.request
        self.request = None
        if request is not None:
            request.close()

    def end_late(self) -> None:
        """Close a late connection, after one attempt to send an explanation to a client that was sending a form."""
        if self.pace.stage is Stage.BODY:
            with suppress(OSError):
                super().send(self._late_answer(), do_close=False)
        self.handle_close()

    def _stage(self) -> Stage:
        request: Any = self.request
        if self.total_outbufs_len and not (self.requests and self.total_outbufs_len < self.adj.send_bytes):
            return Stage.REPLY
        if self.requests:
            return Stage.WORK
        if request is None:
            return Stage.IDLE if self._turn else Stage.HEAD  # a connection that has sent nothing is slow with its head
        return Stage.BODY if request.headers_finished else Stage.HEAD

    def service(self) -> None:
        """Handle a request, and close the connection afterwards if the server is stopping."""
        if not self.server.accepting:
            request = self.requests[0]
            request.headers = {**request.headers, "CONNECTION": "close"}
        if self._is_too_much():
            self.requests[0].error = Busy(self._bare_page("busy"))
        elif self.requests[0].error:
            self.requests[0].error = self._explained(self.requests[0])
        self._turn += 1
        super().service()

    def writable(self) -> bool:
        """Return whether there is something to send now.

        While a request is being handled, small output waits for the rest: otherwise waitress would poll the socket all
        the time, and slow down the thread that writes.
        """
        is_waiting = self.requests and self.total_outbufs_len < self.adj.send_bytes
        return bool(self.will_close or self.close_when_flushed or (self.total_outbufs_len and not is_waiting))

    def _is_too_much(self) -> bool:
        request: Any = self.requests[0]
        waiting = len(self.server.task_dispatcher.queue)
        return waiting > MAX_QUEUED_REQUESTS and not request.error and request.path != HEALTH_PATH

    def _explained(self, request: Any) -> Refused:
        code = request.error.code
        # The head was parsed only if the error is the size.
        query, language = (request.query, request.headers.get("ACCEPT_LANGUAGE", "")) if code == 413 else ("", "")
        server: Any = self.server
        answer: Refused = server.explain(code, query, language)
        return answer

    def _late_answer(self) -> bytes:
        page = self._bare_page("late").encode()
        headers = {"Content-Type": "text/html; charset=utf-8", "Connection": "close", "Content-Length": len(page)}
        lines = "".join(f"{name}: {value}\r\n" for name, value in {**headers, **BARE}.items())
        return f"HTTP/1.1 408 Request Timeout\r\n{lines}\r\n".encode() + page

    def _bare_page(self, key: str) -> str:
        """Return a page without styles, which would need requests of their own."""
        request: Any = self.requests[0] if self.requests else self.request
        accepted = parse_accept_header(request.headers.get("ACCEPT_LANGUAGE"), LanguageAccept)
        asked = parse_qs(request.query or "").get("lang", [])
        code = next((tag for tag in (*asked, *accepted.values()) if tag in self.words), "en")
        words = words_for(code, self.words)
        title, text = escape(words.plain(f"{key}_title")), escape(words.plain(key))
        return (
            f'<!doctype html><html lang="{escape(code)}" dir="auto"><meta charset="utf-8"><title>{title}</title>'
            f'<main><h1>{title}</h1><p class="lead">{text}</p></main></html>'
        )
