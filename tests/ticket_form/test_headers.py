"""Headers of every response."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

STRICT = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGES = (
    ("GET", "/ticket", 200),
    ("POST", "/ticket", 422),
    ("GET", "/ticket/received/forged", 404),
    ("GET", "/ticket/static/form.css", 200),
    ("GET", "/ticket/static/none.css", 404),
    ("GET", "/search?lang=en&q=password", 200),
    ("GET", "/search?lang=tr&q=x", 503),
    ("GET", "/queue", 404),
    ("GET", "/queue?key=the+key+of+the+agents", 303),
    ("PUT", "/ticket", 405),
    ("POST", "/search", 405),
    ("GET", "/", 200),
    ("GET", "/ko/account/forgot-password", 301),
    ("GET", "/ko/none", 404),
    ("POST", "/ko/", 405),
    ("TRACE", "/ko/", 405),
    ("HEAD", "/ticket", 200),
)


@pytest.mark.parametrize(("method", "path", "status"), PAGES)
def test_every_response_protects_itself(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    headers = answer.headers
    assert answer.status_code == status
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Content-Security-Policy"].startswith(STRICT)
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", ["/ticket", "/search?q=x", "/queue", "/ticket/received/x"])
def test_form_and_desk_are_never_kept_and_never_name_where_a_visitor_was(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == STRICT
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_the_portal_may_run_its_search_worker(client: FlaskClient) -> None:
    headers = client.get("/ko/").headers
    assert headers["Content-Security-Policy"] == f"{STRICT}; worker-src 'self'; font-src 'self'; manifest-src 'self'"
    assert headers["Referrer-Policy"] == "same-origin"


def test_tls_is_asked_for_again_where_it_was_used(client: FlaskClient) -> None:
    answer = client.get("/ticket", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_templates_need_nothing_inline(client: FlaskClient) -> None:
    for path in ("/ticket?q=x", "/search?q=password", "/ticket/received/x"):
        page = client.get(path).text
        assert "style=" not in page
        assert "<style" not in page
        assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_forwarded_headers_count_only_from_configured_proxies(make_app: Callable[..., Flask]) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "help.example.com", "X-Forwarded-For": "1.2.3.4"}
    direct = make_app().test_client().get("/ticket", headers=forwarded)
    proxied = make_app(proxies=1).test_client().get("/ticket", headers=forwarded)
    assert "Strict-Transport-Security" not in direct.headers
    assert "Strict-Transport-Security" in proxied.headers


def test_a_foreign_host_is_refused_once_the_address_is_known(make_app: Callable[..., Flask]) -> None:
    client = make_app(base_url="https://help.example.com").test_client()
    assert client.get("/ticket", headers={"Host": "help.example.com"}).status_code == 200
    refused = client.get("/ticket", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert "evil.example" not in refused.text
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
