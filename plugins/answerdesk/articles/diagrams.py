"""Draw Mermaid diagrams as pictures that carry their own words, without a script and without a browser."""

import re
from functools import lru_cache
from html import escape, unescape
from urllib.parse import quote

from mmdr import Diagram

SIZE = re.compile(r'viewBox="[-\d.]+ [-\d.]+ (?P<width>[\d.]+) (?P<height>[\d.]+)"')
TITLE = re.compile(r"^[ \t]*(?:accTitle[ \t]*:|title[ \t]*:?(?=[ \t]))[ \t]*(.+?)[ \t]*$", re.MULTILINE)
TEXT = re.compile(r"<text\b[^>]*>(.*?)</text>", re.DOTALL)
# A picture leads nowhere; the library misplaces the words of a node that would.
CLICKS = re.compile(r"^[ \t]*(?:click|link|links)[ \t]+\S.*$", re.MULTILINE)
UNUSED_COLOURS = re.compile(r"#merman [^{}]*data-color-id[^{}]*\{[^}]*\}")
SAFE = " !$()*+,-./:;=?@_~'"  # what a data address may hold inside double quotes
MAX_ALTERNATIVE_CHARACTERS = 300
MAX_KEPT = 512


class DiagramError(ValueError):
    """A diagram cannot be drawn."""


@lru_cache(MAX_KEPT)
def draw_diagram(source: str) -> str:
    """Return a Mermaid diagram as SVG.

    Raises:
        DiagramError: the source is no such diagram.
    """
    try:
        svg = Diagram(CLICKS.sub("", source)).svg()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of native code is no Exception
        raise DiagramError(" ".join(str(error).split()) or "it is no Mermaid diagram") from error
    return svg if "data-color-id=" in svg.partition("</style>")[2] else UNUSED_COLOURS.sub("", svg)


def show_diagram(source: str) -> str:
    """Return what a `mermaid` fence becomes: a picture and its source, or the source alone."""
    written = f"<pre><code>{escape(source)}</code></pre>"
    try:
        svg = draw_diagram(source)
    except DiagramError:
        caption = '<figcaption data-word="diagram_undrawn">This diagram is shown as its source.</figcaption>'
        return f'<figure class="diagram">{written}{caption}</figure>'
    size = SIZE.search(svg)
    sides = f' width="{float(size["width"]):.0f}" height="{float(size["height"]):.0f}"' if size else ""
    picture = (
        f'<img class="diagram" src="data:image/svg+xml,{quote(svg, safe=SAFE)}" alt="{_words(source, svg)}"{sides}>'
    )
    summary = '<summary data-word="diagram_source">Diagram as text</summary>'
    return f'<figure class="diagram">{picture}<details class="diagram-source">{summary}{written}</details></figure>'


def _words(source: str, svg: str) -> str:
    """Return a diagram's title and the words in it, as an attribute's value."""
    title = TITLE.search(source)
    found = [" ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split()) for text in TEXT.findall(svg)]
    words = list(dict.fromkeys([title[1]] if title else []) | dict.fromkeys(word for word in found if word))
    text = ", ".join(words)
    return escape(text if len(text) <= MAX_ALTERNATIVE_CHARACTERS else f"{text[: MAX_ALTERNATIVE_CHARACTERS - 1]}…")
