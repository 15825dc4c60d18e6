"""Create the Flask application."""

from urllib.parse import urlsplit

from flask import Flask, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from ticket_form.settings import Settings
from ticket_form.tickets.uploads import FileLimits
from ticket_form.web.multipart import PostRequest
from ticket_form.web.request_log import watch_requests
from ticket_form.web.security_headers import add_headers
from ticket_form.web.services import EXTENSION, Services, current_services, open_services
from ticket_form.web.views.desk import desk
from ticket_form.web.views.failures import register_failures
from ticket_form.web.views.form import form
from ticket_form.web.views.health import health
from ticket_form.web.views.portal import portal
from ticket_form.web.views.search import search
from ticket_form.web.views.status import status

MAX_TEXT_BYTES = 256 * 1024  # bytes of all texts of a post
LARGE_POST_BYTES = 1024 * 1024  # bytes of a post, from which its files count as large
MAX_PARTS = 200


def create_app(settings: Settings) -> Flask:
    """Create the WSGI app; raise all configuration problems together."""
    return create_app_in(open_services(settings))


def create_app_in(services: Services) -> Flask:
    """Create the WSGI app for open services."""
    app = Flask("ticket_form.web", static_url_path="/ticket/static")
    app.config.update(
        MAX_CONTENT_LENGTH=largest_post(services.settings.files),
        MAX_FORM_MEMORY_SIZE=MAX_TEXT_BYTES,
        MAX_FORM_PARTS=MAX_PARTS,
    )
    app.extensions[EXTENSION] = services
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for blueprint in (form, status, search, desk, health, portal):
        app.register_blueprint(blueprint)
    watch_requests(app, services.observers)
    app.request_class = PostRequest
    app.before_request(limit_text)
    app.before_request(acquire_large_post_slot)
    app.teardown_request(release_large_post_slot)
    register_failures(app)
    app.after_request(add_headers)
    base_url, proxies = services.settings.base_url, services.settings.proxies
    if base_url:
        app.config["TRUSTED_HOSTS"] = [urlsplit(base_url).hostname]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app


def largest_post(limits: FileLimits) -> int:
    """Return the maximum bytes of a post: twice the limit of files, so that an oversized form still keeps its text."""
    return 2 * limits.total + MAX_TEXT_BYTES


def limit_text() -> None:
    """Limit the size of posts without files, which are read into memory."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = MAX_TEXT_BYTES


def acquire_large_post_slot() -> None:
    """Wait for a slot for a large post, so that only a few are in memory at once; small posts do not wait."""
    if (request.content_length or 0) >= LARGE_POST_BYTES:
        room = current_services().file_room
        room.acquire()
        g.room = room


def release_large_post_slot(_error: BaseException | None) -> None:
    """Release the slot of a large post."""
    if "room" in g:
        g.pop("room").release()
