"""What a server with too much to do says: at once, in the visitor's language, and nothing that was taken is lost."""

import http.client
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from ticket_form.server import waitress_channel
from ticket_form.server.signals import Stopping
from ticket_form.server.waitress_server import listen, serve


def ask_while_busy(slow: tuple[int, threading.Event], path: str, count: int) -> list[tuple[int, str, str | None]]:
    """Ask for something slow, then so many times for a path, and let the slow one go when all wait."""
    port, go = slow
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=20) for _ in range(count + 1)]
    try:
        connections[0].request("GET", "/slow")
        time.sleep(0.5)  # until the only thread is at it
        for connection in connections[1:]:
            connection.request("GET", path)
        threading.Timer(1.0, go.set).start()
        answers = [connection.getresponse() for connection in connections]
        return [(answer.status, answer.read().decode(), answer.getheader("Retry-After")) for answer in answers]
    finally:
        for connection in connections:
            connection.close()


@pytest.fixture
def slow(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, threading.Event]]:
    """Serve with one thread, which waits in `/slow` until it is let go; two more may wait."""
    monkeypatch.setattr("ticket_form.server.waitress_server.THREADS_PER_PROCESS", 1)
    monkeypatch.setattr(waitress_channel, "MAX_QUEUED_REQUESTS", 2)
    go = threading.Event()
    app.add_url_rule("/slow", view_func=lambda: str(go.wait(20)))
    is_open = threading.Event()
    stopping = Stopping()
    (listener,) = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    options: dict[str, Any] = {"listener": listener, "ready": is_open.set}
    thread = threading.Thread(target=serve, args=(app, stopping), kwargs=options)
    thread.start()
    assert is_open.wait(10)
    yield port, go
    go.set()
    stopping.note(0, None)
    thread.join(15)


def test_who_comes_when_too_many_wait_is_told_so_in_their_language(slow: tuple[int, threading.Event]) -> None:
    first, *others = ask_while_busy(slow, "/ticket?lang=ko", 7)
    refused = [(page, later) for status, page, later in others if status == 503]
    assert first[0] == 200
    assert len(refused) == 4  # the last three found no more than two behind them
    assert all("지금은 이용자가 많습니다" in page and '<html lang="ko"' in page for page, _ in refused)
    assert {later for _, later in refused} == {"5"}
    assert all("<form" in page for status, page, _ in others if status == 200)


def test_health_is_told_however_many_wait(slow: tuple[int, threading.Event]) -> None:
    assert {status for status, _, _ in ask_while_busy(slow, "/healthz", 7)} == {200}
