"""Run the app with waitress until asked to stop, then drain."""

import ctypes
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.task import ThreadedTaskDispatcher

from ticket_form.errors import ConfigurationError
from ticket_form.server.bounded_server import ACCEPTED_PER_TURN, BoundedServer
from ticket_form.server.descriptors import bound_connections
from ticket_form.server.signals import Stopping
from ticket_form.server.waitress_channel import LimitedChannel, Refused
from ticket_form.web.services import EXTENSION
from ticket_form.web.views.failures import render_failure

THREADS_PER_PROCESS = 4  # for each process: with more, the GIL makes the slowest responses slower
M_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD in malloc.h
MMAP_THRESHOLD_BYTES = 1 << 18  # bytes
BACKLOG = 1024  # connections that wait to be accepted
DRAIN_IDLE_SECONDS = 0.3  # seconds without a request before idle connections are closed when the server stops
DRAIN_TIMEOUT = 10.0  # seconds for requests in progress when asked to stop
# Flask refuses a post that is too large with our page; waitress does not even read one this much larger.
BODY_OVERHEAD_BYTES = 64 * 1024 * 1024
UPLOAD_IN_MEMORY_BYTES = 64 * 1024  # larger uploads go to a temporary file: thousands may come at once
# A response beyond this holds a thread while a slow client reads it, and a process has few threads.
REPLY_IN_BUFFERS_BYTES = 256 * 1024 * 1024


def return_freed_memory() -> None:
    """Make glibc return large freed blocks to the system; otherwise it keeps those of each thread."""
    with suppress(OSError, AttributeError):  # another C library has no mallopt
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES)


def serve(app: Flask, stopping: Stopping, *, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve a listening socket until asked to stop, then finish the requests in progress."""
    server = _make_server(app, listener)
    try:
        ready()
        stopping.wake = server.pull_trigger
        while not stopping.is_asked:
            _turn(server, seconds=1.0)
        _drain(server)
    finally:
        stopping.wake = lambda: None
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        server.close()
        listener.close()


def _make_server(app: Flask, listener: socket.socket) -> Any:
    connections = bound_connections()
    options = Adjustments(
        sockets=[listener],
        threads=THREADS_PER_PROCESS,
        connection_limit=connections + 2 * ACCEPTED_PER_TURN,  # never reached: the slowest are closed before
        ident=None,
        inbuf_overflow=UPLOAD_IN_MEMORY_BYTES,
        outbuf_high_watermark=REPLY_IN_BUFFERS_BYTES,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + BODY_OVERHEAD_BYTES,
        # Only ProxyFix trusts these headers; their presence reveals a proxy that the settings do not count.
        clear_untrusted_proxy_headers=False,
    )
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(THREADS_PER_PROCESS)
    where = (listener.family, listener.type, listener.proto, listener.getsockname())
    server: Any = BoundedServer(
        app, {}, _sock=listener, dispatcher=dispatcher, adj=options, sockinfo=where, bind_socket=False
    )
    server.max_connections = connections

    def explain(code: int, query: str, language: str) -> Refused:
        answer = render_failure(app, code, query=query, language=language)
        return Refused(answer.status, list(answer.headers.items()), answer.get_data())

    server.explain = explain
    server.channel_class = LimitedChannel.saying(app.extensions[EXTENSION].words)
    return server


def _drain(server: Any) -> None:
    """Stop listening, accept the connections in the backlog, and finish their requests."""
    for _ in range(BACKLOG):
        known = len(server.active_channels)
        server.handle_accept()
        if len(server.active_channels) == known:
            break
    server.accepting = False
    server.del_channel()
    server.socket.close()
    begun = idle_since = time.monotonic()
    while time.monotonic() < begun + DRAIN_TIMEOUT and time.monotonic() < idle_since + DRAIN_IDLE_SECONDS:
        _turn(server, seconds=0.05)
        if any(_is_busy(channel) for channel in list(server.active_channels.values())):
            idle_since = time.monotonic()
    ends = begun + DRAIN_TIMEOUT
    server.task_dispatcher.shutdown(timeout=max(1.0, ends - time.monotonic()))


def _is_busy(channel: Any) -> bool:
    return bool(channel.request is not None or channel.requests or channel.total_outbufs_len)


def _turn(server: Any, *, seconds: float) -> None:
    """Run one turn of waitress' event loop."""
    server.asyncore.loop(timeout=seconds, map=server._map, use_poll=True, count=1)
    server.close_late()


def address(host: str, port: int) -> str:
    """Return the URL by which a browser on this machine reaches the server."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - shown, not bound
    return f"http://{reached}:{port}"


def listen(host: str, port: int, number: int = 1) -> list[socket.socket]:
    """Open several listening sockets at one address (SO_REUSEPORT), among which the kernel distributes connections.

    Raises:
        ConfigurationError: there is no such address, or the port is taken.
    """
    opened: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        family, _, _, _, where = found
        if number > 1:  # only then: otherwise two programs could share a port, and its visitors, by mistake
            socket.create_server((where[0], port), family=family).close()
        for _ in range(number):
            at = opened[0].getsockname()[1] if opened else port
            opened.append(socket.create_server((where[0], at), family=family, backlog=BACKLOG, reuse_port=number > 1))
        return opened
    except (socket.gaierror, UnicodeError) as error:
        raise ConfigurationError(f"{host}: is no address of this machine. Choose another with --host.") from error
    except OSError as error:
        raise ConfigurationError(
            f"{host}:{port}: cannot be opened ({error.strerror}). "
            "Stop the program that uses this port, or choose another with --port."
        ) from error
