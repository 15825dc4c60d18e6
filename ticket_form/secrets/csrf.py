"""Tell whether a form was posted from a page of another site."""

from urllib.parse import urlsplit


def is_foreign(*, fetch_site: str | None, origin: str | None, host: str) -> bool:
    """Judge by what browsers say; a client that says nothing is no browser and has no visitor to abuse.

    Our own pages send "Origin: null", because they ask for "Referrer-Policy: no-referrer": null alone proves nothing.
    """
    if fetch_site is not None:
        return fetch_site in ("cross-site", "same-site")
    if origin is None or origin == "null":
        return False
    return urlsplit(origin).netloc.lower() != host.lower()
