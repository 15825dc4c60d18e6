"""E-mails hold what we wrote, whatever a visitor typed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticket_form.delivery.mime_message import (
    MAX_HEADER_CHARACTERS,
    Email,
    Mailbox,
    ascii_address,
    is_message_id,
    read_mailbox,
    safe_header,
    safe_name,
    write_email,
)
from ticket_form.tickets.ticket import Attachment

EMAIL = Email(
    message_id="<AD-1.0a@example.com>",
    written_at=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    sender=Mailbox(address="help@example.com", name="Help desk"),
    to="team@example.org",
    tag="[AD-1]",
    subject="VPN drops",
    body="It worked yesterday.",
)
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]


def read(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(raw, policy=default))


def attachment(name: str, content: bytes = b"\x00\r\n.\r\n\xff", media_type: str = "image/png") -> Attachment:
    return Attachment(name=name, media_type=media_type, size=len(content), sha256="", content=content)


def test_a_letter_says_what_it_was_given() -> None:
    korea = timezone(timedelta(hours=9))
    email = replace(EMAIL, written_at=EMAIL.written_at.astimezone(korea), reply_to="kim@example.com")
    assert write_email(email).decode("ascii") == (
        'From: "Help desk" <help@example.com>\r\n'
        "To: team@example.org\r\n"
        "Subject: [AD-1] VPN drops\r\n"
        "Date: Sat, 21 Nov 2026 12:00:00 +0000\r\n"
        "Message-ID: <AD-1.0a@example.com>\r\n"
        "Reply-To: kim@example.com\r\n"
        'Content-Type: text/plain; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: 7bit\r\n"
        "MIME-Version: 1.0\r\n"
        "\r\n"
        "It worked yesterday.\r\n"
    )


def test_an_answer_names_what_it_answers_and_an_automatic_letter_says_so() -> None:
    message = read(write_email(replace(EMAIL, in_reply_to="<AD-1.09@example.com>", is_automatic=True)))
    assert message["In-Reply-To"] == message["References"] == "<AD-1.09@example.com>"
    assert (message["Auto-Submitted"], message["Precedence"]) == ("auto-replied", "bulk")
    plain = read(write_email(EMAIL))
    assert not {"In-Reply-To", "References", "Auto-Submitted", "Precedence", "Reply-To"} & set(plain.keys())


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("VPN drops", "VPN drops"),
        ("a\r\nBcc: b@evil.test", "a Bcc: b@evil.test"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f\x00g", "a b c d e f g"),
        ("=?utf-8?q?hi=0D=0ABcc:_b@evil.test?=", "= ?utf-8?q?hi=0D=0ABcc:_b@evil.test?="),
        ("=\u200b?utf-8?b?SGk=?=", "= ?utf-8?b?SGk= ?="),
        ("==?utf-8?q?a?=", "== ?utf-8?q?a?="),
        ("\u202egnp.exe", "gnp.exe"),
        ("half \ud800 pair", "half pair"),
        ("می\u200cخواهم 👩\u200d💻 क्\u200dष", "می\u200cخواهم 👩\u200d💻 क्\u200dष"),
        ("  이메일\u3000 안 됨 ", "이메일 안 됨"),
        ("é" * 300, "é" * 249 + "…"),
        ("", ""),
    ],
)
def test_a_header_is_one_line_without_encoded_words(typed: str, safe: str) -> None:
    assert safe_header(typed) == safe


@given(st.text(max_size=400))
def test_any_subject_is_one_header_which_reads_as_it_was_shown(typed: str) -> None:
    raw = write_email(replace(EMAIL, subject=typed))
    message = read(raw)
    assert list(message.keys()) == HEADERS
    assert message["Subject"] == f"[AD-1] {safe_header(typed)}".strip()
    assert len(safe_header(typed)) <= MAX_HEADER_CHARACTERS
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "subject", ["클라우드 저장소 " * 12, "سؤال عن البريد الإلكتروني " * 8, "word " * 40, "a" * 200]
)
def test_long_subjects_keep_their_spaces(subject: str) -> None:
    raw = write_email(replace(EMAIL, subject=subject))
    written = message_from_bytes(raw)["Subject"].replace("\r\n", "")
    assert str(make_header(decode_header(written))) == f"[AD-1] {subject.strip()}"
    assert written.startswith("[AD-1] ")


@given(st.text(max_size=300))
def test_any_text_is_one_body(typed: str) -> None:
    raw = write_email(replace(EMAIL, body=typed + "\n.\nFrom: me\n\n--==\n"))
    message = read(raw)
    assert list(message.keys()) == HEADERS
    assert not message.is_multipart()
    assert message.get_content().splitlines()[-4:] == [".", "From: me", "", "--=="]
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("log.txt", "log.txt"),
        ("스크린샷 1.png", "스크린샷 1.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\kim\\a.png", "a.png"),
        ('a"; filename="b.exe.png', 'a"; filename="b.exe.png'),
        ("a\r\nX-Evil: 1.png", "a X-Evil: 1.png"),
        ("=?utf-8?q?=0D=0A?=.png", "= ?utf-8?q?=0D=0A?=.png"),
        ("\u202egnp.exe.png", "gnp.exe.png"),
        ("a\x00b.png", "a b.png"),
        ("می\u200cخواهم.png", "می\u200cخواهم.png"),
        ("x" * 300 + ".png", "x" * 115 + "….png"),
        ("x" * 300, "x" * 119 + "…"),
        (".bashrc", ".bashrc"),
        ("a/", "file"),
        ("", "file"),
    ],
)
def test_files_arrive_whole_under_a_harmless_name(typed: str, name: str) -> None:
    assert safe_name(typed) == name
    file = attachment(typed)
    message = read(write_email(replace(EMAIL, files=(file,))))
    assert [name for name in message if name not in HEADERS] == []
    (part,) = message.iter_attachments()
    assert part.get_filename() == name
    assert sorted(part.keys()) == ["Content-Disposition", "Content-Transfer-Encoding", "Content-Type", "MIME-Version"]
    assert part.get_content_disposition() == "attachment"
    assert part.get_payload(decode=True) == file.content


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ("image/png", "image/png"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",) * 2,
        ("text/plain", "text/plain"),
        ("message/rfc822", "application/octet-stream"),
        ("multipart/mixed", "application/octet-stream"),
        ("image/png\r\nBcc: b@evil.test", "application/octet-stream"),
        ("image/png; x=y", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_files_have_their_type_if_it_is_one_that_keeps_their_bytes(told: str, sent: str) -> None:
    content = b"line\nline\r\n\xff\x00" * 99
    message = read(write_email(replace(EMAIL, files=(attachment("a", content, media_type=told),))))
    (part,) = message.iter_attachments()
    assert part.get_content_type() == sent
    assert part.get_payload(decode=True) == content


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("kim@example.com", "kim@example.com"),
        ("kim@예시.테스트", "kim@xn--vv4b11d.xn--9t4b11yi5a"),
        ("o'neil+x@example.com", "o'neil+x@example.com"),
        ("김@example.com", None),
        ("u@a.test, v@b.test", None),
        ("u@a.test v@b.test", None),
        ("Kim <kim@example.com>", None),
        ("=?utf-8?q?a?=@example.org", None),
        ("kim@example.com\r\nBcc: b@evil.test", None),
        ("kim@[127.0.0.1]", None),
        ('"a b"@example.com', None),
        ("", None),
    ],
)
def test_an_address_is_one_that_every_server_understands_or_none(typed: str, address: str | None) -> None:
    assert ascii_address(typed) == address


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("", "From: <help@example.com>"),
        ("Help; desk", 'From: "Help; desk" <help@example.com>'),
        ('The "desk" \\', 'From: "The \\"desk\\" \\\\" <help@example.com>'),
        ("서비스 데스크", "From: =?utf-8?b?7ISc67mE7IqkIOuNsOyKpO2BrA==?= <help@example.com>"),
    ],
)
def test_the_name_of_the_sender_is_written_so_that_it_is_read_again(name: str, written: str) -> None:
    raw = write_email(replace(EMAIL, sender=Mailbox(address="help@example.com", name=name)))
    assert raw.decode().splitlines()[0] == written
    (address,) = read(raw)["From"].addresses
    assert (address.display_name, address.addr_spec) == (name, "help@example.com")


def test_a_mailbox_is_an_address_with_or_without_a_name() -> None:
    assert read_mailbox("help@example.com") == Mailbox(address="help@example.com")
    assert read_mailbox("Help, and more <help@example.com>") is None
    assert read_mailbox('"Help, and more" <help@example.com>') == Mailbox(
        address="help@example.com", name="Help, and more"
    )
    assert read_mailbox("help") is None
    assert Mailbox(address="help@example.com").domain == "example.com"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("<AD-1.0a@example.com>", True),
        ("<a@b>\r\nBcc: b@evil.test", False),
        ("<a@b>\n", False),
        ("<a@b> <c@d>", False),
        ("42", False),
        ("", False),
    ],
)
def test_a_message_id_of_ours_is_told_from_what_other_channels_return(text: str, is_one: bool) -> None:
    assert is_message_id(text) is is_one
