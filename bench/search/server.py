"""Serve folders on this machine as a static host would, over a line as slow as wanted, and count what is sent."""

import gzip
import mimetypes
import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from urllib.parse import unquote, urlsplit

TEXT = {
    ".html",
    ".js",
    ".mjs",
    ".json",
    ".css",
}  # what a host compresses; an index's other files are compressed already
HASHED = re.compile(r"/[0-9a-f]{8,}(/\d+)?\.bin$")  # names that change with their content
PIECE = 4_096  # bytes after which another answer may have its turn on a slow line


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Seconds until an answer begins, and bytes a second that all answers share; None is as fast as it goes."""

    latency: float = 0.0
    rate: float | None = None


# The server is slow in place of Chromium's own emulation, which would have to be set for each worker's own traffic.
LOCAL = Line()
NEAR = Line(latency=0.02)
SLOW_4G = Line(latency=0.15, rate=1_600_000 / 8)  # as Lighthouse has it


@dataclass(slots=True, kw_only=True)
class Visit:
    """A folder as one visitor sees it, and the bytes that were sent for each path: status, headers and body."""

    folder: Path
    line: Line
    base: str
    sent: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _free: float = 0.0

    def count(self, path: str, size: int) -> None:
        """Add an answer."""
        with self._lock:
            self.sent[path] = self.sent.get(path, 0) + size

    def wait_for_line(self, size: int) -> None:
        """Wait until so many bytes have gone over the line, after all that others have sent."""
        if not self.line.rate:
            return
        with self._lock:
            self._free = max(self._free, time.monotonic()) + size / self.line.rate
            free = self._free
        time.sleep(max(0.0, free - time.monotonic()))


class Server(ThreadingHTTPServer):
    """Serves each visit below a number of its own, so that nothing is in a cache that another visit has filled."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._visits: dict[str, Visit] = {}
        self._numbers = count(1)

    def open_visit(self, folder: Path, line: Line) -> Visit:
        """Serve a folder to one more visitor."""
        number = str(next(self._numbers))
        base = f"http://127.0.0.1:{self.server_address[1]}/{number}/"
        visit = self._visits[number] = Visit(folder=folder.resolve(), line=line, base=base)
        return visit

    def find(self, path: str) -> tuple[Visit, str] | None:
        """Return the visit that an address belongs to, and the path below it."""
        number, _, below = unquote(urlsplit(path).path).lstrip("/").partition("/")
        return (self._visits[number], below) if number in self._visits else None


@contextmanager
def run_server() -> Iterator[Server]:
    """Run a server as long as the context lasts."""
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        found = self.server.find(self.path)
        path = found[0].folder / found[1] if found else None
        if not found or not path or not path.is_file():
            self.send_error(404)
            return
        visit, name = found
        time.sleep(visit.line.latency)
        answer = _answer(path, self.path)
        visit.count(name, len(answer))
        for at in range(0, len(answer), PIECE):
            piece = answer[at : at + PIECE]
            visit.wait_for_line(len(piece))
            self.wfile.write(piece)

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            return  # the page has gone, and its connection with it

    def setup(self) -> None:
        self.disable_nagle_algorithm = True
        socketserver.StreamRequestHandler.setup(self)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@lru_cache(maxsize=512)
def _answer(path: Path, address: str) -> bytes:
    """Return status, headers and body."""
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {kind}"]
    if path.suffix in TEXT:
        body = gzip.compress(body, 6, mtime=0)
        lines.append("Content-Encoding: gzip")
    lasting = HASHED.search(address)
    lines += [
        f"Cache-Control: {'public, max-age=31536000, immutable' if lasting else 'no-cache'}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body
