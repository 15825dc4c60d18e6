"""Serve the files of the built portal."""

import os
import re
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, abort, make_response, redirect, request, send_file
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from ticket_form.portal.media_types import media_type
from ticket_form.web.services import current_services

# Files whose names contain a hash of their content never change.
_HASHED = re.compile(r"(^|/)(assets/[0-9a-f]{8,}/.+|search/((terms|texts)/[0-9a-f]{16}/\d+|[0-9a-f]{16})\.bin)$")
_FOREVER = "public, max-age=31536000, immutable"

portal = Blueprint("portal", __name__)


@portal.get("/")
@portal.get("/<path:path>")
def show_file(path: str = "") -> AnyResponse:
    """Send a file of the site, or the index page of a folder."""
    root = current_services().site.root
    found = _find(root, path)
    if found is None:
        return _not_found(root, path)
    if found.is_dir():
        return redirect(_with_slash(path), 301)
    response = send_file(found, mimetype=media_type(found.name), conditional=True)
    response.headers["Cache-Control"] = _FOREVER if _HASHED.search(path) else "no-cache"
    return response


def _find(root: Path, path: str) -> Path | None:
    """Return the file for a path, the folder if its trailing slash is missing, or None."""
    joined = safe_join(str(root), path)
    # Names that begin with a dot belong to the build, such as a language in progress.
    if joined is None or "\0" in path or any(name.startswith(".") for name in path.split("/")):
        return None
    target = Path(joined)
    index = target / "index.html"
    # os.path, not Path, which raises for names that are too long.
    if _is_own_file(index, root):
        return index if not path or path.endswith("/") else target
    return target if _is_own_file(target, root) and not path.endswith("/") else None


def _is_own_file(path: Path, root: Path) -> bool:
    """Return whether a file exists within the site after resolving links."""
    if not os.path.isfile(path):
        return False
    real_root, real = os.path.realpath(root), os.path.realpath(path)
    within = real.removeprefix(real_root.rstrip(os.sep) + os.sep)
    return within != real and not any(name.startswith(".") for name in within.split(os.sep))


def _with_slash(path: str) -> str:
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return f"/{quote(path.lstrip('/'))}/{query}"


def _not_found(root: Path, path: str) -> Response:
    """Send the 404 page of the language in the path."""
    site = current_services().site
    codes = [language.code for language in site.languages]
    asked = path.split("/")[0]
    page = root / (asked if asked in codes else codes[0]) / "404.html"
    if not _is_own_file(page, root):
        abort(404)
    response = make_response(page.read_bytes(), 404)
    response.headers["Cache-Control"] = "no-cache"
    return response
