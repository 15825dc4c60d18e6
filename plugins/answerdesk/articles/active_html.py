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
LOADING_STYLE = re.compile(r"url\s*\(|\\|@import|image-set", re.IGNORECASE)
# The tags that Markdown writes for most pages. Where there is no other < than theirs, a look is enough, and much
# quicker than parsing.
PLAIN = r'(?: (?:class|id|start|open|colspan|rowspan)="[^"<>&:]*")*'
INNOCENT = re.compile(
    rf"<(?!(?:{'|'.join(sorted(FORBIDDEN_TAGS))})\b)[a-z][a-z0-9]*{PLAIN} ?/?>|</[a-z][a-z0-9]*>"
    rf'|<a{PLAIN} href="(?:https?://)?[^"<>&:]*"{PLAIN}>'
)
# What is left then must have no tag, and no character reference that is cut off.
UNCLEAR = re.compile(r"<|&(?!(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);)")


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            text = value or ""
            if value is not None and re.search(r"(?:^|[^\w-])on\w+$|srcdoc$", name):
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
        # A browser ends comments, declarations and unfinished tags in other places than this parser, so what only looks
        # like text to it is refused if a browser might see a tag in it. Markdown never writes a bare < into text.
        if "<" in data:
            self.found.append(data[data.index("<") :][:40])


def find_active(html: str) -> list[str]:
    """Return what could run or load in rendered HTML: forbidden elements, event attributes, unsafe addresses."""
    if not UNCLEAR.search(INNOCENT.sub("", html)):
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
