"""A webhook gets each ticket as signed JSON, and can tell repeats."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from http_server import Asked, Server, serving
from outbound_messages import NOW, entry_message, file, ticket_message

from ticket_form.delivery.channels.registry import open_channels
from ticket_form.delivery.channels.webhook import WebhookChannel, write_message
from ticket_form.delivery.http_client import Outgoing
from ticket_form.errors import PermanentFailure, TemporaryFailure, Unreachable
from ticket_form.tickets.delivery_contract import Purpose
from ticket_form.tickets.routing import ChannelSettings
from ticket_form.tickets.ticket import Attachment, Missing

pytestmark = pytest.mark.usefixtures("free_of_loops")

SECRET = "a shared secret"
HOUR = timedelta(hours=1)
DOCUMENT = Path(__file__).parents[4] / "docs" / "channels.md"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def channel(server: Server) -> WebhookChannel:
    return WebhookChannel(
        url=f"{server.url}/tickets?from=desk",
        secret=SECRET,
        outgoing=Outgoing(allow_private=True),
        now=lambda: NOW,
    )


@pytest.fixture
def receiver(server: Server, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Let the receiver of docs/channels.md answer, and return its names."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {"__name__": "receiver"}
    exec(code, names)
    monkeypatch.setenv("DESK_SECRET", SECRET)

    def answer(_handler: object) -> bool:
        asked = server.asked[-1]
        server.status = names["app"].test_client().post("/tickets", data=asked.body, headers=asked.headers).status_code
        return True

    server.before = answer
    return names


def test_the_receiver_of_the_document_keeps_each_ticket_once(server: Server, receiver: dict[str, Any]) -> None:
    channel = WebhookChannel(url=server.url, secret=SECRET, outgoing=Outgoing(allow_private=True))
    channel.check()
    for message in (ticket_message(), ticket_message(is_retry=True)):
        channel.send(message)
    assert list(receiver["tickets"]) == ["AD-ABCD-EFGH/1"]


def test_the_receiver_of_the_document_refuses_a_wrong_secret_and_an_old_request(
    server: Server, receiver: dict[str, Any]
) -> None:
    outgoing = Outgoing(allow_private=True)
    for channel in (
        WebhookChannel(url=server.url, secret="another secret", outgoing=outgoing),
        WebhookChannel(url=server.url, secret=SECRET, outgoing=outgoing, now=lambda: datetime.now(UTC) - HOUR),
    ):
        with pytest.raises(PermanentFailure):
            channel.send(ticket_message())
    assert receiver["tickets"] == {}


def read(asked: Asked, secret: str = SECRET) -> Any:
    """Do what docs/channels.md tells a receiver to do."""
    signed = asked.headers["Answerdesk-Timestamp"].encode() + b"." + asked.body
    expected = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(asked.headers["Answerdesk-Signature"], expected)
    return json.loads(asked.body)


def test_a_ticket_arrives_with_everything_that_is_known_of_it(server: Server, channel: WebhookChannel) -> None:
    content = bytes(range(256))
    channel.send(ticket_message(files=(file("화면.png", content, "image/png"),)))
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/tickets?from=desk")
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Idempotency-Key"] == "AD-ABCD-EFGH/1"
    assert asked.headers["Answerdesk-Timestamp"] == str(int(NOW.timestamp()))
    document = read(asked)
    assert base64.b64decode(document["files"][0].pop("content")) == content
    assert document == {
        "format": 1,
        "key": "AD-ABCD-EFGH/1",
        "purpose": "ticket",
        "ticket": {
            "reference": "AD-ABCD-EFGH",
            "created_at": "2026-11-22T09:30:00+00:00",
            "queue": "network",
            "level": "L1",
            "language": "ko",
            "category": "network",
            "service": "vpn",
            "subject": "VPN drops – 연결 끊김",
            "description": "It worked yesterday.\nNow it does not. <b>وداعا</b>",
            "email": "kim@example.com",
            "name": "Kim",
            "searches": ["vpn drops"],
            "articles": ["network/vpn/"],
        },
        "entry": None,
        "history": [],
        "missing_files": [],
        "files": [
            {
                "name": "화면.png",
                "media_type": "image/png",
                "size": 256,
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        ],
    }


def test_what_the_visitor_says_later_arrives_as_an_entry(server: Server, channel: WebhookChannel) -> None:
    channel.send(entry_message(ticket_message(), "Still broken.", number=2))
    (asked,) = server.asked
    document = read(asked)
    assert (document["purpose"], document["ticket"]["reference"]) == ("entry", "AD-ABCD-EFGH")
    assert document["entry"] == {
        "created_at": "2026-11-22T09:30:00+00:00", "author": "visitor", "kind": "comment", "text": "Still broken.",
    }  # fmt: skip


def test_a_repeat_has_the_same_key(server: Server, channel: WebhookChannel) -> None:
    server.before = lambda handler: len(server.asked) > 1
    with pytest.raises(Unreachable):
        channel.send(ticket_message())
    channel.send(ticket_message(is_retry=True))
    assert [asked.headers["Idempotency-Key"] for asked in server.asked] == ["AD-ABCD-EFGH/1"] * 2


def test_a_changed_body_or_time_does_not_fit_the_signature(server: Server, channel: WebhookChannel) -> None:
    channel.send(ticket_message())
    (asked,) = server.asked
    for changed in (
        replace(asked, body=asked.body + b" "),
        replace(asked, headers=asked.headers | {"Answerdesk-Timestamp": "1"}),
    ):
        with pytest.raises(AssertionError):
            read(changed)
    with pytest.raises(AssertionError):
        read(asked, secret="another secret")


@pytest.mark.parametrize("status", [200, 201, 202, 204, 409])
def test_a_success_or_a_known_key_is_a_delivery(server: Server, channel: WebhookChannel, status: int) -> None:
    server.status, server.body = status, b""
    channel.send(ticket_message())


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 404, 410, 413, 422])
def test_what_will_never_be_taken_is_refused_with_a_cure(server: Server, channel: WebhookChannel, status: int) -> None:
    server.status, server.headers = status, {"Location": "http://169.254.169.254/"}
    with pytest.raises(PermanentFailure, match=rf"^127\.0\.0\.1: answered {status}\. \w+"):
        channel.send(ticket_message())
    assert len(server.asked) == 1


def test_a_receiver_with_too_much_to_do_gets_it_later(server: Server, channel: WebhookChannel) -> None:
    server.status = 429
    with pytest.raises(TemporaryFailure):
        channel.send(ticket_message())


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_receiver_with_a_fault_is_unreachable(server: Server, channel: WebhookChannel, status: int) -> None:
    server.status = status
    with pytest.raises(Unreachable):
        channel.send(ticket_message())


def test_files_that_do_not_fit_are_listed_without_their_content() -> None:
    files = (file("a.bin", b"a" * 3000), file("big.bin", b"b" * 90_000), file("c.bin", b"c" * 3000))
    body = write_message(ticket_message(files=files), largest_body=20_000)
    assert len(body) <= 20_000
    listed = json.loads(body)["files"]
    assert [(entry["name"], entry["content"] is None) for entry in listed] == [
        ("a.bin", False), ("big.bin", True), ("c.bin", False),
    ]  # fmt: skip
    assert listed[1]["size"] == 90_000


def test_errors_and_logs_do_not_show_the_path_which_may_be_a_secret(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    server.status = 404
    channel = WebhookChannel(url=f"{server.url}/hooks/T0P/S3CR3T", secret=SECRET, outgoing=Outgoing(allow_private=True))
    with pytest.raises(PermanentFailure) as caught:
        channel.send(ticket_message())
    assert "S3CR3T" not in f"{caught.value} {caplog.text}"


def test_nothing_is_sent_to_a_private_address_unless_it_is_allowed(server: Server) -> None:
    options: dict[str, object] = {"url": f"https://127.0.0.1:{server.port}", "secret_variable": "SECRET"}
    channels = open_channels({"hook": ChannelSettings(id="hook", kind="webhook", options=options)}, {"SECRET": SECRET})
    with pytest.raises(Unreachable, match="allow_private"):
        channels["hook"].send(ticket_message())
    assert not server.asked


def test_a_check_asks_without_a_ticket(server: Server, channel: WebhookChannel) -> None:
    assert "accepts the signature" in channel.check()
    (asked,) = server.asked
    assert read(asked) == {"format": 1, "purpose": "check"}


def test_a_check_tells_that_the_secret_is_another(server: Server, channel: WebhookChannel) -> None:
    server.status = 401
    with pytest.raises(PermanentFailure, match="same secret"):
        channel.check()


def test_it_acknowledges_nothing(server: Server, channel: WebhookChannel) -> None:
    with pytest.raises(PermanentFailure, match="acknowledge_by"):
        channel.send(replace(ticket_message(), purpose=Purpose.ACKNOWLEDGEMENT))
    assert not server.asked


def test_files_whose_content_is_not_stored_are_named(server: Server, channel: WebhookChannel) -> None:
    lost = Attachment(name="큰.log", media_type="text/plain", size=1, sha256="f" * 64, missing=Missing.EXPIRED)
    channel.send(replace(ticket_message(), missing_files=(lost,)))
    document = read(server.asked[0])
    assert document["files"] == []
    assert document["missing_files"] == [{"name": "큰.log", "size": 1, "why": "expired"}]
