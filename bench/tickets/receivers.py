"""The other side of channels: a receiver of webhooks, a mail server, and a proxy that loses answers."""

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

REFERENCE = re.compile(rb"AD-[0-9A-Z-]+")
POISON = re.compile(r"poison ([0-9]{3})")  # a subject that says how it must be answered


@dataclass(kw_only=True)
class Arrivals:
    """What arrived and when: the time of each arrival by reference."""

    times: dict[str, list[float]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, reference: str, key: str) -> None:
        """Write down an arrival; a key is the same when a delivery arrives again."""
        with self._lock:
            self.times.setdefault(reference, []).append(time.monotonic())
            self.keys.add(key)

    @property
    def doubled(self) -> int:
        """Return how many arrived more than once."""
        return sum(len(times) > 1 for times in self.times.values())


@contextmanager
def receive_webhooks() -> Iterator[tuple[int, Arrivals]]:
    """Take webhooks, except poison, and give the port."""
    arrivals = Arrivals()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            poison = POISON.search(document["ticket"]["subject"])
            if not poison:
                arrivals.note(document["ticket"]["reference"], self.headers["Idempotency-Key"])
            self.send_response(int(poison[1]) if poison else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], arrivals
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Mailbox:
    """Takes messages, except poison."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        """Answer what the subject asks for."""
        message = message_from_bytes(envelope.content)
        subject = str(message["Subject"])
        poison = POISON.search(subject)
        if poison:
            return f"{poison[1]} no"
        found = REFERENCE.search(subject.encode())
        self._arrivals.note(found[0].decode() if found else subject, str(message["Message-ID"]))
        return "250 OK"


@contextmanager
def receive_mail() -> Iterator[tuple[int, Arrivals]]:
    """Take mail and give the port."""
    arrivals = Arrivals()
    controller = Controller(_Mailbox(arrivals), hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield controller.port, arrivals
    finally:
        controller.stop()


@contextmanager
def lose_answers(port: int) -> Iterator[tuple[int, Callable[[], int]]]:
    """Pass everything on, but break the connection instead of the first answer about each reference.

    Gives the port of the proxy, and what tells how many answers were lost.
    """
    seen: set[bytes] = set()
    lock = threading.Lock()
    listener = socket.create_server(("127.0.0.1", 0))

    def is_first(asked: bytes) -> bool:
        with lock:
            fresh = set(REFERENCE.findall(asked)) - seen
            seen.update(fresh)
            return bool(fresh)

    def pass_on(client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            asked = bytearray()

            def ask() -> None:
                while piece := _receive(client):
                    asked.extend(piece)
                    _send(server, piece)
                _end(server)

            asking = threading.Thread(target=ask, daemon=True)
            asking.start()
            while piece := _receive(server):
                if is_first(bytes(asked)):
                    break
                asked.clear()
                _send(client, piece)
            _end(client)
            asking.join(5)

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=pass_on, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1], lambda: len(seen)
    finally:
        listener.close()


def _receive(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65_536)
    except OSError:
        return b""


def _send(connection: socket.socket, piece: bytes) -> None:
    try:
        connection.sendall(piece)
    except OSError:
        return


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
