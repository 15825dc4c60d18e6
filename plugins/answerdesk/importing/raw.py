"""Turn raw HTML that we refuse, or whose addresses changed, into what may stay."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from answerdesk.articles.active_html import FORBIDDEN_TAGS

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# With what they enclose: none of it is text for readers.
DROPPED = re.compile(r"<(script|style|noscript|textarea)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<rest>(?:\s+[^\s<>"'=/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?)*\s*/?)>"""
)
ATTRIBUTE = re.compile(r"""([^\s<>"'=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+)))?""")
SHOWN = {"iframe", "embed", "object", "video", "audio", "source"}
HOLDS = {"center", "div", "figure", "p", "section"}  # Markdown is not read in these without being told
CLASSES = {"admonition", "admonition-title", "annotate", "card", "cards", "grid", "md-button", "md-button--primary"}
RUNS = re.compile(r"on\w+$|srcdoc$|formaction$|ping$|background$", re.IGNORECASE)

Attributes = dict[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How addresses in raw HTML change: each returns the new address, or nothing if there is no such thing."""

    link: Callable[[str], str]
    picture: Callable[[str], str]
    lose: Callable[[re.Match[str], str, str], None]  # where, what, cure


def clean(text: str, wishes: Wishes) -> str:
    """Return a text with raw HTML changed; it keeps its line ends."""

    def drop(match: re.Match[str]) -> str:
        wishes.lose(match, f"<{match.group(1).lower()}> is left out", "Do without it, or change the templates")
        return "\n" * match.group().count("\n")

    def change(match: re.Match[str]) -> str:
        made = _tag(match, wishes)
        return made + "\n" * (match.group().count("\n") - made.count("\n"))

    return TAG.sub(change, DROPPED.sub(drop, text))


def drop_comments(text: str, lose: Callable[[re.Match[str], str], None]) -> str:
    """Return a text without comments, keeping its line ends; `lose` is told of each, and how it began."""

    def drop(match: re.Match[str]) -> str:
        lose(match, " ".join(match.group()[4:-3].split())[:60])
        return "\n" * match.group().count("\n")

    return COMMENT.sub(drop, text)


def _tag(match: re.Match[str], wishes: Wishes) -> str:
    name, attributes = match["name"].lower(), _attributes(match["rest"])
    if name in SHOWN:
        return "" if match["close"] else _shown(match, name, attributes, wishes)
    if name in FORBIDDEN_TAGS:
        wishes.lose(match, f"<{name}> is shown as text", "If it stands for a value, write it as code: `…`")
        return match.group().replace("<", "&lt;").replace(">", "&gt;")
    if match["close"]:
        return match.group()
    if name == "img":
        return _picture(match, attributes, wishes)
    # The old theme's other classes mean nothing here, or something else.
    own = " ".join(one for one in (attributes.get("class") or "").split() if one in CLASSES)
    own_class: Attributes = {"class": own} if own else {}
    kept = {key: value for key, value in attributes.items() if key != "class" and not _is_refused(key, value)}
    kept = own_class | kept
    if name in HOLDS and "markdown" not in kept and _holds_links(match, name):
        kept["markdown"] = None
        wishes.lose(match, f"Markdown in <{name}> was shown as it is, and is read now", "See that it looks well")
    if name == "a" and kept.get("href"):
        link = wishes.link(html.unescape(kept["href"] or ""))
        if link:
            kept["href"] = html.escape(link)
        else:
            del kept["href"]
            wishes.lose(match, f"a link leads to {attributes['href']}, which is not there", "Mend or remove it")
    if gone := ", ".join(sorted(set(attributes) - set(kept) - {"href", "class"})):
        wishes.lose(match, f"<{name}> has lost {gone}", "Do without it")
    return match.group() if kept == attributes else _written(name, kept, match["rest"])


def _holds_links(match: re.Match[str], name: str) -> bool:
    """Tell whether links or pictures in Markdown stand in an element; what is inside of further elements is theirs."""
    inner = match.string[match.end() :].partition(f"</{name}")[0]
    return bool(re.search(r"\]\([^()\s]+\)", inner)) and not re.search(r"\smarkdown\b", inner)


def _picture(match: re.Match[str], attributes: Attributes, wishes: Wishes) -> str:
    source, text = html.unescape(attributes.get("src") or ""), attributes.get("alt") or ""
    if re.match(r"(?:https?:)?//", source):
        wishes.lose(match, f"the picture {source} is on another host and is a link now", "Copy it beside the article")
        return f'<a href="{html.escape(source)}">{text or html.escape(source.rsplit("/", 1)[-1])}</a>'
    new = wishes.picture(source)
    if not new:
        wishes.lose(match, f"the picture {source} is not there", "Copy it beside the article, or remove it")
        return f"<em>{text}</em>" if text else ""
    kept = {key: value for key, value in attributes.items() if not _is_refused(key, value)} | {"src": html.escape(new)}
    kept.setdefault("alt", "")
    kept.pop("srcset", None)
    return _written("img", kept, match["rest"])


def _shown(match: re.Match[str], name: str, attributes: Attributes, wishes: Wishes) -> str:
    source = next((v for key in ("src", "srcdoc", "data") if (v := attributes.get(key))), "")
    url = html.unescape(source or "")
    if not re.match(r"(?:https?:)?//\S+$", url):
        url = wishes.link(url) if url else ""
    wishes.lose(
        match,
        f"<{name}> of {source or 'nothing'} is {'a link now' if url else 'left out'}",
        "See that the text still reads well",
    )
    if not url:
        return ""
    return f'<a href="{html.escape(url)}">{attributes.get("title") or html.escape(url)}</a>'


def _attributes(text: str) -> Attributes:
    found: Attributes = {}
    for match in ATTRIBUTE.finditer(text):
        values = match.groups()[1:]
        found.setdefault(match.group(1).lower(), next((value for value in values if value is not None), None))
    return found


def _is_refused(name: str, value: str | None) -> bool:
    if value is None:
        return False
    is_style = name == "style" and re.search(r"url\s*\(|\\|@import|image-set", value, re.IGNORECASE)
    return bool(RUNS.match(name) or is_style or re.match(r"\s*(?:javascript|vbscript):", value, re.IGNORECASE))


def _written(name: str, attributes: Attributes, rest: str) -> str:
    pairs = "".join(f" {key}" if value is None else f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{pairs}{' /' if rest.rstrip().endswith('/') else ''}>"
