"""What markup looks like in a page's text when nothing has read it."""

import re
from typing import NamedTuple

SWITCH_ON = "Add {} to markdown_extensions in mkdocs.yml, or write it in words"


class Mark(NamedTuple):
    """A sign that only unread markup leaves in a text."""

    pattern: re.Pattern[str]
    what: str
    cure: str


def _mark(pattern: str, what: str, cure: str) -> Mark:
    return Mark(re.compile(pattern, re.MULTILINE), what, cure)


MARKS = (
    _mark(r"\[\^[^\]\s]+\]:?", "a footnote", "Add a line “[^name]: text” for it, and footnotes to markdown_extensions"),
    _mark(r"^[ \t]*\[[ xX]\](?=\s)", "a task", SWITCH_ON.format("pymdownx.tasklist, and begin a list's item with it")),
    _mark(r"(?<![=\w])==(?![\s=])[^=\n]+(?<!\s)==(?![=\w])", "a highlight", SWITCH_ON.format("pymdownx.mark")),
    _mark(r"(?<![+\w])\+\+\w[\w-]*(?:\+\w[\w-]*)*\+\+(?!\w)", "a key", SWITCH_ON.format("pymdownx.keys")),
    _mark(r"~~(?![\s~])[^~\n]+(?<!\s)~~", "deleted text", SWITCH_ON.format("pymdownx.tilde")),
    _mark(r"\^\^(?![\s^])[^^\n]+(?<!\s)\^\^", "inserted text", SWITCH_ON.format("pymdownx.caret")),
    _mark(
        r"\$\$[^$]+\$\$|\\begin\{[a-z]+\*?\}",
        "a formula",
        "Put it into a paragraph of its own, and add answerdesk.articles.rich_markdown to markdown_extensions",
    ),
    _mark(
        r"-{2,}8(?:<-{2,}|←).*", "an inclusion of another file", "Put the file's text here; pages are published whole"
    ),
    _mark(
        r"\{%.*?%\}|\{\{[<%].*?[>%]\}\}",
        "a template's command",
        "Write what it would have written; templates are not run in articles",
    ),
    _mark(r"\{\{[^{}\n]*[.(|\[:\"'][^{}\n]*\}\}", "a macro", "Write its result, or a plain name of company.yml"),
    _mark(
        r"^[ \t]*:{3,}.*", "a block of another tool", "Write it as “!!! note”, or write what the tool would have made"
    ),
    _mark(r"!?\[\[(?!\s)[^\[\]\n]+\]\]", "a wiki link", "Write it as [text](page.md)"),
    _mark(r"%%(?!\s)[^%\n]{2,}%%", "a comment of another tool", "Take it out"),
    _mark(r"^[ \t]*\[(?:TOC|toc|_TOC_)\][ \t]*$", "a table of contents", "Take it out; each page has one"),
    _mark(
        r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]*[\w-]+.*|^[ \t]*===[!+]*[ \t]+[\"'].*",
        "the beginning of a box or tab",
        "Put an empty line before it, and indent what belongs to it by four spaces",
    ),
    _mark(
        r"^[ \t]*/{3,}[ \t]+[\w-]+.*",
        "a block",
        "Add the block's extension (pymdownx.blocks.…) to markdown_extensions, and close it with ///",
    ),
    _mark(
        r"(?<!\{)\{:?[ \t]*[.#][A-Za-z][\w-]*(?:[ \t]+[^{}\n]*)?\}(?!\})",
        "attributes",
        "Put them right behind what they belong to, or take them out",
    ),
    _mark(
        r"(?<!\{)\{:?[ \t]*[\w-]+=(?:\"[^\"\n]*\"|'[^'\n]*')[^{}\n]*\}",
        "attributes",
        "Put them right behind what they belong to, or take them out",
    ),
    _mark(r"^[ \t]*\*\[[^\]\n]+\]:.*", "an abbreviation", SWITCH_ON.format("abbr")),
    _mark(r"^[ \t]*\[![A-Za-z]+\].*", "a callout", SWITCH_ON.format("pymdownx.quotes with callouts: true")),
    _mark(
        r"\{(?:\+\+.+?\+\+|--.+?--|~~.+?~~|==.+?==|>>.+?<<)\}",
        "an editor's mark",
        "Take the change over, or take it out",
    ),
    _mark(
        r"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*\|[-:| \t]*$",
        "a table",
        "Put an empty line before it, and as many columns into each row as its head has",
    ),
    _mark(
        r"^[ \t]*(?:`{3,}|~{3,}).*", "the mark of a block of code", "Close the block with the same mark, indented alike"
    ),
    _mark(
        r"(?<![\w\]\[])\[[^\[\]\n]+\]\[[^\[\]\n]*\]",
        "a link",
        "Add a line “[name]: address” for it, or take the brackets out",
    ),
)
