"""The server as a real process."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest

from ticket_form.delivery.outbox import Delivery, list_deliveries
from ticket_form.secrets.signing import new_form_key
from ticket_form.server.waitress_server import address
from ticket_form.settings import Settings
from ticket_form.storage.database import open_database
from ticket_form.storage.ticket_store import list_tickets

FORM = {"lang": "en", "category": "network", "subject": "VPN", "description": "-", "email": "kim@example.com"}
FORM |= {"suggested": "1"}
COMMAND = (sys.executable, "-c", "from ticket_form.cli import main; main()")
HURRIED = "from ticket_form.server import waitress_server; waitress_server.DRAIN_TIMEOUT = 1.0; "
SECRET = "s" * 32


@pytest.fixture
def env(settings: Settings) -> dict[str, str]:
    """Give the environment of a desk."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "TICKET_FORM_SITE": str(settings.site),
        "TICKET_FORM_DATABASE": str(settings.database),
        "TICKET_FORM_SECRET_KEY": SECRET,
        "TICKET_FORM_QUEUE_KEY": "the key of the agents",
        "TICKET_FORM_LIMIT_SECONDS": "0",
    }


@contextmanager
def running(env: dict[str, str], *words: str, before: str = "") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a command, after some code, and read its first line."""
    command = (*COMMAND[:2], before + COMMAND[2])
    process = subprocess.Popen([*command, *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@contextmanager
def serving(
    env: dict[str, str], *options: str, lines: int = 3, before: str = ""
) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start a server and read the addresses that it tells."""
    with running(env, "serve", "--port", "0", *options, before=before) as (process, first):
        assert process.stdout is not None
        yield process, [first, *(process.stdout.readline().strip() for _ in range(lines - 1))]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_tells_its_addresses_serves_and_stops_cleanly(env: dict[str, str], stop: signal.Signals) -> None:
    with serving(env) as (process, lines):
        base = re.fullmatch(r"Portal +(http://127\.0\.0\.1:(\d+))/", lines[0])
        assert base
        assert re.fullmatch(rf"Form +{base[1]}/ticket", lines[1])
        assert re.fullmatch(rf'Queue +{base[1]}/queue \(its key: ".+ queue address --base-url {base[1]}"\)', lines[2])
        connection = HTTPConnection("127.0.0.1", int(base[2]), timeout=10)
        connection.request("GET", "/ticket?lang=ko", headers={"X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        assert answer.status == 200
        assert "문의 등록" in answer.read().decode()
        assert answer.headers["Server"] is None
        assert answer.headers["Strict-Transport-Security"] is None
        connection.close()
        process.send_signal(stop)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


def test_the_key_of_the_queue_is_shown_on_a_terminal_and_by_a_command_and_is_in_no_log(env: dict[str, str]) -> None:
    words = {"TICKET_FORM_LOGS": "json", "TICKET_FORM_METRICS": "127.0.0.1:0"}
    with serving({**env, **words}, lines=4) as (process, lines):
        ask_path = "/queue?key=the+key+of+the+agents"
        connection = HTTPConnection("127.0.0.1", _port(lines), timeout=10)
        connection.request("GET", ask_path)
        assert connection.getresponse().status == 303
        connection.close()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    for key in ("the key", "the+key", SECRET):
        assert key not in "\n".join([*lines, out, err])
    told = subprocess.run([*COMMAND, "queue", "address"], env=env, capture_output=True, text=True, timeout=30)
    assert told.stdout == "http://127.0.0.1:8000/queue?key=the+key+of+the+agents\n"
    terminal, end = pty.openpty()
    with subprocess.Popen([*COMMAND, "serve", "--port", "0"], env=env, stdout=end, stderr=subprocess.PIPE) as shown:
        text = ""
        while "Queue" not in text or not text.endswith("\n"):
            text += os.read(terminal, 1024).decode()
        shown.terminate()
    os.close(terminal)
    os.close(end)
    assert "/queue?key=the key of the agents" in text


def test_what_was_begun_is_answered_after_it_is_asked_to_stop(env: dict[str, str], settings: Settings) -> None:
    body = _form(SECRET.encode(), subject="Half of it")
    with serving(env) as (process, lines):
        connection = socket.create_connection(("127.0.0.1", _port(lines)), timeout=20)
        half = len(body) // 2
        head = f"POST /ticket HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        connection.sendall(head.encode() + body[:half])
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        assert _refuses(_port(lines), within=8)
        connection.sendall(body[half:])
        with connection, connection.makefile("rb") as answered:
            answer = answered.read()
        assert process.wait(timeout=30) == 0
    assert answer.startswith(b"HTTP/1.1 303")
    assert _subjects(settings) == ["Half of it"]


def test_somebody_who_never_finishes_does_not_keep_it_from_stopping(env: dict[str, str]) -> None:
    with serving(env, "--processes", "1", before=HURRIED) as (process, lines):
        connection = socket.create_connection(("127.0.0.1", _port(lines)), timeout=20)
        connection.sendall(b"POST /ticket HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nlang=en")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        connection.close()


class Receiver(BaseHTTPRequestHandler):
    """Takes its time to accept what a webhook sends."""

    begun: threading.Event
    is_stopping: threading.Event
    parcels: list[str]

    def do_POST(self) -> None:
        """Accept a parcel."""
        self.begun.set()
        self.is_stopping.wait(10)
        self.parcels.append(self.headers["Idempotency-Key"])
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver(env: dict[str, str], tmp_path: Path) -> Iterator[type[Receiver]]:
    """Receive what a webhook of the desk sends."""
    handler = type(
        "Handler", (Receiver,), {"begun": threading.Event(), "is_stopping": threading.Event(), "parcels": []}
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    channel = f"{{id: hook, kind: webhook, url: 'http://127.0.0.1:{server.server_port}/', allow_private: true, "
    channel += "secret_variable: HOOK_SECRET}"
    (tmp_path / "routing.yml").write_text(f"channels: [{channel}]\nqueues: [{{id: a, channels: [hook]}}]\ndefault: a\n")
    env |= {"TICKET_FORM_ROUTING": str(tmp_path / "routing.yml"), "HOOK_SECRET": "h" * 32}
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_ticket_is_sent_on_by_the_server_itself_which_finishes_what_it_sends(
    env: dict[str, str], settings: Settings, receiver: type[Receiver]
) -> None:
    with serving(env) as (process, lines):
        _post(lines)
        assert receiver.begun.wait(10)
        process.send_signal(signal.SIGTERM)
        assert _refuses(_port(lines), within=8)  # it is stopping while the webhook has not answered
        receiver.is_stopping.set()
        assert process.wait(timeout=30) == 0
    (delivery,) = _deliveries(settings)
    assert (delivery.delivered_at is not None, delivery.attempts, len(receiver.parcels)) == (True, 1, 1)


def test_a_worker_of_its_own_sends_what_a_server_without_one_took(
    env: dict[str, str], settings: Settings, receiver: type[Receiver]
) -> None:
    with serving(env, "--no-worker") as (_process, lines):
        _post(lines)
        receiver.is_stopping.set()
        assert [delivery.attempts for delivery in _deliveries(settings)] == [0]
        with running(env, "worker") as (worker, line):
            assert line == "Sending by hook"
            assert receiver.begun.wait(10)
            worker.send_signal(signal.SIGTERM)
            out, err = worker.communicate(timeout=30)
    assert (worker.returncode, out, err) == (0, "", "")
    assert len(receiver.parcels) == 1
    assert [delivery.attempts for delivery in _deliveries(settings)] == [1]


def test_health_and_figures_are_served_where_they_belong(env: dict[str, str]) -> None:
    with serving({**env, "TICKET_FORM_METRICS": "127.0.0.1:0"}, lines=4) as (_process, lines):
        url = lines[3].removeprefix("Metrics ")
        with urllib.request.urlopen(f"http://127.0.0.1:{_port(lines)}/ticket", timeout=10):
            pass
        with urllib.request.urlopen(url, timeout=10) as answer:
            figures = answer.read().decode()
    assert 'ticket_form_request_seconds_count{method="GET",route="/ticket",status="2xx"} 1.0' in figures
    assert "ticket_form_worker_alive 1.0" in figures


def test_without_the_program_for_figures_it_says_what_to_install(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "prometheus_client.py").write_text("raise ImportError")
    broken = {**env, "TICKET_FORM_METRICS": "127.0.0.1:0", "PYTHONPATH": f"{tmp_path}{os.pathsep}{env['PYTHONPATH']}"}
    result = subprocess.run(
        [*COMMAND, "serve", "--port", "0"], env=broken, capture_output=True, text=True, timeout=30, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert "pip install '.[ticket-form,metrics]'" in result.stderr


def test_requests_are_logged_as_json_when_asked_to(env: dict[str, str]) -> None:
    with serving({**env, "TICKET_FORM_LOGS": "json"}) as (process, lines):
        with urllib.request.urlopen(f"http://127.0.0.1:{_port(lines)}/ticket?lang=ko", timeout=10):
            pass
        process.send_signal(signal.SIGTERM)
        _out, err = process.communicate(timeout=30)
    (line,) = [json.loads(line) for line in err.splitlines() if '"request"' in line]
    assert (line["route"], line["status"]) == ("/ticket", 200)
    assert "ko" not in err


def test_proxies_are_heard_when_configured(env: dict[str, str]) -> None:
    with serving({**env, "TICKET_FORM_PROXIES": "1"}) as (_process, lines):
        connection = HTTPConnection("127.0.0.1", int(lines[0].split(":")[-1].strip("/")), timeout=10)
        connection.request("GET", "/ticket", headers={"X-Forwarded-Proto": "https"})
        assert connection.getresponse().headers["Strict-Transport-Security"] is not None
        connection.close()


def test_the_configured_address_is_the_one_that_is_told(env: dict[str, str]) -> None:
    with serving({**env, "TICKET_FORM_BASE_URL": "https://help.example.com"}) as (_process, lines):
        assert [line.split()[1] for line in lines[:2]] == [
            "https://help.example.com/",
            "https://help.example.com/ticket",
        ]


def test_a_taken_port_is_one_line(env: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = subprocess.run(
            [*COMMAND, "serve", "--port", port], env=env, capture_output=True, text=True, timeout=30, check=False
        )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert port in result.stderr
    assert "--port" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TICKET_FORM_SITE", "{tmp}/none", "answerdesk build"),
        ("TICKET_FORM_DATABASE", "{tmp}/secret.txt/tickets.sqlite", "TICKET_FORM_DATABASE"),
        ("TICKET_FORM_ROUTING", "{tmp}/none.yml", "TICKET_FORM_ROUTING"),
    ],
)
def test_what_cannot_be_opened_is_one_line(
    env: dict[str, str], tmp_path: Path, name: str, value: str, said: str
) -> None:
    broken = {**env, name: value.format(tmp=tmp_path)}
    result = subprocess.run(
        [*COMMAND, "serve", "--port", "0"], env=broken, capture_output=True, text=True, timeout=30, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert said in result.stderr


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("fe80::1", "http://[fe80::1]:80"),
    ],
)
def test_the_address_can_be_opened_in_a_browser(host: str, url: str) -> None:
    assert address(host, 80) == url


def _refuses(port: int, *, within: float) -> bool:
    """Tell whether nobody listens any more, some seconds from now at the latest."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except ConnectionError:
            return True
        time.sleep(0.1)
    return False


def _port(lines: list[str]) -> int:
    return int(lines[0].rstrip("/").rpartition(":")[2])


def _form(secret: bytes, **changes: str) -> bytes:
    key = new_form_key(secret=secret, now=datetime.now(UTC) - timedelta(minutes=1))
    return urlencode({**FORM, "form_key": key, **changes}).encode()


def _post(lines: list[str]) -> None:
    connection = HTTPConnection("127.0.0.1", _port(lines), timeout=20)
    connection.request("POST", "/ticket", _form(SECRET.encode()), {"Content-Type": "application/x-www-form-urlencoded"})
    assert connection.getresponse().status == 303
    connection.close()


def _subjects(settings: Settings) -> list[str]:
    database = open_database(settings.database)
    try:
        return [ticket.draft.subject for ticket in list_tickets(database).tickets]
    finally:
        database.close()


def _deliveries(settings: Settings) -> tuple[Delivery, ...]:
    database = open_database(settings.database)
    try:
        return list_deliveries(database)
    finally:
        database.close()
