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
LINKING_TAGS = {"a", "area"}  # whose href is followed, not loaded
# A browser ends comments, declarations and unfinished tags in other places than Python's parser, so what only looks
# like text to the parser is refused if a browser might see a tag in it. Markdown never writes a bare < into text.
LOADING_STYLE = re.compile(r"url\s*\(|\\|@import|image-set", re.IGNORECASE)
# Most pages have none of these, and a look at the whole text is much quicker than parsing it.
SUSPICIOUS = re.compile(
    rf"<(?![a-zA-Z/])|<\s*(?:{'|'.join(sorted(FORBIDDEN_TAGS))})\b|on\w+\s*=|srcdoc\s*=|style\s*=|<[^<>]*\Z|<[^<>]*<|=\s*(?:\"[^\"]*|'[^']*)\Z"
    rf"|(?:{'|'.join(sorted(URL_ATTRIBUTES - {'href', 'xlink:href'}))})\s*=\s*[\"']?[^\"'>]*(?::|&|[/\\\\]\s*[/\\\\])"
    r"|href\s*=\s*[\"']?(?!https?://)[^\"'>]*[:&]|<(?:svg|image|use)\b",
    re.IGNORECASE,
)


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            text = value or ""
            if value is not None and re.search(r"on\w+$|srcdoc$", name):
                self.found.append(f"{name}=")
            is_unsafe = name in URL_ATTRIBUTES and not _is_safe(tag, name, text)
            if is_unsafe or (name == "style" and LOADING_STYLE.search(text)):
                self.found.append(f'{name}="{text[:40]}"')

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        if "<" in data or ">" in data:
            self.found.append(f"<!--{data[:40]}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl[:40]}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data[:40]}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data[:40]}")

    def handle_data(self, data: str) -> None:
        if "<" in data:
            self.found.append(data[data.index("<") :][:40])


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
    bare = _bare(url)
    if tag in LINKING_TAGS and attribute == "href":
        return _scheme(bare) in SAFE_SCHEMES
    # In an image browsers switch scripts off, SVG too; so one that stands in the page itself is harmless.
    is_inside = tag == "img" and attribute == "src" and _scheme(bare) == "data"
    candidates = bare.split(",") if attribute == "srcset" else [bare]
    return is_inside or all(not _scheme(one) and not re.match(r"[/\\]{2}", one) for one in candidates)


def _bare(url: str) -> str:
    """Return an address without the white space and control characters that browsers skip: java\\nscript:."""
    return "".join(char for char in url if char > " ")


def _scheme(bare: str) -> str:
    try:
        return urlsplit(bare).scheme.lower()
    except ValueError:
        return bare.partition(":")[0].lower()
