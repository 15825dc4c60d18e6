"""Slow clients: they go in time, and nobody else goes for them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from typing import Any

import pytest
from flask import Flask

from ticket_form.errors import ConfigurationError
from ticket_form.server import bounded_server, pace
from ticket_form.server.descriptors import MAX_CONNECTIONS, bound_connections, connections_within
from ticket_form.server.pace import Stage
from ticket_form.server.signals import Stopping
from ticket_form.server.waitress_channel import LimitedChannel
from ticket_form.server.waitress_server import listen, serve

HEAD = b"GET /ticket HTTP/1.1\r\nHost: a\r\nX-Slow"
BODY = b"POST /ticket HTTP/1.1\r\nHost: a\r\nAccept-Language: ko\r\nContent-Length: 1000\r\n\r\nlang=en"
QUICK = {**pace.ALLOWED_SECONDS, **dict.fromkeys((Stage.HEAD, Stage.BODY, Stage.REPLY), 0.5)}
LARGE = 20_000_000


@pytest.fixture
def is_let_go() -> threading.Event:
    """Let what waits in `/wait` be answered."""
    return threading.Event()


@pytest.fixture
def port(app: Flask, is_let_go: threading.Event, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve with room for ten connections."""
    monkeypatch.setattr("ticket_form.server.waitress_server.bound_connections", lambda: 10)
    arrived = threading.Event()
    app.extensions["arrived"] = arrived

    def wait() -> str:
        arrived.set()
        return str(is_let_go.wait(20))

    app.add_url_rule("/wait", view_func=wait)
    app.add_url_rule("/large", view_func=lambda: "x" * LARGE)
    stopping, is_open = Stopping(), threading.Event()
    (listener,) = listen("127.0.0.1", 0)
    number = listener.getsockname()[1]
    options: dict[str, Any] = {"listener": listener, "ready": is_open.set}
    thread = threading.Thread(target=serve, args=(app, stopping), kwargs=options)
    thread.start()
    assert is_open.wait(10)
    yield number
    is_let_go.set()
    stopping.note(0, None)
    thread.join(15)


def begin(stack: ExitStack, port: int, words: bytes) -> socket.socket:
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
    connection.sendall(words)
    return connection


def read_all(connection: socket.socket) -> bytes:
    found = b""
    with suppress(ConnectionResetError):
        while data := connection.recv(65536):
            found += data
    return found


def ask(port: int, path: str = "/ticket") -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("words", [b"", HEAD, BODY])
def test_many_more_slow_clients_than_there_is_room_for_lock_nobody_out(port: int, words: bytes) -> None:
    with ExitStack() as stack:
        slow = [begin(stack, port, words) for _ in range(60)]
        assert {ask(port) for _ in range(5)} == {200}
        assert read_all(slow[0]) == b""  # the first of them had to go
        slow[-1].setblocking(False)
        with pytest.raises(BlockingIOError):
            slow[-1].recv(1)  # and the last is still there


def test_who_waits_for_an_answer_is_never_sent_away_for_others(
    port: int, app: Flask, is_let_go: threading.Event
) -> None:
    with ExitStack() as stack:
        waiting = begin(stack, port, b"GET /wait HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert app.extensions["arrived"].wait(10)
        for _ in range(60):
            begin(stack, port, HEAD)
        assert ask(port) == 200
        is_let_go.set()
        assert b"True" in read_all(waiting)


@pytest.mark.parametrize("words", [b"", HEAD, BODY])
def test_who_is_late_goes_and_who_was_sending_a_form_is_told_why(
    port: int, words: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "ALLOWED_SECONDS", QUICK)
    with ExitStack() as stack:
        answer = read_all(begin(stack, port, words)).decode()
    if words == BODY:
        assert answer.startswith("HTTP/1.1 408 ")
        assert "전송 시간이 너무 오래 걸렸습니다" in answer
        assert "X-Content-Type-Options: nosniff" in answer
    else:
        assert answer == ""


def test_who_does_not_read_his_answer_goes_and_holds_no_thread(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, end_late = threading.Semaphore(0), LimitedChannel.end_late

    def end_and_tell(channel: LimitedChannel) -> None:
        end_late(channel)
        gone.release()

    monkeypatch.setattr(LimitedChannel, "end_late", end_and_tell)
    monkeypatch.setattr(pace, "ALLOWED_SECONDS", QUICK)
    with ExitStack() as stack:
        lazy = [begin(stack, port, b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n") for _ in range(6)]
        assert {ask(port) for _ in range(5)} == {200}  # there are four threads
        assert all(gone.acquire(timeout=20) for _ in lazy)
        assert all(len(read_all(connection)) < LARGE for connection in lazy)


def test_uploads_that_are_kept_half_have_a_bound_together(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_server, "MAX_SPOOLED_BYTES", 100_000)
    head = b"POST /ticket HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n"
    with ExitStack() as stack:
        first, second = (begin(stack, port, head + bytes(80_000)) for _ in range(2))
        assert read_all(first).startswith(b"HTTP/1.1 408 ")
        second.sendall(bytes(10_000))
        assert second.recv(12) == b"HTTP/1.1 400"  # which is no form, but was read to its end


def test_uploads_take_no_more_than_half_of_the_room_for_temporary_files(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_server, "free_for_uploads", lambda: 40_000)
    head = b"POST /ticket HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n"
    with ExitStack() as stack:
        in_memory = begin(stack, port, head + bytes(50_000))  # which takes no room there
        assert read_all(begin(stack, port, head + bytes(80_000))).startswith(b"HTTP/1.1 408 ")
        in_memory.sendall(bytes(40_000))
        assert in_memory.recv(12) == b"HTTP/1.1 400"


def test_connections_fit_into_the_limit_of_open_files() -> None:
    for descriptors in (256, 1024, 4096, 10**6):
        assert 32 <= connections_within(descriptors) <= MAX_CONNECTIONS
        assert 2 * connections_within(descriptors) + 128 <= max(descriptors, 256)
    assert bound_connections() >= 32
    with pytest.raises(ConfigurationError, match="LimitNOFILE"):
        connections_within(100)


def test_a_body_too_large_to_be_read_gets_our_page(port: int) -> None:
    with ExitStack() as stack:
        head = b"POST /ticket?lang=tr HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n"
        answer = read_all(begin(stack, port, head)).decode()
    assert answer.startswith("HTTP/1.1 413 ")
    assert 'lang="tr"' in answer
    assert "<main" in answer
    assert "Content-Security-Policy" in answer


def test_newcomers_stay_when_many_go_at_once(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "ALLOWED_SECONDS", QUICK)
    statuses: list[int] = []
    for _ in range(3):
        with ExitStack() as stack:
            slow = [begin(stack, port, HEAD) for _ in range(8)]
            gone = threading.Event()
            waiting = threading.Thread(target=lambda late=slow[-1], gone=gone: (read_all(late), gone.set()))
            waiting.start()
            while not gone.is_set():  # their descriptors are taken by those who come just then
                statuses.append(ask(port))
            waiting.join()
    assert set(statuses) == {200}
