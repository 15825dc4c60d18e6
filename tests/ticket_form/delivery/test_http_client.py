"""Requests reach the server that was meant, and no other."""

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from http_server import Server, serving

from ticket_form.delivery.http_client import (
    MAX_ANSWER_BYTES,
    Answer,
    Outgoing,
    check_status,
    is_public,
    read_wait,
    resolve_name,
)
from ticket_form.errors import DeliveryError, PermanentFailure, TemporaryFailure, Unreachable

pytestmark = pytest.mark.usefixtures("free_of_loops")

METADATA = "http://169.254.169.254/latest/meta-data/"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def to(*addresses: str) -> Outgoing:
    """Make an outgoing that resolves every name to some addresses, as a name server of the attacker would."""
    return Outgoing(allow_private=False, resolve=lambda host, port: addresses)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "240.0.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::127.0.0.1",
        "2002:7f00:1::", "2002:a00:1::1", "64:ff9b::7f00:1", "64:ff9b::169.254.169.254",
    ],
)  # fmt: skip
def test_an_address_inside_is_not_public_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"])
def test_our_own_machine_is_not_asked_under_any_name(server: Server, host: str) -> None:
    with pytest.raises(Unreachable):
        Outgoing(allow_private=False).ask("GET", f"http://{host}:{server.port}/")
    assert not server.asked


def test_a_name_that_leads_inside_is_not_asked_and_the_cure_is_told(server: Server) -> None:
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1.*allow_private: true"):
        to("127.0.0.1").ask("GET", f"http://desk.example.com:{server.port}/")
    assert not server.asked


def test_one_private_address_among_public_ones_is_enough_to_refuse(server: Server) -> None:
    with pytest.raises(Unreachable, match="private"):
        to("8.8.8.8", "127.0.0.1").ask("GET", f"http://desk.example.com:{server.port}/")
    assert not server.asked


def test_a_name_server_that_changes_its_mind_is_asked_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    # A public address for the check, then ours for the connection. Nothing answers at the first (reserved for
    # documentation, so it must pass for public here).
    answers = iter([["203.0.113.1"], ["127.0.0.1"], ["127.0.0.1"]])
    monkeypatch.setattr("ticket_form.delivery.http_client.is_public", lambda address: address == "203.0.113.1")
    monkeypatch.setattr("ticket_form.delivery.http_client.CONNECT_TIMEOUT", 0.3)
    outgoing = Outgoing(allow_private=False, resolve=lambda host, port: next(answers))
    with pytest.raises(Unreachable):
        outgoing.ask("GET", f"http://rebinding.example.com:{server.port}/")
    assert not server.asked
    assert next(answers) == ["127.0.0.1"]


def test_a_redirect_is_an_answer_and_not_followed(server: Server) -> None:
    with serving() as secret:
        server.status, server.headers = 302, {"Location": secret.url}
        assert Outgoing(allow_private=True).ask("GET", server.url).status == 302
        assert not secret.asked


def test_a_redirect_to_the_metadata_of_a_cloud_is_refused(server: Server) -> None:
    server.status, server.headers = 302, {"Location": METADATA}
    answer = Outgoing(allow_private=True).ask("GET", server.url)
    with pytest.raises(PermanentFailure, match="redirects are not followed"):
        check_status(answer, place="desk.example.com", cures={})


def test_proxies_of_the_environment_are_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert Outgoing(allow_private=True).ask("GET", server.url).is_success


def test_the_server_learns_the_name_under_which_it_was_meant(server: Server) -> None:
    outgoing = Outgoing(allow_private=True, resolve=lambda host, port: ["127.0.0.1"])
    outgoing.ask("POST", f"http://desk.example.com:{server.port}/in?a=1", headers={"X-One": "1"}, content=b"body")
    (asked,) = server.asked
    assert asked.headers["Host"] == f"desk.example.com:{server.port}"
    assert (asked.method, asked.path, asked.body, asked.headers["X-One"]) == ("POST", "/in?a=1", b"body", "1")


def test_the_next_address_of_a_name_is_tried_when_the_first_is_down(server: Server) -> None:
    outgoing = Outgoing(allow_private=True, resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    assert outgoing.ask("GET", f"http://desk.example.com:{server.port}/").is_success


def test_a_certificate_must_be_for_the_name(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "desk.example.com")
    outgoing = Outgoing(allow_private=True, ca_file=certificate, resolve=lambda host, port: ["127.0.0.1"])
    with serving(server_context(certificate)) as server:
        assert outgoing.ask("GET", f"https://desk.example.com:{server.port}/").is_success
        with pytest.raises(Unreachable, match="certificate"):
            outgoing.ask("GET", f"https://other.example.com:{server.port}/")
        assert len(server.asked) == 1


def test_a_certificate_of_nobody_known_is_refused(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "desk.example.com")
    outgoing = Outgoing(allow_private=True, resolve=lambda host, port: ["127.0.0.1"])
    with serving(server_context(certificate)) as server, pytest.raises(Unreachable, match="certificate"):
        outgoing.ask("GET", f"https://desk.example.com:{server.port}/")
    assert not server.asked


def test_a_large_answer_is_cut(server: Server) -> None:
    server.body = b"x" * (MAX_ANSWER_BYTES * 3)
    answer = Outgoing(allow_private=True).ask("GET", server.url)
    assert len(answer.body) == MAX_ANSWER_BYTES
    assert not answer.is_whole


def test_an_answer_that_breaks_off_keeps_its_status(server: Server) -> None:
    server.headers, server.body = {"Content-Length": "100"}, b"half"
    answer = Outgoing(allow_private=True).ask("GET", server.url)
    assert answer == Answer(status=200, body=b"half", is_whole=False)


def test_a_server_that_answers_too_slowly_is_given_up(server: Server) -> None:
    server.before = lambda handler: bool(time.sleep(1)) or True
    with pytest.raises(Unreachable, match=r"no answer in 0\.2 seconds"):
        Outgoing(allow_private=True, patience=0.2).ask("GET", server.url)


def test_a_server_that_sends_a_byte_now_and_then_is_given_up_too() -> None:
    answer, sent = b"HTTP/1.1 200 OK\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaa", bytearray()

    def drip(handler: object) -> bool:
        for byte in answer:
            handler.wfile.write(bytes([byte]))  # type: ignore[attr-defined]
            sent.append(byte)
            time.sleep(0.05)
        return False

    with serving() as server:
        server.before = drip
        with pytest.raises(Unreachable):
            Outgoing(allow_private=True, patience=0.3).ask("GET", server.url)
        assert len(sent) < len(answer)


def test_what_is_no_server_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
        Outgoing(allow_private=True).ask("GET", f"http://127.0.0.1:{port}/")


def test_a_server_that_hangs_up_is_unreachable(server: Server) -> None:
    server.before = lambda handler: False
    with pytest.raises(Unreachable):
        Outgoing(allow_private=True).ask("GET", server.url)


@pytest.mark.parametrize("host", ["nothing.invalid", "a" * 64 + ".example.com"])
def test_a_name_without_an_address_is_named(host: str) -> None:
    with pytest.raises(Unreachable, match=host):
        Outgoing(allow_private=True).ask("GET", f"https://{host}/")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, PermanentFailure) for status in (301, 304, 400, 401, 403, 404, 410, 413, 422)),
        *((status, TemporaryFailure) for status in (425, 429)),
        *((status, Unreachable) for status in (408, 500, 502, 503, 504)),
    ],
)  # fmt: skip
def test_a_status_says_what_to_do_next(status: int, error: type[Exception]) -> None:
    with pytest.raises(error, match=rf"desk: answered {status}"):
        check_status(Answer(status=status), place="desk", cures={})


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("120", 120), (" 7 ", 7), ("0", 0), ("99999999999999999999", 86_400), ("-5", 0), ("soon", 0), ("", 0),
        ("１２", 0),
        ("Fri, 20 Nov 2026 12:05:00 GMT", 300), ("Fri, 20 Nov 2026 11:00:00 GMT", 0),
        ("Fri, 20 Nov 2096 12:05:00 GMT", 86_400), ("Fri, 20 Nov 2026 12:05:00", 0),
    ],
)  # fmt: skip
def test_a_server_says_how_long_to_wait(written: str, seconds: int) -> None:
    assert read_wait(written, now=datetime(2026, 11, 20, 12, tzinfo=UTC)) == timedelta(seconds=seconds)


@pytest.mark.parametrize("status", [429, 503])
def test_how_long_to_wait_comes_with_the_error(server: Server, status: int) -> None:
    server.status, server.headers = status, {"Retry-After": "90"}
    with pytest.raises(DeliveryError) as caught:
        check_status(Outgoing(allow_private=True).ask("GET", server.url), place="desk", cures={})
    assert caught.value.wait == timedelta(seconds=90)


def test_what_a_server_says_of_an_error_is_quoted_on_one_short_line() -> None:
    body = b'{"message": "No\\nqueue \\u001b[31m' + b"x" * 1000 + b'"}'
    with pytest.raises(PermanentFailure) as caught:
        check_status(Answer(status=422, body=body), place="desk", cures={422: "Make one."})
    assert str(caught.value).startswith("desk: answered 422 (No queue  [31mxxx")
    assert str(caught.value).endswith("x). Make one.")
    assert len(str(caught.value)) < 300


def test_names_are_resolved_by_the_system() -> None:
    assert resolve_name("127.0.0.1", 80) == ["127.0.0.1"]


def make_certificate(folder: Path, name: str) -> Path:
    """Make a certificate and its key in one file."""
    path = folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", folder / "key.pem", "-out", path],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_text(path.read_text() + (folder / "key.pem").read_text())
    return path


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
