"""Headers that every response carries, errors too."""

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


def add_headers(response: Response) -> Response:
    """Complete a response."""
    is_portal = request.blueprint == "portal"
    response.headers.update(_ALWAYS)
    response.headers["Content-Security-Policy"] = _PORTAL if is_portal else _STRICT
    response.headers["Referrer-Policy"] = "same-origin" if is_portal else "no-referrer"
    if request.endpoint != "static" and not is_portal:
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
