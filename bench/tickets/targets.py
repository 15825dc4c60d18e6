"""The help desks that are put under load: ours and django-helpdesk, each in its own words."""

import re
import secrets
import time
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from bench.tickets.client import Connection, Reply, Sample
from bench.tickets.desk import Desk, DeskError
from bench.tickets.post import BOUNDARY, HEADERS, RECEIPT, Letter, write_letters

LINE = b"2026-11-22 08:15 tunnel closed\n"
FILES = {"form": b"", "ticket": LINE * (2_048 // len(LINE)), "large": LINE * (5_000_000 // len(LINE))}
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
QUEUE = re.compile(rb'<option value="(\d+)"[^>]*>[^<]+<')


class OurDesk:
    """Ours: each ticket has the signed key of a form of its own, made as the server makes it."""

    name = "Answerdesk"

    def __init__(self, desk: Desk) -> None:
        self.port = desk.port

    async def begin(self, _connection: Connection) -> Any:
        """Make the tickets of a new visitor."""
        name = secrets.token_hex(6)
        return {kind: write_letters(f"{kind} {name}", file=file) for kind, file in FILES.items()}

    async def visit(self, connection: Connection, session: Any, kind: str) -> Sample:
        """Look at the form or post a ticket."""
        if kind == "form":
            return await _timed(connection, _request("GET", "/ticket"), kind)
        email: Letter = next(session[kind])
        request = _request("POST", "/ticket", email.body())
        return await _timed(connection, request, kind, subject=email.subject, marks=(RECEIPT,))


class DjangoHelpdesk:
    """The public form of django-helpdesk; a visitor's token holds for many tickets."""

    name = "django-helpdesk"
    path = "/tickets/submit/"

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.hostname not in ("127.0.0.1", "localhost") or not parts.port:
            raise DeskError(f"--peer-url: {url!r} is not on this machine. Write it like http://127.0.0.1:8086.")
        self.port = parts.port

    async def begin(self, connection: Connection) -> Any:
        """Fetch the form with its token and the cookie that belongs to it."""
        reply = await connection.ask(_request("GET", self.path))
        token, queue = TOKEN.search(reply.text), QUEUE.search(reply.text)
        if not token or not queue:
            raise DeskError(f"django-helpdesk shows no form at {self.path}: status {reply.status}")
        return {"cookies": reply.cookies, "token": token[1].decode(), "queue": queue[1].decode(), "count": count()}

    async def visit(self, connection: Connection, session: Any, kind: str) -> Sample:
        """Look at the form or post a ticket."""
        if kind == "form":
            return await _timed(connection, _request("GET", self.path), kind)
        fields = {
            "csrfmiddlewaretoken": session["token"], "queue": session["queue"],
            "title": f"{kind} {next(session['count'])}", "body": "It worked yesterday and does not today. " * 12,
            "priority": "3", "submitter_email": "kim@example.com",
        }  # fmt: skip
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="attachment"; filename="log.txt"\r\n'
        parts += [head.encode(), b"Content-Type: text/plain\r\n\r\n", FILES[kind], b"\r\n"]
        body = b"".join((*parts, f"--{BOUNDARY}--\r\n".encode()))
        request = _request("POST", self.path, body, cookies=session["cookies"])
        return await _timed(connection, request, kind, subject=fields["title"], marks=("/view/", "/success"))


def _request(method: str, path: str, body: bytes = b"", *, cookies: str = "") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html"]
    if cookies:
        lines.append(f"Cookie: {cookies}")
    if body:
        lines += [f"Content-Type: {HEADERS['Content-Type']}", f"Content-Length: {len(body)}"]
    return "\r\n".join((*lines, "", "")).encode() + body


async def _timed(
    connection: Connection, request: bytes, kind: str, *, subject: str = "", marks: tuple[str, ...] = ()
) -> Sample:
    begun = time.monotonic()
    reply: Reply = await connection.ask(request)
    seconds = time.monotonic() - begun
    is_good = any(mark in reply.location for mark in marks) if marks else reply.status == 200
    return Sample(
        kind=kind, status=reply.status, seconds=seconds, is_good=is_good, subject=subject, location=reply.location
    )
