"""Convert formulas, diagrams, icons and subscripts: a Markdown extension for `mkdocs.yml`."""

import re
from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.util import AtomicString
from pymdownx.arithmatex import ArithmatexExtension
from pymdownx.superfences import SuperFencesCodeExtension

from answerdesk.articles.diagrams import show_diagram
from answerdesk.articles.icons import IconPattern
from answerdesk.articles.math import draw_all_math

# Pandoc's rule keeps prices and shell variables: US$5–US$10, $HOME/$USER, 5$.
DOLLAR = r"(?<![\\\w$])\$(?![\s$])((?:\\.|[^\\$\x02\x03])+?)(?<!\s)\$(?![\w$])"
LOW = r"(?<!~)~(?!~)((?:\\ |[^~\s\\])+)(?<!~)~(?!~)"
# Ranges in Chinese, Japanese and Korean: 9~12, 월~금.
RANGE = re.compile("[0-9０-９%％℃°\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af)）]")
NOTE = re.compile(r'<span class="c[a-z0-9]*">[^\w<]*\((\d+)\)!?[^\w<]*</span>')


class RichMarkdown(Extension):
    """Adds what needs a script elsewhere. It must come after `pymdownx.superfences`."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register all of it with a converter."""
        ArithmatexExtension(generic=True, inline_syntax=["round"]).extendMarkdown(md)
        md.inlinePatterns.register(_Dollar(DOLLAR, md), "dollar-math", 189.8)
        md.inlinePatterns.register(_Low(LOW, md), "low", 61)  # before ~~deleted~~ is looked for, which takes ~ too
        md.inlinePatterns.register(IconPattern(md), "icon", 75)
        md.postprocessors.register(_Drawn(md), "drawn-math", 4)
        for extension in md.registeredExtensions:
            if isinstance(extension, SuperFencesCodeExtension):
                _add_fences(extension)


class _Dollar(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: ARG002
        shown = Element("span", {"class": "arithmatex"})
        shown.text = AtomicString(f"\\({m[1]}\\)")
        return shown, m.start(0), m.end(0)


class _Low(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | str, int, int]:  # type: ignore[override]
        if m.start(0) and RANGE.match(data[m.start(0) - 1]):
            return "~", m.start(0), m.start(0) + 1
        low = Element("sub")
        low.text = m[1].replace("\\ ", " ")
        return low, m.start(0), m.end(0)


class _Drawn(Postprocessor):
    def run(self, text: str) -> str:
        return NOTE.sub(r'<span class="code-note">\1</span>', draw_all_math(text))


def _add_fences(extension: SuperFencesCodeExtension) -> None:
    known = {fence["name"] for fence in extension.superfences}
    for name, show in (("mermaid", show_diagram), ("math", _show_math)):
        if name not in known:
            extension.extend_super_fences(name, partial(_shown, show), _takes_all, None)


def _shown(show: Callable[[str], str], src: str = "", **_: Any) -> str:
    return show(src)


def _takes_all(*_: Any) -> bool:
    return True


def _show_math(source: str) -> str:
    return f'<div class="arithmatex">\\[{escape(source)}\\]</div>'


def makeExtension(**options: Any) -> RichMarkdown:
    """Return the extension, as Python-Markdown asks for it."""
    return RichMarkdown(**options)
