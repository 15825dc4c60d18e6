"""What hostile visitors try: markup in every field, floods of parts and bytes, other people's tickets."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from http_server import serving
from playwright.sync_api import BrowserContext

from ticket_form.secrets.signing import new_form_key
from ticket_form.settings import LIMITS, Settings
from ticket_form.storage.ticket_store import list_attachments, list_entries, list_tickets
from ticket_form.web.services import Services

KEY = "the key of the agents"
SECRET = "s" * 32
PAYLOADS = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</option></select><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<ScRiPt src=//127.0.0.1:1/x.js></sCrIpT>",
    "<script/x>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script type=module>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    "`><img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    '" autofocus onfocus=alert(1) x="',
    "' autofocus onfocus=alert(1) x='",
    "x onmouseover=alert(1) y=",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//127.0.0.1:1/>",
    "<link rel=stylesheet href=//127.0.0.1:1/x.css><style>@import '//127.0.0.1:1/y.css';</style>",
    "<form action=//127.0.0.1:1/><button autofocus onfocus=alert(1)>",
    "{{ 7*7 }}${alert(1)}<%= 7*7 %>#{7*7}{% raw %}",
    "\u202e<script>alert(1)</script>\u2066&lt;script&gt;alert(1)&lt;/script&gt;%3Cscript%3Ealert(1)%3C/script%3E",
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@dataclass(frozen=True)
class Running:
    """A server of its own process."""

    port: int
    process: int

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def post(self, fields: list[tuple[str, str]], *, file_name: str | None = None) -> tuple[int, str, str]:
        """Post the form and return the status, the place that it leads to, and the page."""
        boundary = "a-boundary-that-nobody-types"
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value.encode() + b"\r\n"
            for name, value in fields
        )
        if file_name is not None:
            written = file_name.replace("\\", "\\\\").replace('"', "%22")
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{written}"\r\n'
            body += head.encode() + b"Content-Type: image/png\r\n\r\n" + PNG + b"\r\n"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(
            "POST",
            "/ticket",
            body + f"--{boundary}--\r\n".encode(),
            {"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return answer.status, answer.headers.get("Location", ""), page

    def get(self, path: str = "/ticket") -> None:
        """Have another visitor ask, and be answered before slow ones have to go."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=8)
        connection.request("GET", path)
        assert connection.getresponse().read()
        connection.close()

    def memory(self) -> int:
        """Return how many bytes the process, and those that it started to answer visitors, had at most so far."""
        started = Path(f"/proc/{self.process}/task/{self.process}/children").read_text("ascii").split()
        texts = [Path(f"/proc/{pid}/status").read_text() for pid in (self.process, *started)]
        return sum(int(kilobytes) * 1024 for text in texts for kilobytes in re.findall(r"VmHWM:\s+(\d+)", text))


@pytest.fixture
def running(settings: Settings) -> Iterator[Running]:
    """Run a server with the small site."""
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "TICKET_FORM_SITE": str(settings.site),
        "TICKET_FORM_DATABASE": str(settings.database),
        "TICKET_FORM_SECRET_KEY": SECRET,
        "TICKET_FORM_QUEUE_KEY": KEY,
        **dict.fromkeys(LIMITS.values(), "0"),
    }
    command = (sys.executable, "-c", "from ticket_form.cli import main; main()", "serve", "--port", "0")
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline().split(":")[-1].strip().rstrip("/"))
            yield Running(port=port, process=process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def new_key() -> str:
    return new_form_key(secret=SECRET.encode(), now=datetime.now(UTC) - timedelta(minutes=1))


def fields_of(payload: str) -> list[tuple[str, str]]:
    """Fill in everything that takes any text."""
    return [
        ("lang", "en"),
        ("form_key", new_key()),
        ("category", "other"),
        ("suggested", "1"),
        ("subject", payload),
        ("description", payload),
        ("email", "kim@example.com"),
        ("name", payload[:100]),
        ("q", payload),
        ("article", payload),
    ]


# Markup


def test_no_markup_of_a_visitor_does_anything_on_any_page(running: Running, context: BrowserContext) -> None:
    page = context.new_page()
    happened: list[str] = []
    page.on("dialog", lambda dialog: (happened.append(f"dialog {page.url}"), dialog.dismiss()))
    page.on(
        "console",
        lambda said: happened.append(f"{said.text} at {page.url}") if "Content Security Policy" in said.text else None,
    )
    page.on("pageerror", lambda error: happened.append(f"{error} at {page.url}"))
    strangers: list[str] = []
    page.on("request", lambda asked: strangers.append(asked.url) if not asked.url.startswith(running.base) else None)
    page.goto(f"{running.base}/queue?key={quote(KEY)}")
    visited = 0
    for payload in PAYLOADS[::4]:  # a browser is slow; the next test takes all of them through the same pages
        status, place, _ = running.post(fields_of(payload), file_name=f"{payload} x.png")
        assert status == 303, payload
        receipt = page.goto(running.base + place)
        assert receipt is not None
        (secret,) = set(re.findall(r"/ticket/status/([\w-]+)", receipt.text()))
        (reference,) = set(re.findall(r"AD-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}", receipt.text()))
        search = f"/search?lang=en&q={quote(payload)}"
        form = f"/ticket?lang={quote(payload)}&q={quote(payload)}&article={quote(payload)}&category={quote(payload)}"
        nowhere = f"/{quote(payload)}?q={quote(payload)}"
        pages = (f"/ticket/status/{secret}", f"/queue/{reference}", search, form, nowhere)
        for path in pages:
            shown = page.goto(running.base + path)
            assert shown is not None
            assert shown.status in (200, 404), path
            visited += 1
        # The form again, with errors: posted by the page itself, as a visitor would.
        page.goto(f"{running.base}/ticket?lang=en")
        for name in ("subject", "email", "name"):
            page.fill(f"#{name}", payload)
        page.fill("#description", payload)
        page.click(".ticket-form button[type=submit]")
        page.wait_for_selector("#summary")
        visited += 1
    for path in ("/queue", "/queue/quarantine"):
        page.goto(running.base + path)
        page.emulate_media(media="print")
        visited += 1
    assert happened == []
    assert strangers == []
    assert visited >= 60


def test_what_a_visitor_wrote_is_text_and_nothing_is_added_to_it(
    client: FlaskClient, services: Services, new_key: Callable[[], str], encode: Callable[..., tuple[bytes, str]]
) -> None:
    client.get("/queue", query_string={"key": KEY})
    for payload in PAYLOADS:
        data = dict(fields_of(payload)) | {"form_key": new_key(), "files": (BytesIO(PNG), f"{payload} x.png")}
        body, kind = encode(data)  # Werkzeug's client does not escape the quotes of a file's name, as browsers do
        receipt = client.post("/ticket", data=body, content_type=kind)
        assert receipt.status_code == 303, payload
        ticket = list_tickets(services.database, limit=1).tickets[0]
        assert re.sub(r"\W", "", ticket.draft.subject) == re.sub(r"\W", "", payload)
        (secret,) = set(re.findall(r"/ticket/status/([\w-]+)", client.get(receipt.location).text))
        for path in (f"/queue/{ticket.reference}", f"/ticket/status/{secret}"):
            page = client.get(path).text
            assert ticket.draft.subject in unescape(page), payload
            for tag in re.findall(r"<(?:script|img|svg|iframe|object|embed|base|link|meta|form|style)\b[^>]*>", page):
                assert "alert" not in tag, payload
                assert "127.0.0.1" not in tag, payload
        for file in list_attachments(services.database, ticket.reference):
            assert not re.search(r"[\x00-\x1f/\\\u202a-\u202e\u2066-\u2069]", file.name), payload


def test_no_address_that_a_visitor_wrote_is_asked(
    client: FlaskClient, services: Services, new_key: Callable[[], str]
) -> None:
    client.get("/queue", query_string={"key": KEY})
    with serving() as stranger:
        url = f"{stranger.url}/a.png"
        written = f'{url} ![a]({url}) <img src="{url}"> <link rel=stylesheet href={url}> @import url({url});'
        data = dict(fields_of(written)) | {"form_key": new_key(), "subject": url, "files": (BytesIO(PNG), f"{url}.png")}
        receipt = client.post("/ticket", data=data)
        assert receipt.status_code == 303
        (ticket,) = list_tickets(services.database).tickets
        assert url in ticket.draft.description
        (secret,) = set(re.findall(r"/ticket/status/([\w-]+)", client.get(receipt.location).text))
        status = f"/ticket/status/{secret}"
        assert client.post(status, data={"form_key": new_key(), "kind": "comment", "text": written}).status_code == 303
        (file,) = list_attachments(services.database, ticket.reference)
        desk = f"/queue/{ticket.reference}"
        for path in (status, desk, f"{desk}/files/{file.id}", "/queue", f"/search?q={quote(written)}"):
            assert client.get(path).status_code == 200, path
        assert stranger.asked == []


# Floods


def test_a_hundred_thousand_parts_are_refused_quickly(running: Running) -> None:
    status, _, page = running.post([(f"f{number}", "x") for number in range(100_000)])
    assert status == 413
    assert "<h1>" in page
    running.get()


def test_a_huge_body_in_chunks_is_refused_and_not_kept_in_memory(running: Running) -> None:
    running.get()
    before = running.memory()
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        connection.sendall(
            b"POST /ticket HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        )
        chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
        answer = b""
        for _ in range(1024):  # a gigabyte
            try:
                connection.sendall(chunk)
            except (BrokenPipeError, ConnectionResetError):
                break
        else:
            pytest.fail("all of it was read")
        with suppress(ConnectionResetError):  # the answer was on its way when we still sent
            answer = connection.recv(4096)
    assert answer == b"" or b" 413 " in answer.split(b"\r\n")[0]
    assert running.memory() - before < 40 * 1024 * 1024
    running.get()


def test_a_body_that_claims_to_be_huge_is_refused_before_it_comes(running: Running) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        connection.sendall(b"POST /ticket HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n")
        answer = connection.recv(4096)
    assert b" 413 " in answer.split(b"\r\n")[0]


def test_slow_visitors_do_not_stop_the_others(running: Running) -> None:
    head = b"POST /ticket HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n"
    # More than 100 for each of four processes.
    slow = [socket.create_connection(("127.0.0.1", running.port), timeout=20) for _ in range(450)]
    try:
        for number, connection in enumerate(slow):
            connection.sendall(head if number % 2 else head[:30])  # half of them stop in the headers
        for _ in range(20):
            for connection in slow[:20]:
                connection.sendall(b"x")
            running.get()
    finally:
        for connection in slow:
            connection.close()


def test_few_open_files_are_enough_for_all_who_come(settings: Settings) -> None:
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "TICKET_FORM_SITE": str(settings.site),
        "TICKET_FORM_DATABASE": str(settings.database),
        "TICKET_FORM_SECRET_KEY": SECRET,
    }
    serve = "from ticket_form.server import waitress_server; waitress_server.DRAIN_TIMEOUT = 1.0; "
    serve += "from ticket_form.cli import main; main(['serve', '--port', '0', '--processes', '2'])"
    command = ("sh", "-c", f'ulimit -n 256; exec "{sys.executable}" -c "{serve}"')
    with ExitStack() as stack:
        process = stack.enter_context(
            subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        )
        try:
            assert process.stdout is not None
            running = Running(
                port=int(process.stdout.readline().split(":")[-1].strip().rstrip("/")), process=process.pid
            )
            for number in range(400):
                connection = stack.enter_context(socket.create_connection(("127.0.0.1", running.port), timeout=20))
                body = b"POST /ticket HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + bytes(100_000)
                with suppress(OSError):  # who had to go
                    connection.sendall(body if number % 2 else b"GET /")
            for path in 5 * ("/ticket", "/ko/", "/search?lang=en&q=password"):
                running.get(path)
            assert running.post(fields_of("While others wait"))[0] == 303
        finally:
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=40)
    assert process.returncode == 0
    assert errors == ""


@pytest.mark.parametrize(
    "request_text",
    [
        b"GET /ticket HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"POST /ticket HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"POST /ticket HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST /ticket HTTP/1.1\r\nHost: a" + 2 * b"\r\nTransfer-Encoding: chunked" + b"\r\n\r\n0\r\n\r\n",
        b"POST /ticket HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
        b"POST /ticket HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /ticket HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nxxxxxx",
        b"POST /ticket HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /ticket HTTP/1.1\r\nHost : a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\r\n\r\n",
    ],
    ids=[
        "both lengths",
        "two encodings",
        "unknown encoding",
        "chunked twice",
        "folded",
        "old",
        "two lengths",
        "negative",
        "space",
        "tls",
    ],
)
def test_what_is_no_proper_request_is_refused_with_the_headers_of_every_answer(
    running: Running, request_text: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        try:
            connection.sendall(request_text)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        except ConnectionResetError:
            pytest.fail("no answer")
    head = answer.split(b"\r\n\r\n")[0].decode().lower()
    assert re.match(r"http/1\.[01] (400|413|431|501) ", head), head
    assert "x-content-type-options: nosniff" in head
    assert "content-security-policy: default-src 'none'" in head
    assert "cache-control: no-store" in head
    assert answer.count(b"HTTP/1.") == 1


# Other people's tickets


@dataclass(frozen=True)
class Owned:
    """A ticket and what belongs to it."""

    reference: str
    secret: str
    file: int


def _own(client: FlaskClient, services: Services, key: str, subject: str) -> Owned:
    data = dict(fields_of(subject)) | {"form_key": key, "files": (BytesIO(PNG), f"{subject}.png")}
    answer = client.post("/ticket", data=data)
    assert answer.status_code == 303
    (secret,) = set(re.findall(r"/ticket/status/([\w-]+)", client.get(answer.location).text))
    reference = list_tickets(services.database).tickets[0].reference
    return Owned(reference=reference, secret=secret, file=list_attachments(services.database, reference)[0].id)


@pytest.fixture
def two(client: FlaskClient, services: Services, new_key: Callable[[], str]) -> tuple[Owned, Owned]:
    """Send two tickets of two visitors."""
    return _own(client, services, new_key(), "mine"), _own(client, services, new_key(), "theirs")


def test_no_route_gives_a_visitor_what_belongs_to_another_ticket(app: Flask, two: tuple[Owned, Owned]) -> None:
    mine, theirs = two
    client = app.test_client()
    adapter = app.url_map.bind("localhost")
    nothing = client.get(f"/queue/{theirs.reference}")
    assert nothing.status_code == 404
    tried = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(("portal.", "static")) or not rule.arguments:
            continue
        for stolen in (theirs.reference, theirs.file, 1, 2, "1", mine.secret[:-1], mine.secret.swapcase(), "*", "%"):
            values: dict[str, object] = {"secret": mine.reference, "token": mine.secret, "reference": theirs.reference}
            values = {name: values.get(name, stolen) for name in rule.arguments}
            if "secret" in values or "token" in values:
                values = dict.fromkeys(values, str(stolen))
            if "file" in values and not isinstance(values["file"], int):
                continue
            for method in (rule.methods or set()) & {"GET", "POST"}:
                answer = client.open(adapter.build(rule.endpoint, values, method=method), method=method)
                assert answer.status_code == 404, (rule, values)
                assert "theirs" not in answer.text
                tried += 1
    assert tried >= 40


def test_a_file_of_another_ticket_is_as_if_it_were_not_there(client: FlaskClient, two: tuple[Owned, Owned]) -> None:
    mine, theirs = two
    client.get("/queue", query_string={"key": KEY})
    assert client.get(f"/queue/{theirs.reference}/files/{theirs.file}").status_code == 200
    crossed = client.get(f"/queue/{mine.reference}/files/{theirs.file}")
    missing = client.get(f"/queue/{mine.reference}/files/999999")
    assert crossed.status_code == missing.status_code == 404
    assert re.sub(r"files(/|%2F)\d+", "", crossed.text) == re.sub(r"files(/|%2F)\d+", "", missing.text)


def test_a_visitors_own_page_takes_no_names_of_other_things(
    client: FlaskClient, services: Services, two: tuple[Owned, Owned], new_key: Callable[[], str]
) -> None:
    mine, theirs = two
    smuggled = {
        "reference": theirs.reference, "ticket": theirs.reference, "ticket_id": "2", "id": "2", "secret": theirs.secret,
        "author": "team", "state": "closed", "queue": "security", "move_to": "security", "level": "L4", "links": "1",
        "quarantine": "", "attachment": str(theirs.file), "file": str(theirs.file), "created_at": "1999-01-01",
    }  # fmt: skip
    data = {"form_key": new_key(), "kind": "comment", "text": "hello", **smuggled}
    assert client.post(f"/ticket/status/{mine.secret}", data=data).status_code == 303
    (entry,) = list_entries(services.database, mine.reference)
    assert (entry.author, entry.text, entry.attachments) == ("visitor", "hello", ())
    assert list_entries(services.database, theirs.reference) == ()
    assert {(ticket.state, ticket.level) for ticket in list_tickets(services.database).tickets} == {("new", "L1")}
