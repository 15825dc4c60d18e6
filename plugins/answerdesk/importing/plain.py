"""Convert Markdown to plain text."""

import html
import re

HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*[.#a-zA-Z_][^}\n]*\}[ \t]*$")
IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)(?:\{[^}\n]*\})?")
LINK = re.compile(r"\[([^\[\]]*)\](?:\([^)]*\)|\[[^\]]*\])(?:\{[^}\n]*\})?")
NOTE = re.compile(r"\[\^[^\]]+\]")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# Of pymdown-extensions: marked, new and deleted words, keys; low and high letters; formulas; editors' marks.
CRITIC = re.compile(r"\{(?:>>.*?<<|--.*?--)\}|\{(\+\+|==)(.*?)\1\}")
MARKED = re.compile(r"(==|\^\^|~~|\+\+)(?=\S)(.+?)(?<=\S)\1")
RAISED = re.compile(r"(?<=[A-Za-z0-9)])([~^])(?=\S)([^\s~^]{1,12})\1(?![~^])")
FORMULA = re.compile(r"(?<![\\\w$])(\$\$?)(?![\s$])([^$]+?)(?<!\s)\1(?![\w$])")
EMPHASIS = re.compile(r"(\*{1,3}|(?<![A-Za-z0-9])_{1,3}(?=\S))(.+?)\1(?![A-Za-z0-9_])")


def plain(text: str) -> str:
    """Return Markdown as text."""
    text = ATTRIBUTES.sub("", text)
    text = NOTE.sub("", LINK.sub(r"\1", IMAGE.sub(r"\1", text)))
    text = TAG.sub("", re.sub(r":(?:material|fontawesome|octicons|simple)-[a-z0-9-]+:(?:\{[^}\n]*\})?", "", text))
    text = FORMULA.sub(r"\2", MARKED.sub(r"\2", CRITIC.sub(lambda match: match[2] or "", text)))
    text = RAISED.sub(r"\2", text)
    text = EMPHASIS.sub(r"\2", EMPHASIS.sub(r"\2", text.replace("`", "")))
    return " ".join(html.unescape(re.sub(r"\\([\\`*_{}\[\]()#+.!<>~|-])", r"\1", text)).split())


def cut_text(text: str, longest: int) -> str:
    """Shorten a text at the end of a word."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:–-") + "…"
