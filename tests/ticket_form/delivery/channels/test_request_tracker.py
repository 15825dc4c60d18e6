"""Request Tracker gets each ticket once, whatever happens on the way. The last tests ask a real one."""

import base64
import http.client
import json
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from http_server import Server, serving
from outbound_messages import DRAFT, NOW, entry_message, file, ticket_message
from servers import RequestTracker

from ticket_form.delivery.channels.registry import open_channels
from ticket_form.delivery.channels.request_tracker import RequestTrackerChannel
from ticket_form.delivery.http_client import Outgoing
from ticket_form.delivery.outbox import list_channels, list_deliveries
from ticket_form.delivery.worker import Worker
from ticket_form.errors import DeliveryError, PermanentFailure, TemporaryFailure, Unreachable
from ticket_form.storage.database import open_database
from ticket_form.storage.ticket_store import accept
from ticket_form.tickets.delivery_contract import Purpose
from ticket_form.tickets.routing import ChannelSettings, Queue, Route
from ticket_form.tickets.ticket import Author, Entry, EntryKind

pytestmark = pytest.mark.usefixtures("free_of_loops")

TAG = "[AD-ABCD-EFGH]"


@pytest.fixture
def server() -> Iterator[Server]:
    """Play Request Tracker: the same answer to everything."""
    with serving() as server:
        server.status, server.body = 201, b'{"id": "7", "type": "ticket"}'
        yield server


def channel_to(url: str, *, token: str = "1-2-abc", **options: str) -> RequestTrackerChannel:
    outgoing = Outgoing(allow_private=True)
    return RequestTrackerChannel(url=url, token=token, outgoing=outgoing, **{"queue": "L1", **options})


def found(*subjects: str) -> bytes:
    """Write the answer to a search."""
    return json.dumps({"items": [{"id": str(11 + at), "Subject": text} for at, text in enumerate(subjects)]}).encode()


def test_the_first_attempt_makes_a_ticket_without_looking(server: Server) -> None:
    assert channel_to(server.url).send(ticket_message()) == "7"
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/REST/2.0/ticket")
    assert asked.headers["Authorization"] == "token 1-2-abc"
    document = json.loads(asked.body)
    assert document["Subject"] == f"{TAG} VPN drops – 연결 끊김"
    assert (document["Queue"], document["Requestor"]) == ("L1", "kim@example.com")
    assert document["ContentType"] == "text/plain"
    for fact in ("AD-ABCD-EFGH", "2026-11-22 09:30 UTC", "network (L1)", "Service: vpn", "Language: ko", "Name: Kim",
                 "kim@example.com", DRAFT.description, "Search: vpn drops", "Article: network/vpn/"):  # fmt: skip
        assert fact in document["Content"]


def test_a_retry_finds_the_ticket_that_is_there_and_makes_none(server: Server) -> None:
    server.status, server.body = 200, found(f"{TAG} VPN drops")
    assert channel_to(server.url).send(ticket_message(is_retry=True)) == "11"
    (asked,) = server.asked
    assert asked.method == "GET"
    (query,) = parse_qs(urlsplit(asked.path).query)["query"]
    assert query == f"Creator = '__CurrentUser__' AND Subject LIKE '{TAG}'"


MOVED = Entry(created_at=NOW, author=Author.TEAM, kind=EntryKind.MOVED, text="l2")


def test_a_retry_of_a_ticket_that_was_moved_here_does_not_take_that_of_the_old_queue(server: Server) -> None:
    server.status, server.body = 200, found(f"{TAG} VPN drops")
    channel_to(server.url).send(replace(ticket_message(is_retry=True), entry=MOVED))
    (query,) = parse_qs(urlsplit(server.asked[0].path).query)["query"]
    assert query.endswith(" AND Queue = 'L1'")


def test_a_ticket_that_comes_back_is_written_to_the_one_that_is_there(server: Server) -> None:
    said = Entry(created_at=NOW, author=Author.VISITOR, kind=EntryKind.COMMENT, text="Meanwhile.")
    back = replace(ticket_message(), entry=MOVED, history=(said,), remote="7")
    assert channel_to(server.url).send(back) == "7"
    (asked,) = server.asked
    assert asked.path.endswith("/ticket/7/comment")
    assert "moved here, to l2" in json.loads(asked.body)["Content"]
    assert "Meanwhile." in json.loads(asked.body)["Content"]


def test_the_old_ticket_is_told_that_it_left(server: Server) -> None:
    left = replace(ticket_message(), purpose=Purpose.LEFT, entry=MOVED, remote="7")
    assert channel_to(server.url).send(left) == "7"
    assert "moved away, to l2" in json.loads(server.asked[0].body)["Content"]


def test_a_ticket_that_only_quotes_the_tag_is_another(server: Server) -> None:
    server.status, server.body = 200, found(f"[AD-ZZZZ-ZZZZ] See {TAG}", f"{TAG} VPN drops")
    assert channel_to(server.url).send(ticket_message(is_retry=True)) == "12"


def test_a_retry_makes_the_ticket_that_is_not_there(server: Server) -> None:
    answers = [b'{"id": "7"}', found()]
    server.before = lambda handler: bool(setattr(server, "body", answers.pop())) or True
    assert channel_to(server.url).send(ticket_message(is_retry=True)) == "7"
    assert [asked.method for asked in server.asked] == ["GET", "POST"]


def test_empty_files_are_listed_since_request_tracker_refuses_them(server: Server) -> None:
    channel_to(server.url).send(ticket_message(files=(file("empty.log", b""), file("0", b"zero"))))
    body = server.asked[0].body
    assert re.findall(rb'filename="(.*?)"', body) == [b"0.bin"]
    assert b"empty.log (0 bytes" in body


@pytest.mark.parametrize(
    ("address", "requestor"),
    [
        ("kim@bücher.example", "kim@xn--bcher-kva.example"),
        ("o'kim+it@example.com", "o'kim+it@example.com"),
        ("kim@corp.local", "kim@corp.local"),
        ("김@example.com", None),
    ],
)
def test_the_requestor_is_written_in_ascii_or_left_to_the_text(
    server: Server, address: str, requestor: str | None
) -> None:
    channel_to(server.url).send(ticket_message(email=address))
    document = json.loads(server.asked[0].body)
    assert document.get("Requestor") == requestor
    assert f"E-mail: {address}" in document["Content"]


@pytest.mark.parametrize(
    ("status", "error", "cure"),
    [
        (302, PermanentFailure, "redirects are not followed"),
        (400, PermanentFailure, "replay the delivery"),
        (401, PermanentFailure, "valid token"),
        (403, PermanentFailure, "name of the queue"),
        (404, PermanentFailure, "root of Request Tracker"),
        (413, PermanentFailure, "larger requests"),
        (422, PermanentFailure, "No such queue"),
        (429, TemporaryFailure, "429"),
        (500, Unreachable, "500"),
        (503, Unreachable, "503"),
    ],
)
def test_an_error_says_what_to_do_next(server: Server, status: int, error: type[DeliveryError], cure: str) -> None:
    server.status, server.body = status, b'{"message": "No such queue"}'
    with pytest.raises(error, match=cure):
        channel_to(server.url).send(ticket_message())


@pytest.mark.parametrize("body", [b"<html>Log in</html>", b"[]", b'{"id": "../7"}', b'{"id": null}', b""])
def test_what_does_not_answer_as_request_tracker_is_refused(server: Server, body: bytes) -> None:
    server.status, server.body = 200, body
    for message in (ticket_message(), ticket_message(is_retry=True)):
        with pytest.raises(PermanentFailure, match="root of Request Tracker"):
            channel_to(server.url).send(message)


def test_an_answer_that_breaks_off_is_looked_up_later(server: Server) -> None:
    server.headers, server.body = {"Content-Length": "100"}, b'{"id": '
    with pytest.raises(Unreachable):
        channel_to(server.url).send(ticket_message())


@pytest.mark.parametrize("remote", ["", "7/../8", "٧"])
def test_an_entry_of_a_ticket_that_is_not_there_is_refused(server: Server, remote: str) -> None:
    server.status, server.body = 200, found()
    with pytest.raises(PermanentFailure, match="Replay the ticket's own delivery"):
        channel_to(server.url).send(entry_message(ticket_message(), "More.", number=2, remote=remote))


def test_nothing_is_sent_to_a_private_address_unless_it_is_allowed(server: Server) -> None:
    options: dict[str, object] = {"url": f"https://127.0.0.1:{server.port}", "queue": "L1", "token_variable": "TOKEN"}
    channels = open_channels({"rt": ChannelSettings(id="rt", kind="request_tracker", options=options)}, {"TOKEN": "1"})
    with pytest.raises(Unreachable, match="allow_private"):
        channels["rt"].send(ticket_message())
    assert not server.asked


def test_it_acknowledges_nothing(server: Server) -> None:
    with pytest.raises(PermanentFailure, match="acknowledge_by"):
        channel_to(server.url).send(replace(ticket_message(), purpose=Purpose.ACKNOWLEDGEMENT))
    assert not server.asked


def test_a_ticket_arrives_whole(request_tracker: RequestTracker, desk: "Desk") -> None:
    files = (
        file("ünï 화면.bin", bytes(range(256)) * 4000),
        file("latin.txt", b"caf\xe9\r\nand more\r\n", "text/plain"),
        file("wide.csv", "naïve;뷰\r\n".encode("utf-16"), "text/csv"),
        file("mail.eml", b"Subject: x\nContent-Type: text/plain\n\n.\nFrom here\n", "message/rfc822"),
        file("page.html", b"<script>alert(1)</script>\r\n", "text/html"),
        file("=?utf-8?q?a?= 😀 b;c%20.png", b"\x89PNG", "image/png"),
    )
    message = ticket_message(desk.new_reference(), files=files)
    number = desk.channel().send(message)
    ticket = desk.get(f"/ticket/{number}")
    assert ticket["Subject"] == f"{message.tag} {DRAFT.subject}"
    assert [requestor["id"] for requestor in ticket["Requestor"]] == ["kim@example.com"]
    assert DRAFT.description in desk.texts(number)[0]
    assert desk.files(number) == {file.name: file.content for file in files}


def test_lost_answers_double_no_ticket(request_tracker: RequestTracker, desk: "Desk") -> None:
    parcels = [ticket_message(desk.new_reference()) for _ in range(6)]
    with losing_answers(request_tracker) as url:
        channel = desk.channel(url)
        for message in parcels:
            with pytest.raises(Unreachable):
                channel.send(message)
            assert channel.send(replace(message, is_retry=True))
    assert desk.count(message.tag for message in parcels) == [1] * 6


def test_an_entry_becomes_one_comment_though_its_answer_was_lost(request_tracker: RequestTracker, desk: "Desk") -> None:
    message = ticket_message(desk.new_reference())
    number = desk.channel().send(message)
    content = b"one\r\ntwo\xff"
    entry = entry_message(message, "It works again.", number=2, remote=number, kind=EntryKind.CLOSED,
                         files=(file("after.log", content, "text/plain"),))  # fmt: skip
    with losing_answers(request_tracker) as url:
        channel = desk.channel(url)
        with pytest.raises(Unreachable):
            channel.send(entry)
        assert channel.send(replace(entry, is_retry=True)) == number
    comments = [text for text in desk.texts(number) if "It works again." in text]
    assert len(comments) == 1
    assert "The visitor closed the ticket" in comments[0]
    assert desk.files(number) == {"after.log": content}
    another = entry_message(message, "Thank you.", number=3, remote=number, is_retry=True)
    desk.channel().send(another)
    assert len(desk.texts(number)) == 3


def test_a_ticket_that_was_moved_to_another_queue_is_found(request_tracker: RequestTracker, desk: "Desk") -> None:
    message = ticket_message(desk.new_reference())
    number = desk.channel().send(message)
    assert desk.channel(queue="L2").send(replace(message, is_retry=True)) == number


def test_what_waited_for_request_tracker_arrives_once(
    request_tracker: RequestTracker, desk: "Desk", tmp_path: Path
) -> None:
    database = open_database(tmp_path / "tickets.sqlite")
    destination = Route(queue=Queue(id="network", names={}, level="L1"), channels=("rt",))
    references = [desk.new_reference() for _ in range(10)]
    for reference in references:
        accept(database, DRAFT, destination=destination, reference=reference, form_key=f"k {reference}", now=NOW)
    clock = [NOW]
    worker = Worker(database=database, channels={"rt": desk.channel()}, now=lambda: clock[0])
    request_tracker.stop()
    for _ in range(12):  # six hours
        worker.send_one("rt")
        clock[0] += timedelta(minutes=30)
    assert list_channels(database)[0].waiting == 10
    request_tracker.start()
    while list_channels(database)[0].waiting:
        if not worker.send_one("rt"):
            clock[0] += timedelta(minutes=5)
        assert clock[0] < NOW + timedelta(days=2)
    assert all(delivery.delivered_at for delivery in list_deliveries(database))
    assert desk.count(f"[{reference}]" for reference in references) == [1] * 10
    database.close()


def test_a_queue_without_rights_is_refused_with_the_cure(request_tracker: RequestTracker, desk: "Desk") -> None:
    for queue in ("L3", "nothing"):
        with pytest.raises(PermanentFailure, match="name of the queue, or give the token's user the rights"):
            desk.channel(queue=queue).send(ticket_message(desk.new_reference()))


def test_a_check_reaches_the_queue_and_makes_no_ticket(request_tracker: RequestTracker, desk: "Desk") -> None:
    before = desk.get("/tickets?query=id>0")["total"]
    settings = ChannelSettings(
        id="rt",
        kind="request_tracker",
        options={"url": request_tracker.url, "queue": "L1", "token_variable": "TOKEN", "allow_private": True},
    )
    channel = open_channels({"rt": settings}, {"TOKEN": request_tracker.token})["rt"]
    assert channel.check().endswith("at 127.0.0.1, queue L1")
    assert desk.get("/tickets?query=id>0")["total"] == before
    with pytest.raises(PermanentFailure, match="rights"):
        desk.channel(queue="L3").check()
    with pytest.raises(PermanentFailure, match="valid token"):
        channel_to(request_tracker.url, token="1-2-wrong").check()


class Desk:
    """Looks into Request Tracker as an agent would."""

    def __init__(self, server: RequestTracker) -> None:
        self._server = server
        headers = {"Authorization": f"token {server.token}"}
        self.client = httpx.Client(base_url=f"{server.url}/REST/2.0", headers=headers, timeout=30)

    def channel(self, url: str = "", **options: str) -> RequestTrackerChannel:
        return channel_to(url or self._server.url, token=self._server.token, **options)

    def new_reference(self) -> str:
        return f"AD-{secrets.token_hex(4).upper()}"

    def get(self, path: str) -> Any:
        answer = self.client.get(path)
        assert answer.is_success, answer.text
        return answer.json()

    def count(self, tags: Iterable[str]) -> list[int]:
        """Return how many tickets carry each tag."""
        wanted = list(tags)
        query = " OR ".join(f"Subject LIKE '{tag}'" for tag in wanted)
        found = self.client.get("/tickets", params={"query": query, "fields": "Subject", "per_page": 100}).json()
        assert found["pages"] == 1
        subjects = [item["Subject"] for item in found["items"]]
        return [sum(tag in subject for subject in subjects) for tag in wanted]

    def attachments(self, number: str) -> Iterator[dict[str, Any]]:
        for item in self.get(f"/ticket/{number}/attachments?per_page=100")["items"]:
            yield self.get(f"/attachment/{item['id']}")

    def files(self, number: str) -> dict[str, bytes]:
        return {
            found["Filename"]: base64.b64decode(found["Content"])
            for found in self.attachments(number)
            if found.get("Filename")
        }

    def texts(self, number: str) -> list[str]:
        return [
            base64.b64decode(found["Content"]).decode()
            for found in self.attachments(number)
            if not found.get("Filename") and found.get("Content")
        ]


@pytest.fixture
def desk(request_tracker: RequestTracker) -> Iterator[Desk]:
    desk = Desk(request_tracker)
    yield desk
    desk.client.close()


class losing_answers:
    """Stand before Request Tracker, and lose the answer to what is posted first under each subject."""

    def __init__(self, server: RequestTracker) -> None:
        self._port = server.port
        self._seen: set[str] = set()
        self._serving = serving()

    def __enter__(self) -> str:
        self._server = self._serving.__enter__()
        self._server.before = self._pass_on
        return self._server.url

    def __exit__(self, *error: Any) -> None:
        self._serving.__exit__(*error)

    def _pass_on(self, handler: Any) -> bool:
        asked = self._server.asked[-1]
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        connection.request(asked.method, asked.path, asked.body, asked.headers)
        answer = connection.getresponse()
        self._server.status, self._server.body = answer.status, answer.read()
        connection.close()
        subject = json.loads(asked.body).get("Subject") if asked.path.endswith(("/ticket", "/comment")) else None
        is_lost = subject is not None and subject not in self._seen
        self._seen.add(subject or "")
        return not is_lost
