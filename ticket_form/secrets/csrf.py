"""Detect cross-site form posts (CSRF) by the headers of the browser."""

from urllib.parse import urlsplit


def is_foreign(*, fetch_site: str | None, origin: str | None, host: str) -> bool:
    """Return whether a browser says that another site sent the form (Sec-Fetch-Site, else Origin).

    A client without these headers is no browser, so there is no session to abuse. Our own pages send "Origin: null", as
    they ask for "Referrer-Policy: no-referrer": null alone proves nothing.
    """
    if fetch_site is not None:
        return fetch_site in ("cross-site", "same-site")
    if origin is None or origin == "null":
        return False
    return urlsplit(origin).netloc.lower() != host.lower()
