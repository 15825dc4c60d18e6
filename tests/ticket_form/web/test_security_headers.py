"""Headers, cookies, hosts, proxies and methods, on every route."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from ticket_form.secrets.signed_receipts import Receipt, sign_receipt
from ticket_form.secrets.signing import hash_secret
from ticket_form.storage.ticket_store import accept, list_attachments
from ticket_form.tickets.routing import Queue, Route
from ticket_form.tickets.ticket import Attachment, TicketDraft
from ticket_form.tickets.trail import Trail
from ticket_form.web.services import EXTENSION

MakeApp = Callable[..., Flask]
STRICT = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KEY = "the key of the agents"
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "BREW")
REFERENCE, SECRET = "AD-0000-0000-00", "the-secret-of-a-status-page"
CLAIMS: tuple[dict[str, str], ...] = (
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "81"},
    {"X-Forwarded-Prefix": "/evil.example"},
    {"X-Forwarded-Server": "evil.example"},
    {"X-Host": "evil.example"},
    {"X-HTTP-Host-Override": "evil.example"},
    {"X-Original-Host": "evil.example"},
    {"X-Original-URL": "/evil.example"},
    {"X-Rewrite-URL": "/evil.example"},
    {"Forwarded": "for=1.2.3.4;host=evil.example;proto=https"},
    {"Host": "evil.example"},
)
FOREIGN_HOSTS = (
    "evil.example",
    "help.example.com.evil.example",
    "evil.example:443",
    "help.example.com@evil.example",
    "",
    "a b",
    "[::1",
    "\u212belp",
)
NAMES = ("X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Auth-Request-User", "Authorization")
ELSEWHERE = (
    "//evil.example",
    "\\evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https://evil.example/x",
    "%2f%2fevil",
)


@dataclass(frozen=True)
class Known:
    """An app with a ticket, and the values that its addresses take."""

    app: Flask
    values: dict[str, str | int]

    def addresses(self) -> Iterator[tuple[Rule, str]]:
        """Write an address for each route."""
        adapter = self.app.url_map.bind("localhost")
        for rule in self.app.url_map.iter_rules():
            values = {name: self.values[name] for name in rule.arguments}
            method = next(iter((rule.methods or set()) - {"OPTIONS", "HEAD"}))
            yield rule, adapter.build(rule.endpoint, values, method=method)


@pytest.fixture
def known(app: Flask, agent: FlaskClient) -> Known:
    """Make an app with a ticket that has a file."""
    return _fill(app)


@pytest.fixture
def agent(app: Flask) -> FlaskClient:
    """Visit the app as one of the team."""
    client = app.test_client()
    client.get("/queue", query_string={"key": KEY})
    return client


def assert_protected(answer: TestResponse) -> None:
    """Prove that an answer has what every answer must have."""
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    policy = headers["Content-Security-Policy"]
    assert policy.startswith(STRICT) or policy == "default-src 'none'; sandbox"
    assert "unsafe" not in policy
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert headers["Cache-Control"]
    assert len(headers.getlist("Content-Security-Policy")) == len(headers.getlist("Cache-Control")) == 1
    assert "Server" not in headers
    assert "X-Powered-By" not in headers
    assert not [name for name in headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118 - has twins


def test_every_route_protects_itself_by_every_method(known: Known, agent: FlaskClient) -> None:
    for method in METHODS:
        for client in (known.app.test_client(), agent):
            for _, address in known.addresses():
                answer = client.open(address, method=method)
                assert_protected(answer)
                assert answer.status_code < 500, (method, address)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW", "X" * 5000, "<SCRIPT>"])
def test_a_method_that_nothing_needs_is_refused(known: Known, method: str) -> None:
    client = known.app.test_client()
    for _, address in known.addresses():
        answer = client.open(address, method=method)
        assert answer.status_code == 405, address
        assert set(answer.headers["Allow"].split(", ")) <= {"GET", "HEAD", "POST", "OPTIONS"}
        assert method not in answer.text


FAILURES = (
    ("POST", "/ticket", 422),
    ("POST", "/ticket?huge", 413),
    ("GET", "/ticket/received/forged", 404),
    ("GET", "/ticket/status/forged", 404),
    ("GET", "/ticket/static/none.css", 404),
    ("GET", "/ticket/static/../../settings.py", 404),
    ("GET", "/search?lang=tr&q=x", 503),
    ("GET", "/queue", 404),
    ("GET", "/queue?key=the+key+of+the+agents", 303),
    ("GET", "/ko/account/forgot-password", 301),
    ("GET", "/ko/none", 404),
    ("GET", "/%00", 404),
    ("GET", "/" + "x" * 5000, 404),
    ("GET", "/search?q=broken", 500),
)


@pytest.mark.parametrize(("method", "path", "status"), FAILURES)
def test_whatever_fails_protects_itself_too(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, method: str, path: str, status: int
) -> None:
    if status == 500:
        monkeypatch.setattr("ticket_form.web.views.search._search", lambda *_: 1 / 0)
    claimed = {"CONTENT_LENGTH": str(10**9), "CONTENT_TYPE": "multipart/form-data; boundary=x"} if status == 413 else {}
    answer = client.open(path, method=method, environ_overrides=claimed)
    assert answer.status_code == status
    assert_protected(answer)
    assert "Traceback" not in answer.text
    assert "ZeroDivision" not in answer.text


def test_nothing_but_the_portal_is_kept_found_by_searches_or_names_where_a_visitor_was(
    known: Known, agent: FlaskClient
) -> None:
    checked = 0
    for rule, address in known.addresses():
        if rule.endpoint.startswith(("portal.", "static")):
            continue
        headers = agent.open(address, method="POST" if "POST" in (rule.methods or ()) else "GET").headers
        assert headers["Cache-Control"] == "no-store", address
        assert headers["Referrer-Policy"] == "no-referrer", address
        assert headers["X-Robots-Tag"] == "noindex", address
        checked += 1
    assert checked >= 10


def test_a_visitors_file_is_downloaded_and_never_shown(known: Known, agent: FlaskClient) -> None:
    answer = agent.get(f"/queue/{REFERENCE}/files/{known.values['file']}")
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "evil.html" in answer.headers["Content-Disposition"]


def test_the_portal_may_run_its_search_worker(client: FlaskClient) -> None:
    headers = client.get("/ko/").headers
    assert headers["Content-Security-Policy"] == f"{STRICT}; worker-src 'self'; font-src 'self'; manifest-src 'self'"
    assert headers["Referrer-Policy"] == "same-origin"


def test_tls_is_asked_for_again_where_it_was_used_and_only_there(known: Known) -> None:
    client = known.app.test_client()
    for _, address in known.addresses():
        wanted = "max-age=31536000; includeSubDomains"
        assert client.get(address, base_url="https://localhost").headers["Strict-Transport-Security"] == wanted
        assert "Strict-Transport-Security" not in client.get(address).headers


def test_templates_need_nothing_inline(known: Known, agent: FlaskClient) -> None:
    pages = [agent.get(address) for _, address in known.addresses()] + [agent.post("/ticket"), agent.get("/ticket?q=x")]
    for page in pages:
        if page.mimetype == "text/html":
            assert "style=" not in page.text
            assert "<style" not in page.text
            assert not re.findall(r"<[^>]*\son\w+=", page.text)
            assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", page.text))


# Cookies


def test_visitors_get_no_cookies(known: Known) -> None:
    client = known.app.test_client()
    for method in ("GET", "POST"):
        for _, address in known.addresses():
            assert "Set-Cookie" not in client.open(address, method=method).headers, address


@pytest.mark.parametrize(("base", "is_secure"), [("http://localhost", False), ("https://localhost", True)])
def test_the_cookie_of_the_desk_stays_with_the_desk(client: FlaskClient, base: str, is_secure: bool) -> None:
    (cookie,) = client.get("/queue", query_string={"key": KEY}, base_url=base).headers.getlist("Set-Cookie")
    value, *attributes = cookie.split("; ")
    assert KEY not in value
    assert len(value) >= 43
    wanted = {"HttpOnly", "Path=/queue", "SameSite=Lax"} | ({"Secure"} if is_secure else set())
    assert set(attributes) == wanted


# Hosts, proxies, and other claims of strangers


@pytest.mark.parametrize("base_url", [None, "https://help.example.com"])
def test_no_page_leads_where_a_stranger_says(make_app: MakeApp, base_url: str | None) -> None:
    known = _fill(make_app(base_url=base_url))
    client = known.app.test_client()
    for claim in CLAIMS:
        for _, address in known.addresses():
            answer = client.get(address, headers={"Host": urlsplit(base_url or "http://localhost").netloc} | claim)
            assert "evil.example" not in answer.text
            assert "evil.example" not in str(answer.headers)
            assert (answer.status_code == 400) == (base_url is not None and "Host" in claim), (claim, address)


def test_a_foreign_host_is_refused_once_the_address_is_known(make_app: MakeApp) -> None:
    client = make_app(base_url="https://help.example.com").test_client()
    assert client.get("/ticket", headers={"Host": "help.example.com"}).status_code == 200
    for host in FOREIGN_HOSTS:
        refused = client.get("/ticket", headers={"Host": host})
        assert refused.status_code == 400, host
        assert "evil.example" not in refused.text
        assert_protected(refused)


def test_the_receipt_of_a_ticket_is_on_our_own_site(make_app: MakeApp, form_fields: dict[str, str]) -> None:
    client = make_app().test_client()
    answer = client.post("/ticket", data=form_fields, headers={"X-Forwarded-Host": "evil.example"})
    assert re.fullmatch(r"/ticket/received/[\w.-]+", answer.location)
    assert "evil.example" not in client.get(answer.location, headers={"X-Forwarded-Host": "evil.example"}).text


def test_forwarded_headers_count_only_from_configured_proxies(make_app: MakeApp) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "help.example.com", "X-Forwarded-For": "1.2.3.4"}
    direct = make_app().test_client().get("/ticket", headers=forwarded)
    proxied = make_app(proxies=1).test_client().get("/ticket", headers=forwarded)
    assert "Strict-Transport-Security" not in direct.headers
    assert "Strict-Transport-Security" in proxied.headers


def test_nobody_is_let_in_for_a_header(known: Known) -> None:
    client = known.app.test_client()
    for rule, address in known.addresses():
        if not rule.endpoint.startswith("desk."):
            continue
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        for name in NAMES:
            for value in ("admin", KEY, f"Bearer {KEY}"):
                assert client.open(address, method=method, headers={name: value}).status_code == 404, (name, address)


def test_no_parameter_leads_to_another_site(known: Known, agent: FlaskClient) -> None:
    names = ("next", "return", "return_to", "url", "redirect", "continue", "lang", "back", "q", "path")
    addresses = [address for _, address in known.addresses()]
    for target in ELSEWHERE:
        parameters = dict.fromkeys(names, target)
        for path in (*addresses, f"/{target}", f"/ko/{target}", f"/ko/account/forgot-password{target}"):
            location = agent.get(path, query_string=parameters).headers.get("Location", "/")
            assert urlsplit(location).netloc in ("", "localhost"), location
            assert not location.startswith(("//", "/\\", "\\")), location
        assert agent.get("/queue", query_string={"key": KEY, **parameters}).location == "/queue"


@pytest.fixture
def form_fields(form_key: str) -> dict[str, str]:
    """Fill in a form."""
    return {
        "lang": "en",
        "form_key": form_key,
        "category": "network",
        "subject": "VPN drops",
        "description": "It worked yesterday.",
        "email": "kim@example.com",
    }


def _fill(app: Flask) -> Known:
    """Store a ticket with a file, and say what leads to it."""
    services = app.extensions[EXTENSION]
    accept(
        services.database,
        TicketDraft(
            language="en",
            category="network",
            subject="VPN",
            description="It drops.",
            email="kim@example.com",
            name="Kim",
            trail=Trail(),
            attachments=(
                Attachment(name="evil.html", media_type="text/html", size=8, sha256="0" * 64, content=b"<script>"),
            ),
        ),
        destination=Route(queue=Queue(id="network", names={}, level="L1")),
        reference=REFERENCE,
        form_key="k",
        secret_hash=hash_secret(SECRET),
        now=datetime.now(UTC),
    )
    receipt = Receipt(reference=REFERENCE, language="en", secret=SECRET)
    values: dict[str, str | int] = {
        "filename": "form.css",
        "token": sign_receipt(receipt, key=services.settings.secret_key),
        "secret": SECRET,
        "reference": REFERENCE,
        "file": list_attachments(services.database, REFERENCE)[0].id,
        "path": "ko/",
    }
    return Known(app=app, values=values)
