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

LARGEST_TEXT = 256 * 1024
LARGE = 1024 * 1024  # bytes of a post, with its files
MOST_PARTS = 200


def create_app(settings: Settings) -> Flask:
    """Make the WSGI app; raise all problems of the configuration together."""
    return create_app_in(open_services(settings))


def create_app_in(services: Services) -> Flask:
    """Make the WSGI app of an open house."""
    app = Flask("ticket_form.web", static_url_path="/ticket/static")
    app.config.update(
        MAX_CONTENT_LENGTH=largest_post(services.settings.files),
        MAX_FORM_MEMORY_SIZE=LARGEST_TEXT,
        MAX_FORM_PARTS=MOST_PARTS,
    )
    app.extensions[EXTENSION] = services
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for blueprint in (form, status, search, desk, health, portal):
        app.register_blueprint(blueprint)
    watch_requests(app, services.observers)
    app.request_class = PostRequest
    app.before_request(limit_text)
    app.before_request(take_room)
    app.teardown_request(leave_room)
    register_failures(app)
    app.after_request(add_headers)
    base_url, proxies = services.settings.base_url, services.settings.proxies
    if base_url:
        app.config["TRUSTED_HOSTS"] = [urlsplit(base_url).hostname]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app


def largest_post(limits: FileLimits) -> int:
    """Return how many bytes are read of a post: files twice too large, so that the form can show the text again."""
    return 2 * limits.total + LARGEST_TEXT


def limit_text() -> None:
    """Take the room for files from posts that cannot have any: they are read into memory."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = LARGEST_TEXT


def take_room() -> None:
    """Let only a few large posts at a time be in memory; others do not wait for them."""
    if (request.content_length or 0) >= LARGE:
        room = current_services().file_room
        room.acquire()
        g.room = room


def leave_room(_error: BaseException | None) -> None:
    """Let the next large post in."""
    if "room" in g:
        g.pop("room").release()
