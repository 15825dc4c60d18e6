"""Serve the preview on this machine, and tell open pages when they have changed."""

import json
import queue
import threading
from collections import deque
from collections.abc import Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

CLIENT = Path(__file__).with_name("client.js")
SCRIPT = '<script src="/_preview/client.js?after={}" defer></script></body>'
MOST_KEPT = 500  # news
EVENTS = "/_preview/events"
HEARTBEAT_SECONDS = 10.0  # seconds: a page that was closed is noticed by then


class News:
    """Tells all open pages the same."""

    def __init__(self) -> None:
        self._pages: set[queue.SimpleQueue[str]] = set()
        self._lock = threading.Lock()
        self._problems = ""
        self._told: deque[tuple[int, str]] = deque(maxlen=MOST_KEPT)
        self.number = 0
        """Of the last news."""

    def tell(self, kind: str, **what: object) -> None:
        """Tell every page that is open; problems are told to those that are opened later too."""
        line = json.dumps({"kind": kind, **what}, ensure_ascii=False)
        with self._lock:
            self.number += 1
            self._told.append((self.number, line))
            self._problems = line if kind == "problems" else self._problems
            for page in self._pages:
                page.put(line)

    def join(self, after: int) -> "queue.SimpleQueue[str]":
        """Return what a page is told that was sent after so many news: some may have come before it joined."""
        page: queue.SimpleQueue[str] = queue.SimpleQueue()
        with self._lock:
            self._pages.add(page)
            for line in [line for number, line in self._told if number > after] or [self._problems]:
                if line:
                    page.put(line)
        return page

    def leave(self, page: "queue.SimpleQueue[str]") -> None:
        """Forget a page."""
        with self._lock:
            self._pages.discard(page)


class Handler(SimpleHTTPRequestHandler):
    """Serves a site's folder; each page gets a script that hears the news."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, news: News, **options: object) -> None:
        self._news = news
        super().__init__(*args, **options)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer."""
        path = urlsplit(self.path).path
        if path == EVENTS:
            self._tell_news()
        elif path == "/_preview/client.js":
            self._send(CLIENT.read_bytes(), "text/javascript")
        else:
            self._serve_file()

    def end_headers(self) -> None:
        """Let the browser keep nothing: everything here may change."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing of each request."""

    def _serve_file(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir() and not urlsplit(self.path).path.endswith("/"):
            self.send_head()  # redirects
            return
        page = path / "index.html" if path.is_dir() else path
        status = 200
        if not page.is_file():
            page, status = self._lost_page(path), 404
        script = SCRIPT.format(self._news.number).encode()  # before the page is read: rather told twice than never
        html = _read(page) if page.suffix == ".html" else None
        if html is not None:
            self._send(html.replace(b"</body>", script), "text/html; charset=utf-8", status)
        elif page.is_file():
            super().do_GET()
        else:
            self._send(b"Not built yet, or not there.", "text/plain", 404)

    def _lost_page(self, path: Path) -> Path:
        site = Path(self.directory)
        parts = path.relative_to(site).parts if path.is_relative_to(site) else ()
        own = site / parts[0] / "404.html" if parts else site / "404.html"
        return own if own.is_file() else site / "404.html"

    def _send(self, data: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _tell_news(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        after = parse_qs(urlsplit(self.path).query).get("after", ["0"])[0]
        page = self._news.join(int(after) if after.isascii() and after.isdigit() else 0)
        try:
            while True:
                try:
                    line = f"data: {page.get(timeout=HEARTBEAT_SECONDS)}\n\n"
                except queue.Empty:
                    line = ": here\n\n"
                self.wfile.write(line.encode())
                self.wfile.flush()
        except OSError:
            pass
        finally:
            self._news.leave(page)


def _read(file: Path) -> bytes | None:
    """Return what a file holds; nothing if it is not there, or a build has just removed it."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def open_server(folder: Path, news: News, port: int) -> ThreadingHTTPServer:
    """Open a server for this machine alone; `serve_forever` begins to answer.

    Raises:
        OSError: the port is taken.
    """
    handler = partial(Handler, news=news, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    return server


def addresses(changed: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the addresses of changed files, given by language, as a browser asks for them."""
    found = []
    for language, files in changed.items():
        for file in files:
            found.append(f"/{language}/{file.removesuffix('index.html')}")
    return found
