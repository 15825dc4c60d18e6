"""Find what could run in a reader's browser: Markdown lets raw HTML through."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

FORBIDDEN_TAGS = {
    "script", "iframe", "object", "embed", "base", "form", "meta", "link", "style", "applet", "frame", "frameset",
    "animate", "set",  # can give a link its address
    "noscript", "noembed", "noframes", "textarea", "title", "xmp", "plaintext",  # browsers end these where we do not
}  # fmt: skip
SAFE_SCHEMES = {"", "http", "https", "mailto", "tel"}
URL_ATTRIBUTES = {"href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href", "background", "ping"}
LOADING_ATTRIBUTES = URL_ATTRIBUTES - {"href", "action", "formaction", "ping"}
# Most pages have none of these, and a look at the whole text is much quicker than parsing it.
SUSPICIOUS = re.compile(
    rf"<\s*(?:{'|'.join(sorted(FORBIDDEN_TAGS))})\b|\bon\w+\s*=|\bsrcdoc\s*="
    rf"|(?:{'|'.join(sorted(URL_ATTRIBUTES))})\s*=\s*[\"']?(?!https?://)[^\"'>]*[:&]"
    rf"|\b(?:{'|'.join(sorted(LOADING_ATTRIBUTES))})\s*=\s*[\"']?\s*[^\"'>]*(?::|//)",
    re.IGNORECASE,
)


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if value is not None and re.fullmatch(r"on\w+|srcdoc", name):
                self.found.append(f"{name}=")
            if name in URL_ATTRIBUTES and not _is_safe(tag, name, value or ""):
                self.found.append(f'{name}="{(value or "")[:40]}"')

    handle_startendtag = handle_starttag


def find_active(html: str) -> list[str]:
    """Return what could run or load in rendered HTML: forbidden elements, event attributes, unsafe addresses."""
    if not SUSPICIOUS.search(html):
        return []
    finder = _Finder()
    finder.feed(html)
    finder.close()
    return finder.found


def _is_safe(tag: str, attribute: str, url: str) -> bool:
    """Tell whether an address runs nothing, and loads nothing from another host."""
    if attribute not in LOADING_ATTRIBUTES:
        return _scheme(url) in SAFE_SCHEMES
    # In an image browsers switch scripts off, SVG too; so one that stands in the page itself is harmless.
    is_inside = tag == "img" and attribute == "src" and _scheme(url) == "data"
    candidates = url.split(",") if attribute == "srcset" else [url]
    return is_inside or all(not _scheme(one) and not re.match(r"\s*[/\\]{2}", one) for one in candidates)


def _scheme(url: str) -> str:
    # Browsers skip white space and control characters inside a scheme: "java\nscript:".
    bare = "".join(char for char in url if char > " ")
    try:
        return urlsplit(bare).scheme.lower()
    except ValueError:
        return bare.partition(":")[0].lower()
