"""Log requests: assign ids, measure durations, and name the route but never the path, which may be secret."""

import logging
import secrets
import time
from collections.abc import Callable

from flask import Flask, Response, g, request

from ticket_form.logs import event, request_id

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH")
OTHER = "other"
Observe = Callable[[str, str, int, float], None]
"""A callback with method, route, status and duration in seconds of a request."""

log = logging.getLogger(__name__)


def watch_requests(app: Flask, observers: list[Observe]) -> None:
    """Log every request of an app and call the observers; the list may grow later."""

    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = secrets.token_hex(8)
        request_id.set(g.request_id)

    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        method = request.method if request.method in METHODS else OTHER  # clients can invent methods
        route = request.url_rule.rule if request.url_rule else OTHER
        told, extra = event(
            "request", method=method, route=route, status=response.status_code, milliseconds=round(seconds * 1000, 1)
        )
        log.info(told, extra=extra)
        for observe in observers:
            observe(method, route, response.status_code, seconds)
        response.headers["X-Request-Id"] = g.get("request_id", "")
        return response

    def forget(_error: BaseException | None) -> None:
        request_id.set("")

    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(forget)
    # Flask's own handler logs the path, which may be secret.
    app.log_exception = _log_exception  # type: ignore[method-assign]


def _log_exception(exc_info: object) -> None:
    route = request.url_rule.rule if request.url_rule else OTHER
    log.error("a page failed: %s", route, exc_info=exc_info)  # type: ignore[arg-type]
