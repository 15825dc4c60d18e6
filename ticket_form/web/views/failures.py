"""Error pages, which say what to do and nothing about the system."""

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from ticket_form.errors import StorageUnavailable
from ticket_form.web.security_headers import add_headers
from ticket_form.web.views.page import links_to_portal, page_language, render_page

EXPLAINED = (400, 404, 405, 413, 500, 503)


def register_failures(app: Flask) -> None:
    """Register error pages for all HTTP errors and storage failures."""
    app.register_error_handler(HTTPException, show_failure)
    app.register_error_handler(StorageUnavailable, show_storage_failure)


def show_failure(failure: HTTPException) -> Response:
    """Show the page of an HTTP error."""
    code = failure.code or 500
    response = _show(code)
    response.headers.extend((name, value) for name, value in failure.get_headers() if name in ("Allow", "Retry-After"))
    return response


def show_storage_failure(failure: StorageUnavailable) -> Response:
    """Show the page for an unavailable database."""
    current_app.logger.error("tickets cannot be read: %s", failure)
    return _show(503)


def render_failure(app: Flask, code: int, *, query: str, language: str) -> Response:
    """Return the page for a request that the server refuses before the app; `language` is its Accept-Language."""
    hosts = app.config["TRUSTED_HOSTS"] or ["localhost"]
    with app.test_request_context(
        "/", query_string=query, base_url=f"http://{hosts[0]}", headers={"Accept-Language": language}
    ):
        return add_headers(_show(code))


def _show(code: int) -> Response:
    language = page_language(request.path.split("/")[1])
    explained = code if code in EXPLAINED else 400 if code < 500 else 500
    return render_page("failure.html", language, status=code, links=links_to_portal(language), code=explained)
