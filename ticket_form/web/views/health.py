"""The health check for monitors and load balancers, without details."""

from flask import Blueprint, Response

from ticket_form.web.services import current_services

health = Blueprint("health", __name__)


@health.get("/healthz")
def show_health() -> Response:
    """Respond with 200 if tickets can be stored and sent, else 503."""
    is_healthy = current_services().health.judge().is_healthy
    return Response("ok\n" if is_healthy else "failing\n", 200 if is_healthy else 503, mimetype="text/plain")
