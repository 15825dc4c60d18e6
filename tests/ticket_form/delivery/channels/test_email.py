"""Tickets by e-mail: what goes over the wire, what each answer of a server means, and who is told."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest
from mail_sink import Sink, serving
from servers import Certificates, Postfix, free_port

from ticket_form.delivery.acknowledgements import count_acknowledgements, may_acknowledge
from ticket_form.delivery.channels.email import Caps, EmailChannel, open_email
from ticket_form.delivery.mime_message import safe_header, safe_name
from ticket_form.delivery.smtp import MailServer, Security
from ticket_form.delivery.worker import Worker
from ticket_form.errors import ConfigurationError, PermanentFailure, StorageUnavailable, TemporaryFailure, Unreachable
from ticket_form.storage.database import Database, open_database
from ticket_form.storage.ticket_store import accept
from ticket_form.tickets.delivery_contract import OutboundMessage, Promise, Purpose
from ticket_form.tickets.routing import Queue, Route
from ticket_form.tickets.ticket import Attachment, Author, Entry, EntryKind, Ticket, TicketDraft, TicketState
from ticket_form.tickets.trail import Trail

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECRET = b"a secret of at least thirty-two bytes"
DRAFT = TicketDraft(
    language="en",
    category="network",
    subject="VPN drops",
    description="It worked yesterday.\nNow it does not.",
    email="kim@example.com",
    name="Kim",
    trail=Trail(searches=("vpn",), articles=("network/vpn/",)),
)
TICKET = Ticket(
    reference="AD-4TZ7-9QWC-2X", created_at=NOW, state=TicketState.NEW, queue="network", level="L1", draft=DRAFT
)
MESSAGE = OutboundMessage(key="AD-4TZ7-9QWC-2X/7", purpose=Purpose.TICKET, ticket=TICKET)
STATUS_URL = "https://help.example.com/ticket/status/abc"
ACKNOWLEDGEMENT = replace(MESSAGE, key="AD-4TZ7-9QWC-2X/8", purpose=Purpose.ACKNOWLEDGEMENT, status_url=STATUS_URL)
OPTIONS: Mapping[str, object] = {
    "from": "Help desk <help@example.com>", "to": "team@example.org", "host": "localhost", "security": "none",
    "patience": 5,
}  # fmt: skip
TICKET_HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Content-Type", "Content-Transfer-Encoding",
    "MIME-Version",
]  # fmt: skip


def channel_to(port: int, **options: object) -> EmailChannel:
    return open_email("mail", {**OPTIONS, "port": port, **options}, {})


def message_of(message: OutboundMessage = MESSAGE, **draft: object) -> OutboundMessage:
    return replace(message, ticket=replace(message.ticket, draft=replace(DRAFT, **draft)))  # type: ignore[arg-type]


def attachment(name: str, content: bytes) -> Attachment:
    return Attachment(name=name, media_type="image/png", size=len(content), sha256="00", content=content)


def read(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(raw, policy=default))


@pytest.fixture(scope="module")
def shared_sink() -> Iterator[tuple[Sink, int]]:
    sink = Sink()
    with serving(sink) as port:
        yield sink, port


@pytest.fixture
def sink(shared_sink: tuple[Sink, int]) -> Sink:
    shared_sink[0].envelopes.clear()
    return shared_sink[0]


@pytest.fixture
def channel(shared_sink: tuple[Sink, int]) -> EmailChannel:
    return channel_to(shared_sink[1], to="team@example.org")


def test_a_ticket_is_one_message_with_all_its_facts(channel: EmailChannel, sink: Sink) -> None:
    files = (attachment("스크린샷.png", b"\x89PNG\r\n.\r\n"), attachment("b.png", b""))
    remote = channel.send(replace(MESSAGE, files=files))
    (envelope,) = sink.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("help@example.com", ["team@example.org"])
    arrived = read(sink.messages[0])
    assert arrived["From"] == "Help desk <help@example.com>"
    assert arrived["To"] == "team@example.org"
    assert arrived["Reply-To"] == "kim@example.com"
    assert arrived["Subject"] == "[AD-4TZ7-9QWC-2X] VPN drops"
    assert arrived["Date"].datetime == NOW
    assert arrived["Message-ID"] == remote
    assert remote.startswith("<AD-4TZ7-9QWC-2X.")
    assert remote.endswith("@example.com>")
    body = arrived.get_body()
    assert body is not None
    text = body.get_content()
    for fact in (
        "AD-4TZ7-9QWC-2X",
        "network",
        "Kim",
        "kim@example.com",
        "vpn",
        "network/vpn/",
        *DRAFT.description.split("\n"),
    ):
        assert fact in text
    assert [(part.get_filename(), part.get_payload(decode=True)) for part in arrived.iter_attachments()] == [
        ("스크린샷.png", b"\x89PNG\r\n.\r\n"),
        ("b.png", b""),
    ]


def test_a_person_wrote_a_ticket_so_it_is_not_marked_as_automatic(channel: EmailChannel, sink: Sink) -> None:
    channel.send(MESSAGE)
    assert list(read(sink.messages[0]).keys()) == TICKET_HEADERS


def test_an_entry_answers_the_message_of_its_ticket(channel: EmailChannel, sink: Sink) -> None:
    first = channel.send(MESSAGE)
    entry = Entry(created_at=NOW + timedelta(hours=1), author=Author.VISITOR, kind=EntryKind.COMMENT, text="Still so.")
    second = channel.send(replace(MESSAGE, key="AD-4TZ7-9QWC-2X/9", purpose=Purpose.ENTRY, entry=entry, remote=first))
    arrived = read(sink.messages[1])
    assert arrived["In-Reply-To"] == arrived["References"] == first
    assert arrived["Message-ID"] == second != first
    assert arrived["Subject"] == "[AD-4TZ7-9QWC-2X] VPN drops"
    assert arrived["Date"].datetime == entry.created_at
    assert "Still so." in arrived.get_content()


def test_an_entry_after_a_delivery_without_message_id_answers_none(channel: EmailChannel, sink: Sink) -> None:
    entry = Entry(created_at=NOW, author=Author.VISITOR, kind=EntryKind.CLOSED, text="")
    channel.send(replace(MESSAGE, purpose=Purpose.ENTRY, entry=entry, remote="42\r\nBcc: b@evil.test"))
    assert list(read(sink.messages[0]).keys()) == TICKET_HEADERS


def test_each_parcel_has_one_message_id_and_no_other_parcel_has_it(channel: EmailChannel, sink: Sink) -> None:
    other = replace(MESSAGE, key="AD-4TZ7-9QWC-2X/8")
    found = [channel.send(message) for message in (MESSAGE, replace(MESSAGE, is_retry=True), other)]
    assert found[0] == found[1] != found[2]
    assert [read(raw)["Message-ID"] for raw in sink.messages] == found


def test_a_message_id_tells_no_number_of_a_row(channel: EmailChannel) -> None:
    for number in ("8", "12345"):
        key = f"{MESSAGE.ticket.reference}/{number}"
        message_id = channel.write(replace(MESSAGE, key=key)).message_id
        assert re.fullmatch(r"<AD-4TZ7-9QWC-2X\.[0-9a-f]{32}@example\.com>", message_id)
        assert f"{int(number):032x}" not in message_id


def test_a_visitor_whose_address_not_every_server_knows_is_named_in_the_text(channel: EmailChannel, sink: Sink) -> None:
    channel.send(message_of(email="김@example.com"))
    arrived = read(sink.messages[0])
    assert "Reply-To" not in arrived
    assert "김@example.com" in arrived.get_content()


BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x00"]
INJECTED = [
    "Bcc: b@evil.test",
    "Reply-To: evil@evil.test",
    "\r\nforged body",
    " folded",
]
HOSTILE = [
    *(f"hi{line_break}{injected}" for line_break in BREAKS for injected in INJECTED),
    "=?utf-8?q?hi=0D=0AReply-To:_evil@evil.test?=",
    "=?utf-8?q?hi=0D=0A=0D=0Aforged_body?=",
    "=?utf-8?b?aGkNClJlcGx5LVRvOiBldmlsQGV2aWwudGVzdA==?=",
    "=?us-ascii?Q?=0A?= =?us-ascii?Q?Bcc:_b@evil.test?=",
    "=?utf-8?q?a?==?utf-8?q?=0D=0AX:_y?=",
    "=\u200b?utf-8?q?=0D=0ABcc:_b@evil.test?=",
    "=\r\n?utf-8?q?=0D=0ABcc:_b@evil.test?=",
    "hi =?utf-8?q?" + "=0D=0A" * 30 + "?=",
    "x" * 2000,
    "=?" * 1000,
    "é" * 2000,
    "a " * 1000,
    "half a pair \ud83d",
    "\udcff\udcfe",
    "\u202eRTL\u2066isolate",
    "\ufeffmark",
    "'; DROP TABLE ticket; -- <script>alert(1)</script> {reference} %s",
    "QUIT\r\n.\r\nMAIL FROM:<evil@evil.test>",
]  # fmt: skip


def test_there_are_at_least_sixty_hostile_subjects() -> None:
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_in_every_field_adds_no_header_no_recipient_and_no_body(
    channel: EmailChannel, sink: Sink, typed: str
) -> None:
    hostile = message_of(
        subject=typed, name=typed, description=typed, category=typed, service=typed, language=typed,
        trail=Trail(searches=(typed,), articles=(typed,)),
    )  # fmt: skip
    channel.send(replace(hostile, files=(attachment(typed, b"content"),)))
    (envelope,) = sink.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("help@example.com", ["team@example.org"])
    arrived = read(sink.messages[0])
    assert sorted(arrived.keys()) == sorted({*TICKET_HEADERS} - {"Content-Transfer-Encoding"})
    assert arrived["Subject"] == safe_header(f"[AD-4TZ7-9QWC-2X] {safe_header(typed)}", limit=999)
    assert arrived["Reply-To"] == "kim@example.com"
    body, file = arrived.iter_parts()
    assert (body.get_content_type(), body.is_multipart()) == ("text/plain", False)
    assert file.get_filename() == safe_name(typed)
    assert file.get_payload(decode=True) == b"content"


@pytest.mark.parametrize(
    "address",
    [
        "u@example.com, v@example.com",
        "u@example.com\r\nBcc: v@example.com",
        "=?utf-8?q?=0D=0ABcc:_v@example.com?=@example.com",
        "<u@example.com>",
        "u",
        "",
    ],
)
def test_a_hostile_address_is_no_reply_to_and_gets_no_acknowledgement(
    channel: EmailChannel, sink: Sink, address: str
) -> None:
    channel.send(message_of(email=address))
    assert "Reply-To" not in read(sink.messages[0])
    channel.may_acknowledge = lambda *_: True
    assert channel.send(message_of(ACKNOWLEDGEMENT, email=address)).startswith("not sent: ")
    assert len(sink.envelopes) == 1


# What each answer means. A server that says exactly what a test wants.


@dataclass(kw_only=True)
class Script:
    """Answers by command; None closes the connection instead. "." stands for the message."""

    answers: Mapping[str, str | None] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    extensions: Sequence[str] = ()

    def answer(self, command: str) -> bytes | None:
        usual = {"": "220 hi", "DATA": "354 go on", "QUIT": "221 bye"}
        said = self.answers.get(command, usual.get(command, "250 ok"))
        if command == "EHLO" and "EHLO" not in self.answers:
            said = "\r\n".join(["250-here", *(f"250-{name}" for name in self.extensions), "250 HELP"])
        return None if said is None else said.encode() + b"\r\n"

    def talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream:
            command = ""
            while True:
                said = self.answer(command)
                if said is None:
                    return
                stream.write(said)
                stream.flush()
                if command == "DATA" and said.startswith(b"354"):
                    lines = list(iter(stream.readline, b".\r\n"))
                    self.messages.append(b"".join(lines))
                    command = "."
                    continue
                line = stream.readline().decode()
                if not line:
                    return
                self.heard.append(line.strip().upper())
                command = line.split()[0].upper()


@contextmanager
def following(script: Script) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                    script.talk(connection)
                except OSError:
                    if listener.fileno() == -1:
                        return

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.mark.parametrize(
    ("answers", "failure"),
    [
        ({"": "421 too busy"}, Unreachable),
        ({"": "450 not now"}, Unreachable),
        ({"": "554 go away"}, Unreachable),
        ({"": None}, Unreachable),
        ({"MAIL": "421 leaving"}, Unreachable),
        ({"MAIL": "530 sign in first"}, Unreachable),
        ({"MAIL": None}, Unreachable),
        ({"RCPT": None}, Unreachable),
        ({"MAIL": "451 not now"}, TemporaryFailure),
        ({"MAIL": "553 not you"}, PermanentFailure),
        ({"RCPT": "450 greylisted"}, TemporaryFailure),
        ({"RCPT": "452 full"}, TemporaryFailure),
        ({"RCPT": "550 nobody here"}, PermanentFailure),
        ({"DATA": "451 not now"}, TemporaryFailure),
        ({"DATA": "554 no"}, PermanentFailure),
        ({"DATA": None}, TemporaryFailure),
        ({".": "451 not now"}, TemporaryFailure),
        ({".": "552 too large"}, PermanentFailure),
        ({".": "554 looks like spam"}, PermanentFailure),
        ({".": "421 leaving"}, TemporaryFailure),
        ({".": None}, TemporaryFailure),
    ],
)
def test_each_answer_says_what_to_do_next(answers: Mapping[str, str | None], failure: type[Exception]) -> None:
    script = Script(answers=answers)
    with following(script) as port, pytest.raises(failure) as caught:
        channel_to(port).send(MESSAGE)
    assert type(caught.value) in (failure, *failure.__subclasses__())
    assert str(caught.value).startswith(f"localhost:{port}: ")
    said = next(iter(answers.values()))
    assert said is None or said.split()[0] in str(caught.value)


def test_a_server_that_is_down_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="Connection refused"):
        channel_to(free_port()).send(MESSAGE)
    with pytest.raises(Unreachable, match=r"nowhere\.invalid:25: "):
        channel_to(25, host="nowhere.invalid").send(MESSAGE)


def test_a_server_that_says_nothing_is_unreachable_after_our_patience() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(Unreachable, match="timed out"):
        channel_to(listener.getsockname()[1], patience=1).send(MESSAGE)


def test_a_server_that_keeps_us_waiting_is_left_before_the_lease_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ticket_form.delivery.smtp.MAX_SESSION_SECONDS", 0.3)
    monkeypatch.setattr(Script, "answer", _slow(Script.answer))
    with following(Script()) as port, pytest.raises(Unreachable):
        channel_to(port).send(MESSAGE)


def _slow(answer: Callable[[Script, str], bytes | None]) -> Callable[[Script, str], bytes | None]:
    def wait(script: Script, command: str) -> bytes | None:
        if command == "RCPT":
            threading.Event().wait(1)
        return answer(script, command)

    return wait


@pytest.mark.parametrize("farewell", [None, "500 what?", "421 leaving"])
def test_a_message_that_was_taken_is_delivered_whatever_happens_next(farewell: str | None) -> None:
    script = Script(answers={"QUIT": farewell})
    with following(script) as port:
        assert channel_to(port).send(MESSAGE).startswith("<AD-")
    assert len(script.messages) == 1


def test_after_a_lost_answer_the_second_message_has_the_same_id() -> None:
    script = Script(answers={".": None})
    with following(script) as port:
        channel = channel_to(port)
        with pytest.raises(TemporaryFailure, match="its answer to the message was lost"):
            channel.send(MESSAGE)
        script.answers = {}
        channel.send(replace(MESSAGE, is_retry=True))
    first, second = (read(raw)["Message-ID"] for raw in script.messages)
    assert first == second


def test_a_message_that_is_too_large_for_the_server_is_refused_before_it_is_sent() -> None:
    script = Script(extensions=["SIZE 20000"])
    with following(script) as port:
        channel = channel_to(port)
        with pytest.raises(PermanentFailure, match=r"takes messages up to 20000 bytes.*Raise the server's limit"):
            channel.send(replace(MESSAGE, files=(attachment("a.png", b"x" * 20_000),)))
        assert not [line for line in script.heard if line.startswith("MAIL")]
        channel.send(MESSAGE)
    assert f"MAIL FROM:<HELP@EXAMPLE.COM> SIZE={len(script.messages[0])}" in script.heard


@pytest.mark.parametrize("size", ["SIZE", "SIZE 0", "SIZE many"])
def test_a_server_without_a_limit_takes_everything(size: str) -> None:
    script = Script(extensions=[size])
    with following(script) as port:
        channel_to(port).send(MESSAGE)
    assert len(script.messages) == 1


def test_errors_show_no_address_of_a_visitor() -> None:
    script = Script(answers={".": "554 <kim@example.com>: kim@example.com is on a list"})
    with following(script) as port, pytest.raises(PermanentFailure) as caught:
        channel_to(port).send(MESSAGE)
    assert "kim" not in str(caught.value)
    assert "is on a list" in str(caught.value)


def test_checking_asks_for_the_recipient_and_sends_nothing() -> None:
    script = Script(extensions=["SIZE 33000000"])
    with following(script) as port:
        assert channel_to(port).check() == (f"localhost:{port} (none) takes messages up to 33 MB for team@example.org")
        script.answers = {"RCPT": "550 nobody here"}
        with pytest.raises(PermanentFailure, match="550"):
            channel_to(port).check()
    assert script.messages == []
    assert [line for line in script.heard if line.startswith("RCPT")] == ["RCPT TO:<TEAM@EXAMPLE.ORG>"] * 2


# Who we talk to.


def server_tls(certificates: Certificates) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)
    return context


def test_starttls_with_a_trusted_authority_delivers(certificates: Certificates) -> None:
    sink = Sink()
    with serving(sink, tls_context=server_tls(certificates), require_starttls=True) as port:
        channel_to(port, security="starttls", ca_file=str(certificates.authority)).send(MESSAGE)
    assert len(sink.messages) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("wrong", ["authority", "host"])
def test_a_wrong_certificate_is_not_talked_to(certificates: Certificates, security: str, wrong: str) -> None:
    sink = Sink()
    trusted = {"ca_file": str(certificates.authority)} if wrong == "host" else {}
    host = "127.0.0.1" if wrong == "host" else "localhost"
    options = {"ssl_context" if security == "tls" else "tls_context": server_tls(certificates)}
    if security == "tls":
        with tls_listener(certificates) as port, pytest.raises(Unreachable, match="certificate that we do not trust"):
            channel_to(port, security=security, host=host, **trusted).send(MESSAGE)
        return
    with serving(sink, **options) as port, pytest.raises(Unreachable, match="certificate that we do not trust"):
        channel_to(port, security=security, host=host, **trusted).send(MESSAGE)
    assert sink.messages == []


@contextmanager
def tls_listener(certificates: Certificates) -> Iterator[int]:
    """Follow an empty script behind TLS from the first byte."""
    context = server_tls(certificates)
    with following(TlsScript(context=context)) as port:
        yield port


@dataclass(kw_only=True)
class TlsScript(Script):
    """A script behind TLS."""

    context: ssl.SSLContext

    def talk(self, connection: socket.socket) -> None:
        with connection:
            super().talk(self.context.wrap_socket(connection, server_side=True))


def test_tls_from_the_first_byte_delivers(certificates: Certificates) -> None:
    script = TlsScript(context=server_tls(certificates))
    with following(script) as port:
        channel_to(port, security="tls", ca_file=str(certificates.authority)).send(MESSAGE)
    assert len(script.messages) == 1


def test_a_server_that_hides_starttls_gets_nothing_in_clear() -> None:
    script = Script()
    with following(script) as port, pytest.raises(Unreachable, match=r"STARTTLS.*Correct security"):
        channel_to(port, security="starttls").send(MESSAGE)
    assert all(line.startswith(("EHLO", "HELO")) for line in script.heard)


def test_a_password_is_shown_to_the_trusted_server_alone(certificates: Certificates) -> None:
    sink = Sink()
    options = {
        "security": "starttls", "ca_file": str(certificates.authority), "username": "desk",
        "password_variable": "DESK_PASSWORD",
    }  # fmt: skip
    with serving(
        sink, tls_context=server_tls(certificates), authenticator=sink.authenticate, auth_required=True
    ) as port:
        options = {**OPTIONS, "port": port, **options}
        good = open_email("mail", options, {"DESK_PASSWORD": "correct"})
        good.send(MESSAGE)
        bad = open_email("mail", options, {"DESK_PASSWORD": "wrong horse"})
        with pytest.raises(Unreachable, match=r"535.*Correct username or password") as caught:
            bad.send(MESSAGE)
    assert len(sink.messages) == 1
    assert "desk:correct" in sink.signed_in
    assert "wrong horse" not in f"{caught.value} {bad!r}"


# Acknowledgements.


@pytest.fixture
def telling(channel: EmailChannel) -> EmailChannel:
    channel.may_acknowledge = lambda *_: True
    return channel


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "ko", "tr", "ar"])
def test_an_acknowledgement_holds_no_word_of_the_visitor(telling: EmailChannel, sink: Sink, language: str) -> None:
    message = message_of(
        ACKNOWLEDGEMENT, language=language, subject="Buy pills", name="Pill shop", description="http://pills.test",
        category="pills", service="pills", trail=Trail(searches=("pills",), articles=("pills",)),
    )  # fmt: skip
    remote = telling.send(replace(message, files=(attachment("pills.png", b"pills"),)))
    (envelope,) = sink.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("<>", ["kim@example.com"])
    arrived = read(sink.messages[0])
    text = arrived.get_content().replace("\r\n", "\n")
    assert sorted(arrived.keys()) == sorted({*TICKET_HEADERS, "Auto-Submitted", "Precedence"} - {"Reply-To"})
    assert (arrived["Auto-Submitted"], arrived["Precedence"]) == ("auto-replied", "bulk")
    assert (arrived["Message-ID"], arrived["To"]) == (remote, "kim@example.com")
    assert "AD-4TZ7-9QWC-2X" in text
    assert f"\n{STATUS_URL}\n" in text
    assert "pill" not in f"{arrived}{text}".lower()
    assert text.replace("AD-4TZ7-9QWC-2X", "").replace(STATUS_URL, "") == (
        telling.words[language].plain("ack_body", reference="", url="")
    )


@pytest.mark.parametrize(
    "address",
    [
        "mailer-daemon@example.com", "MAILER-DAEMON@example.com", "postmaster@example.com", "no-reply@example.com",
        "noreply@example.com", "do_not_reply@example.com", "donotreply+1@example.com", "noreply-1234@example.com",
        "all-list@example.com", "owner-staff@example.com", "staff-owner@example.com", "staff-request@example.com",
        "bounce+kim=example.org@example.com", "staff-bounces@example.com", "majordomo@example.com", "help@example.com",
        "Help@example.com", "team@example.org",
    ],
)  # fmt: skip
def test_machines_lists_and_the_help_desk_itself_get_no_acknowledgement(
    telling: EmailChannel, sink: Sink, address: str
) -> None:
    telling.acknowledge_domains = frozenset({"*"})
    assert telling.send(message_of(ACKNOWLEDGEMENT, email=address)) == (
        "not sent: the address is read by a machine, by a list or by this help desk"
    )
    assert sink.messages == []


@pytest.mark.parametrize("address", ["kim@example.com", "postman@example.com", "evelyn.list@example.com"])
def test_people_get_one(telling: EmailChannel, sink: Sink, address: str) -> None:
    assert telling.send(message_of(ACKNOWLEDGEMENT, email=address)).startswith("<AD-")
    assert len(sink.messages) == 1


@pytest.mark.parametrize(
    ("domains", "address", "is_sent"),
    [
        (None, "kim@example.com", True),
        (None, "kim@EXAMPLE.com", True),
        (None, "kim@example.net", False),
        (None, "kim@sub.example.com", False),
        (["example.net", "예시.kr"], "kim@example.net", True),
        (["example.net", "예시.kr"], "kim@예시.kr", True),
        (["example.net"], "kim@example.com", False),
        (["*"], "kim@example.net", True),
        ([], "kim@example.com", False),
    ],
)
def test_acknowledgements_go_to_the_named_domains_alone(
    shared_sink: tuple[Sink, int], domains: list[str] | None, address: str, is_sent: bool
) -> None:
    shared_sink[0].envelopes.clear()
    options = {} if domains is None else {"acknowledge_domains": domains}
    channel = channel_to(shared_sink[1], **options)
    channel.may_acknowledge = lambda *_: True
    remote = channel.send(message_of(ACKNOWLEDGEMENT, email=address))
    assert remote.startswith("<AD-" if is_sent else "not sent: its domain")
    assert len(shared_sink[0].messages) == is_sent


def test_an_address_that_nobody_has_is_the_visitors_mistake_and_no_dead_letter() -> None:
    script = Script(answers={"RCPT": "550 nobody here"})
    with following(script) as port:
        channel = channel_to(port)
        channel.may_acknowledge = lambda *_: True
        assert channel.send(ACKNOWLEDGEMENT) == (
            f"not sent: localhost:{port}: answered 550 to the recipient: nobody here"
        )


def test_an_acknowledgement_without_the_address_of_a_page_says_what_to_set(telling: EmailChannel) -> None:
    with pytest.raises(PermanentFailure, match="TICKET_FORM_BASE_URL"):
        telling.send(replace(ACKNOWLEDGEMENT, status_url=""))


def test_an_acknowledgement_is_never_sent_uncounted(channel: EmailChannel, sink: Sink) -> None:
    with pytest.raises(RuntimeError, match="count_acknowledgements"):
        channel.send(ACKNOWLEDGEMENT)
    assert sink.messages == []


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "tickets.sqlite")
    yield opened
    opened.close()


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


def test_a_thousand_tickets_in_the_name_of_one_victim_are_one_message_an_hour_and_three_a_day(
    channel: EmailChannel, sink: Sink, database: Database
) -> None:
    clock = Clock(NOW)
    count_acknowledgements({"mail": channel}, database, secret=SECRET, now=clock)
    sent: list[datetime] = []
    told: list[str] = []
    for number in range(1000):
        clock.now += timedelta(minutes=5, seconds=7)  # three and a half days, and no two hours alike
        told.append(channel.send(replace(ACKNOWLEDGEMENT, key=str(number))))
        sent += [clock.now] if len(sink.messages) > len(sent) else []
    assert told.count("not sent: there were enough for this hour or day") == 1000 - len(sent)
    for window, limit in ((timedelta(hours=1), 1), (timedelta(days=1), 3)):
        assert max(sum(first <= when < first + window for when in sent) for first in sent) == limit


def test_windows_that_meet_do_not_add_up(database: Database) -> None:
    asked = [NOW + timedelta(minutes=59), NOW + timedelta(minutes=61), NOW + timedelta(minutes=121)]
    allowed = [
        may_acknowledge(database, Caps(), address="kim@example.com", key=str(now), secret=SECRET, now=now)
        for now in asked
    ]
    assert allowed == [True, False, True]


ASKED = {"secret": SECRET, "now": NOW}


@pytest.mark.parametrize("alias", ["KIM@example.com", "kim+1@example.com", "k.i.m@example.com", "kim@EXAMPLE.com"])
def test_another_spelling_of_an_address_is_the_same_mailbox(database: Database, alias: str) -> None:
    assert may_acknowledge(database, Caps(), address="kim@example.com", key="1", **ASKED)  # type: ignore[arg-type]
    assert not may_acknowledge(database, Caps(), address=alias, key="2", **ASKED)  # type: ignore[arg-type]


def test_a_domain_and_all_together_have_caps_too(database: Database) -> None:
    caps = Caps(domain_hour=2, total_hour=4)

    def count(domain: str, start: int) -> int:
        asked = [(f"u{number}@{domain}", f"{domain}{number}") for number in range(start, start + 4)]
        return sum(may_acknowledge(database, caps, address=one, key=key, **ASKED) for one, key in asked)  # type: ignore[arg-type]

    assert [count(domain, 0) for domain in ("a.test", "b.test", "c.test")] == [2, 2, 0]


def test_a_flood_of_one_address_leaves_the_others_theirs(database: Database) -> None:
    caps = Caps(total_hour=3)
    for number in range(50):
        may_acknowledge(database, caps, address="victim@example.com", key=str(number), **ASKED)  # type: ignore[arg-type]
    assert may_acknowledge(database, caps, address="kim@example.com", key="k", **ASKED)  # type: ignore[arg-type]


def test_an_acknowledgement_that_is_tried_again_is_counted_once(
    channel: EmailChannel, sink: Sink, database: Database
) -> None:
    script = Script(answers={"RCPT": "450 greylisted"})
    with following(script) as port:
        greylisting = channel_to(port)
        count_acknowledgements({"a": greylisting, "b": channel}, database, secret=SECRET, now=lambda: NOW)
        for _ in range(3):
            with pytest.raises(TemporaryFailure):
                greylisting.send(ACKNOWLEDGEMENT)
    assert channel.send(replace(ACKNOWLEDGEMENT, is_retry=True)).startswith("<AD-")
    assert channel.send(replace(ACKNOWLEDGEMENT, key="other")).startswith("not sent: there were enough")


def test_counts_that_cannot_be_stored_allow_nothing_later(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> bool:
        raise StorageUnavailable("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("ticket_form.delivery.acknowledgements.count", fail)
        assert not may_acknowledge(database, Caps(), address="kim@example.com", key="1", **ASKED)  # type: ignore[arg-type]


# Options.


def test_options_are_read() -> None:
    channel = open_email(
        "mail",
        {
            "from": "서비스 데스크 <help@예시.kr>", "to": "team@example.org", "host": "mail.example.org",
            "acknowledge_address_day": 5,
        },
        {},
    )  # fmt: skip
    assert channel.promise == Promise.AT_LEAST_ONCE
    assert channel.server == MailServer(host="mail.example.org", port=587, security=Security.STARTTLS)
    assert (channel.sender.name, channel.sender.address) == ("서비스 데스크", "help@xn--vv4b11d.kr")
    assert channel.acknowledge_domains == {"xn--vv4b11d.kr"}
    assert channel.caps == Caps(address_day=5)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_each_kind_of_security_has_its_port(security: str, port: int) -> None:
    assert open_email("mail", {**OPTIONS, "security": security}, {}).server.port == port


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"to": "a@example.org, c@example.org"},
            "to is 'a@example.org, c@example.org'. Write one address; for several people",
        ),
        ({"from": "help"}, "from is 'help'. Write one address"),
        ({"to": None}, "to is missing"),
        ({"host": None}, "host is missing"),
        ({"host": "smtp://mail.test/"}, "host is 'smtp://mail.test/'. Write the name of a mail server alone"),
        ({"security": "ssl"}, "security is 'ssl'. Write one of starttls, tls, none."),
        ({"username": "desk", "security": "starttls"}, "password_variable is missing"),
        ({"username": "desk", "password_variable": "DESK_PASSWORD"}, "which would show the password to everybody"),
        ({"username": "désk", "password_variable": "DESK_PASSWORD", "security": "tls"}, "Choose ASCII ones."),
        ({"acknowledge_domains": ["not a domain"]}, "'not a domain' is no domain"),
        ({"acknowledge_address_hour": 100}, "acknowledge_address_hour is 100"),
        ({"ca_file": "/nowhere.pem"}, "ca_file is '/nowhere.pem'"),
        ({"too": "x"}, "'too' is unknown"),
    ],
)
def test_a_wrong_option_is_named_with_its_cure(changes: Mapping[str, object], problem: str) -> None:
    options = {key: value for key, value in {**OPTIONS, **changes}.items() if value is not None}
    with pytest.raises(ConfigurationError) as caught:
        open_email("mail", options, {"DESK_PASSWORD": "correct"})
    (found,) = caught.value.problems
    assert found.startswith("channel 'mail': ")
    assert problem in found


def test_all_wrong_options_are_named_together() -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_email("mail", {"security": "ssl"}, {})
    assert len(caught.value.problems) == 4


# Real Postfix.


def test_a_ticket_with_files_arrives_whole_through_postfix(postfix: Postfix, certificates: Certificates) -> None:
    channel = channel_to(postfix.port, security="starttls", ca_file=str(certificates.authority))
    assert channel.check().endswith("for team@example.org")
    files = (attachment("스크린샷.png", bytes(range(256)) * 4000), attachment("dots.png", b"\r\n.\r\n" * 999))
    remote = channel.send(replace(message_of(subject="프린터가 안 됩니다 " * 9), files=files))
    (raw,) = postfix.inbox(count=1)
    arrived = read(raw)
    assert arrived["Message-ID"] == remote
    assert arrived["Subject"] == "[AD-4TZ7-9QWC-2X] " + ("프린터가 안 됩니다 " * 9).strip()
    assert arrived["Return-Path"] == "<help@example.com>"
    assert {part.get_filename(): part.get_payload(decode=True) for part in arrived.iter_attachments()} == {
        file.name: file.content for file in files
    }


def test_while_postfix_is_down_tickets_wait_and_then_arrive_once(
    postfix: Postfix, certificates: Certificates, database: Database
) -> None:
    clock = Clock(NOW)
    channel = channel_to(
        postfix.port, security="starttls", ca_file=str(certificates.authority), acknowledge_domains=["example.org"]
    )
    count_acknowledgements({"mail": channel}, database, secret=SECRET, now=clock)
    worker = Worker(database=database, channels={"mail": channel}, status_url=lambda _: STATUS_URL, now=clock)
    postfix.stop()
    destination = Route(queue=Queue(id="network", names={}, level="L1"), channels=("mail",))
    draft = replace(DRAFT, email="kim@example.org")
    references = [f"AD-{number}" for number in range(5)]
    for reference in references:
        accept(
            database, draft, destination=destination, reference=reference, form_key=reference, now=NOW,
            acknowledge_by="mail",
        )  # fmt: skip
    for _ in range(6):
        while worker.send_one("mail"):
            pass
        clock.now += timedelta(hours=1)
    postfix.start()
    assert postfix.inbox() == []
    for _ in range(3):
        while worker.send_one("mail"):
            pass
        clock.now += timedelta(hours=13)
    messages = [read(raw) for raw in postfix.inbox(count=6)]
    tickets = [arrived["Subject"] for arrived in messages if arrived["To"] == "team@example.org"]
    assert sorted(tickets) == [f"[{reference}] VPN drops" for reference in references]
    assert len([arrived for arrived in messages if arrived["To"] == "kim@example.org"]) == 1
    assert not worker.send_one("mail")
