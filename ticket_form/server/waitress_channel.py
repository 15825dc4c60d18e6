"""What waitress answers by itself to requests that never reach the app, with the headers of all other answers."""

import re
from collections.abc import Mapping
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
from ticket_form.web.security_headers import BARE

DEEPEST = 32  # requests that wait: about a tenth of a second of work, so that who is turned away knows at once
HEALTH = "/healthz"
ENCODING = re.compile(rb"^transfer-encoding[ \t]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)


class Busy(Error):
    """More requests wait than can be answered soon."""

    code = 503
    reason = "Service Unavailable"

    def to_response(self, _ident: str | None = None) -> Any:  # the stubs say text, waitress writes bytes
        """Return status, headers and page."""
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Retry-After", "5"), ("Cache-Control", "no-store")]
        return f"{self.code} {self.reason}", headers, self.body.encode()


class Refusal(ErrorTask):
    """The answer to what is no proper request."""

    def execute(self) -> None:
        """Answer."""
        self.response_headers = [*self.response_headers, *BARE.items()]
        super().execute()


class Parser(HTTPRequestParser):
    """Reads a request, but none of which a proxy before us may see another end than we do."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head."""
        super().parse_header(header_plus)
        encodings = [value.strip().lower() for value in ENCODING.findall(header_plus)]
        if encodings and (encodings != [b"chunked"] or self.version != "1.1"):
            raise ParsingError("Transfer-Encoding can only be chunked, and is given once.")
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding cannot both be given.")


class LimitedChannel(HTTPChannel):
    """A connection whose refusals are ours, and which ends with its answer once the server takes no more."""

    error_task_class = Refusal
    parser_class = Parser
    words: ClassVar[Mapping[str, Words]] = {}

    @classmethod
    def saying(cls, words: Mapping[str, Words]) -> type["LimitedChannel"]:
        """Return channels that turn visitors away in their language."""
        return type("LimitedChannel", (cls,), {"words": words})

    def service(self) -> None:
        """Answer a request; without the end said here, busy visitors would keep a stopping server up."""
        if not self.server.accepting:
            request = self.requests[0]
            request.headers = {**request.headers, "CONNECTION": "close"}
        if self._is_too_much():
            self.requests[0].error = Busy(self._busy_page())
        super().service()

    def writable(self) -> bool:
        """Tell whether there is something to send now.

        While a request is being answered, little output waits for the rest; waitress would ask the system again and
        again whether it could be sent, and take the time of whoever writes it.
        """
        is_waiting = self.requests and self.total_outbufs_len < self.adj.send_bytes
        return bool(self.will_close or self.close_when_flushed or (self.total_outbufs_len and not is_waiting))

    def _is_too_much(self) -> bool:
        request: Any = self.requests[0]
        waiting = len(self.server.task_dispatcher.queue)
        return waiting > DEEPEST and not request.error and request.path != HEALTH

    def _busy_page(self) -> str:
        """Return a page without styles: they would have to be asked for too."""
        request: Any = self.requests[0]
        accepted = parse_accept_header(request.headers.get("ACCEPT_LANGUAGE"), LanguageAccept)
        asked = parse_qs(request.query or "").get("lang", [])
        code = next((tag for tag in (*asked, *accepted.values()) if tag in self.words), "en")
        words = words_for(code, self.words)
        title, text = escape(words.plain("busy_title")), escape(words.plain("busy"))
        return (
            f'<!doctype html><html lang="{escape(code)}" dir="auto"><meta charset="utf-8"><title>{title}</title>'
            f'<main><h1>{title}</h1><p class="lead">{text}</p></main></html>'
        )
