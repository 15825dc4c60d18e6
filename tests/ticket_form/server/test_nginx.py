"""The documented nginx, for real: what it sends is what our own server sends."""

import http.client
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from http_server import serving
from nginx import EXAMPLES, Nginx, running_nginx
from servers import Certificates

from ticket_form.portal.media_types import MEDIA_TYPES
from ticket_form.server.signals import Stopping
from ticket_form.server.waitress_server import listen, serve

OWN = {  # each program's own, or of one connection alone
    "accept-ranges", "connection", "content-encoding", "content-length", "date", "etag", "last-modified", "server",
    "vary", "x-request-id", "content-disposition", "transfer-encoding", "keep-alive",
}  # fmt: skip
Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def behind(app: Flask) -> Iterator[int]:
    """Serve an app that has a proxy in front."""
    stopping, is_open = Stopping(), threading.Event()
    (listener,) = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    options: dict[str, Any] = {"listener": listener, "ready": is_open.set}
    thread = threading.Thread(target=serve, args=(app, stopping), kwargs=options)
    thread.start()
    try:
        assert is_open.wait(10)
        yield port
    finally:
        stopping.note(0, None)
        thread.join(15)


@pytest.fixture
def nginx(make_app: Callable[..., Flask], site: Path, tmp_path: Path, certificates: Certificates) -> Iterator[Nginx]:
    """Run the example before the form."""
    app = make_app(proxies=1, base_url="https://localhost")
    with behind(app) as port, running_nginx(tmp_path / "nginx", site, port, certificates) as nginx:
        yield nginx


def ask(
    nginx: Nginx, path: str, *, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None,
    direct: bool = False,
) -> Answer:  # fmt: skip
    """Ask nginx for a path as it is written, or ask the server behind it as nginx would."""
    trust = ssl.create_default_context(cafile=str(nginx.certificates.authority))
    connection: http.client.HTTPConnection
    if direct:
        connection = http.client.HTTPConnection("127.0.0.1", nginx.backend, timeout=30)
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1", **(headers or {})}
    else:
        connection = http.client.HTTPSConnection("localhost", nginx.port, context=trust, timeout=30)
    try:
        connection.request(method, path, body, {"Host": "localhost", **(headers or {})})
        answer = connection.getresponse()
        found: dict[str, str] = {}
        for name, value in answer.getheaders():
            # Of a range beyond the end nginx says everything twice, and no browser asks for one.
            assert name.lower() not in found or answer.status == 416, f"{path}: {name} twice"
            found[name.lower()] = value
        return answer.status, found, answer.read()
    finally:
        connection.close()


def common(answer: Answer) -> Answer:
    """Leave out what each program may say in its own way."""
    status, headers, body = answer
    kept = {name: value for name, value in headers.items() if name not in OWN}
    kept["location"] = kept.get("location", "").removeprefix("https://localhost")
    return (status, {}, b"") if status == 416 else (status, kept, b"" if status == 304 else body)


def fill(site: Path) -> None:
    """Put files into the site as portals have them, and some that no portal should show."""
    files = ["ko/search/0123456789abcdef.bin", "ko/search/manifest.json", "ko/0123456789abcdef.bin", ".git/config"]
    files += ["ko/.building/index.html", "ko/.hidden", "ko/folder/page.txt", "ko/한글 이름.html", "ko/a+b%.txt"]
    files += [f"files/name.{extension}" for extension in (*MEDIA_TYPES, "PNG", "unknown", "tar.gz", "xml.gz")]
    files += ["files/none", "feed.xml", "sitemap.xml", "robots.txt", ".well-known/security.txt"]
    for name in files:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(f"<p>{name} ö</p>\n" * 100, "utf-8")
    (site / "ko/within.txt").symlink_to(site / "robots.txt")


PATHS = [
    "/", "/ko/", "/ko", "/ko?q=1", "/ko/index.html", "/ko/index.html/", "/ko/account/forgot-password?q=%EC%95%94&x=1",
    "/ko/account/forgot-password/", "/ko/folder", "/ko/folder/", "/ko/folder/page.txt",
    "/ko/assets/3fa9c1d2/portal.css",
    "/ko/search/0123456789abcdef.bin", "/ko/search/manifest.json", "/ko/0123456789abcdef.bin", "/portal.json",
    "/none", "/ko/none/", "/ar/none.css", "/tr/none?x=1", "/kor/", "/zh-Hans/none", "/files", "/files/", "/files/none",
    "/.git/config", "/.git", "/.git/", "/ko/.building/", "/ko/.hidden", "/.well-known/security.txt", "/ko/%2ehidden",
    "/ko/%ED%95%9C%EA%B8%80%20%EC%9D%B4%EB%A6%84.html", "/ko/a+b%25.txt", "/ko/within.txt", "/ko/" + "x" * 300,
    "/..%5csecret.txt", "/%ff%fe", "//evil.example/",
    "/ko//account/", "/%5Cevil.example", "/feed.xml", "/sitemap.xml", "/robots.txt", "/ticket?lang=ko", "/ticketx",
    "/ticket/nothing", "/search?lang=ko&q=x", "/queue", "/queue/", "/ticket/static/none.css", "/healthz", "/healthz/",
]  # fmt: skip


def test_nginx_sends_the_same_as_our_own_server(nginx: Nginx, site: Path) -> None:
    fill(site)
    asked: list[tuple[str, str, dict[str, str]]] = [("GET", path, {}) for path in PATHS]
    asked += [("GET", f"/files/{path.name}", {}) for path in (site / "files").iterdir()]
    asked += [(method, path, {}) for method in ("POST", "PUT", "DELETE", "HEAD") for path in ("/ko/", "/none", "/ko")]
    asked += [("GET", "/ko/", {"Range": value}) for value in ("bytes=0-3", "bytes=-2", "bytes=9999-")]
    asked += [("GET", "/none", {"Accept-Language": "tr"}), ("POST", "/ko/", {"Accept-Language": "ar"})]
    different = {}
    for method, path, headers in asked:
        expected, found = (
            _same(ask(nginx, path, method=method, headers=headers, direct=is_direct)) for is_direct in (True, False)
        )
        if expected != found:
            different[method, path] = (expected, found)
    assert different == {}


def _same(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    status, headers, body = common(answer)
    # A page of the form has another key each time.
    return status, headers, b"" if b'name="form_key"' in body else body


def test_links_that_leave_the_site_are_not_followed(nginx: Nginx, site: Path) -> None:
    (site / "ko/outside.txt").symlink_to(site.parent / "secret.txt")
    (site / "ko/outside").symlink_to(site.parent)
    for path in (
        "/ko/outside.txt",
        "/ko/outside/secret.txt",
        "/ko/../../secret.txt",
        "/../secret.txt",
        "/ko/%00",
        "/ko/%2e%2e/%2e%2e/secret.txt",
        "/ko/..%2f..%2fsecret.txt",
    ):
        status, _, body = ask(nginx, path)
        assert status in (400, 404), path
        assert b"outside the site" not in body


def test_what_nginx_refuses_by_itself_has_the_security_headers_too(nginx: Nginx) -> None:
    status, headers, _ = ask(nginx, "/../x")
    assert status == 400
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["strict-transport-security"]
    assert "/" not in headers["server"]


def test_an_unchanged_page_is_not_sent_again_and_text_is_compressed(nginx: Nginx, site: Path) -> None:
    fill(site)
    _, headers, _ = ask(nginx, "/ko/")
    status, again, body = ask(nginx, "/ko/", headers={"If-None-Match": headers["etag"]})
    assert (status, body, again["cache-control"]) == (304, b"", "no-cache")
    assert ask(nginx, "/files/name.svg", headers={"Accept-Encoding": "gzip"})[1]["content-encoding"] == "gzip"
    for path in ("/ko/search/0123456789abcdef.bin", "/ticket"):  # the first is compressed, the second has secrets
        assert "content-encoding" not in ask(nginx, path, headers={"Accept-Encoding": "gzip"})[1]


def test_plain_addresses_lead_to_the_same_place_by_https(nginx: Nginx) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", nginx.plain_port, timeout=10)
    connection.request("GET", "/ko/?q=1", headers={"Host": "evil.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Location")) == (301, "https://help.example.com/ko/?q=1")
    connection.close()


@pytest.mark.parametrize(
    ("length", "sent"),
    [
        (f"Content-Length: {49 * 2**20}", bytes(49 * 2**20)),
        (f"Content-Length: {99 * 2**30}", bytes(2**20)),
        ("Transfer-Encoding: chunked", b"3200000\r\n" + bytes(0x3200000) + b"\r\n0\r\n\r\n"),
    ],
)
def test_what_is_far_too_large_gets_our_page_in_the_visitors_language(nginx: Nginx, length: str, sent: bytes) -> None:
    trust = ssl.create_default_context(cafile=str(nginx.certificates.authority))
    head = (
        f"POST /ticket?lang=ko HTTP/1.1\r\nHost: localhost\r\n{length}\r\nAccept-Language: tr\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    with (
        socket.create_connection(("127.0.0.1", nginx.port), timeout=30) as plain,
        trust.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.sendall(head.encode())
        with suppress(OSError):
            connection.sendall(sent)
        with http.client.HTTPResponse(connection) as answer:
            answer.begin()
            page = answer.read().decode()
            assert answer.status == 413
            assert len(answer.headers.get_all("Content-Security-Policy") or ()) == 1
    assert "<main" in page
    assert re.search(r'<html[^>]* lang="ko"', page)


def test_five_megabytes_reach_the_form(nginx: Nginx) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n' + b"a" * 5_000_000
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    status, _, page = ask(nginx, "/ticket?lang=en", method="POST", headers=headers, body=body + b"\r\n--x--\r\n")
    assert status in (400, 422)  # there is a file and nothing else
    assert b'id="summary"' in page


def test_what_visitors_claim_to_be_is_not_passed_on(site: Path, tmp_path: Path, certificates: Certificates) -> None:
    forged = {
        name: "203.0.113.9" for name in ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded")
    }
    forged |= {"X-Forwarded-Proto": "http", "X-Forwarded-Port": "1"}
    with serving() as form, running_nginx(tmp_path / "nginx", site, form.port, certificates) as nginx:
        for path in ("/ticket", "/none", "/.x", "/healthz", "/search", "/queue"):
            ask(nginx, path, headers=forged)
        assert len(form.asked) == 6
        for asked in form.asked:
            given = {name.lower(): value for name, value in asked.headers.items()}
            assert given["x-forwarded-for"] == "127.0.0.1"
            assert given["x-forwarded-host"] == given["host"] == "localhost"
            assert given["x-forwarded-proto"] == "https"
            assert "203.0.113.9" not in given.values()


def test_no_secret_of_an_address_is_logged(nginx: Nginx) -> None:
    secret = "wq7vXsecretQk"
    for path in ("/ticket/status/", "/ticket/received/", "/queue?key=", "/search?q=", "/ko/?q=", "/none?q="):
        ask(nginx, path + secret, headers={"Referer": f"https://localhost/ticket/status/{secret}"})
    assert "GET /ko/" in nginx.logs()
    assert secret not in nginx.logs()


def test_while_the_form_is_away_pages_are_there_and_forms_say_so(
    site: Path, tmp_path: Path, certificates: Certificates
) -> None:
    with serving() as away:
        port = away.port
    with running_nginx(tmp_path / "nginx", site, port, certificates) as nginx:
        assert b"home ko" in ask(nginx, "/ko/")[2]
        status, headers, body = ask(nginx, "/ticket")
    assert status == 502
    assert body == (EXAMPLES / "unavailable.html").read_bytes()
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_one_address_has_so_many_forms_at_once_and_no_more(
    site: Path, tmp_path: Path, certificates: Certificates
) -> None:
    go, waiting = threading.Event(), threading.Semaphore(0)

    def hold(_handler: object) -> bool:
        waiting.release()
        return go.wait(20)

    changes = {"limit_conn answerdesk 100;": "limit_conn answerdesk 2;"}
    with serving() as form, running_nginx(tmp_path / "nginx", site, form.port, certificates, **changes) as nginx:
        form.before = hold
        threads = [threading.Thread(target=ask, args=(nginx, "/ticket")) for _ in range(2)]
        for thread in threads:
            thread.start()
        assert all(waiting.acquire(timeout=20) for _ in threads)
        try:
            status, _, body = ask(nginx, "/ticket")
            assert ask(nginx, "/ko/")[0] == 200  # pages are for everybody
        finally:
            go.set()
            for thread in threads:
                thread.join()
    assert status == 429
    assert 'lang="ar"' in body.decode()


def test_who_is_slow_with_the_head_or_stops_in_the_body_is_let_go(
    site: Path, tmp_path: Path, certificates: Certificates
) -> None:
    changes = {
        "client_header_timeout 20s;": "client_header_timeout 1s;",
        "client_body_timeout 30s;": "client_body_timeout 1s;",
    }
    trust = ssl.create_default_context(cafile=str(certificates.authority))
    with serving() as form, running_nginx(tmp_path / "nginx", site, form.port, certificates, **changes) as nginx:
        for begun in ("GET /ko/ HT", "POST /ticket HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc"):
            with (
                socket.create_connection(("127.0.0.1", nginx.port), timeout=30) as plain,
                trust.wrap_socket(plain, server_hostname="localhost") as connection,
            ):
                connection.sendall(begun.encode())
                with suppress(ConnectionResetError):
                    while connection.recv(4096):
                        pass
        assert form.asked == []


def test_the_example_has_the_types_of_our_own_server() -> None:
    lines = (EXAMPLES / "nginx.conf").read_text("utf-8").partition("types {")[2].partition("}")[0].split(";")
    table = {
        extension: kind
        for kind, *extensions in (line.split() for line in lines if line.split())
        for extension in extensions
    }
    assert table == MEDIA_TYPES
