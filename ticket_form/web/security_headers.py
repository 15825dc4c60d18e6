"""Set the security headers of every response, errors included."""

from flask import Response, request

_STRICT = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PORTAL = f"{_STRICT}; worker-src 'self'; font-src 'self'; manifest-src 'self'"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
BARE = {
    **_ALWAYS,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Headers of responses that are not pages."""


def add_headers(response: Response) -> Response:
    """Add the missing headers to a response."""
    is_portal = request.blueprint == "portal"
    response.headers.update(_ALWAYS)
    # A view may be stricter: files of visitors are downloaded in a sandbox.
    response.headers.setdefault("Content-Security-Policy", _PORTAL if is_portal else _STRICT)
    response.headers["Referrer-Policy"] = "same-origin" if is_portal else "no-referrer"
    if not is_portal:
        # Also for responses that are not pages, such as a ticket's file.
        response.headers["X-Robots-Tag"] = "noindex"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Cache-Control", "no-store")  # also for redirects and errors of cacheable files
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response
