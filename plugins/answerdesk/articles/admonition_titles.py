"""Give admonitions without a title (`!!! note`, `??? tip`) one in the language of the text."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension

from answerdesk.articles.page_labels import add_page_labels

# As the extensions `admonition` and `pymdownx.details` know the first line of a box, without a title behind.
UNTITLED = re.compile(r"((?:^|(?<=\n))(?:!!!|\?{3}\+?) ?([\w-]+)(?: +[\w-]+)*) *(?=\n|$)")
# As `pymdownx.quotes` knows callouts.
CALLOUT = re.compile(r"((?:^|(?<=\n)) {0,3}> ?\[!([\w-]+)\][+-]?) *(?=\n|$)")
WORD = "box_{}"  # in `portal/words/`
BEFORE = 106  # those extensions come at 105


class BoxTitles(Extension):
    """Gives boxes their titles, of whichever words it has when a page is begun. It must come after the extensions."""

    def __init__(self, words: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.words = words or {}

    def extendMarkdown(self, md: Markdown) -> None:
        """Look at blocks before they become boxes, if there are any, and label the rest of the page."""
        add_page_labels(md, lambda: self.words)
        if "admonition" in md.parser.blockprocessors or "details" in md.parser.blockprocessors:
            md.parser.blockprocessors.register(_Titles(md, self, UNTITLED), "box-titles", BEFORE)
        if "quotes" in md.treeprocessors:
            md.parser.blockprocessors.register(_Titles(md, self, CALLOUT), "callout-titles", BEFORE - 0.5)


class _Titles(BlockProcessor):
    """Writes into the Markdown what its author might have written."""

    def __init__(self, md: Markdown, titles: BoxTitles, untitled: re.Pattern[str]) -> None:
        super().__init__(md.parser)
        self._titles = titles
        self._untitled = untitled

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002 - the parser passes it
        return self._untitled.search(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> bool:  # noqa: ARG002
        blocks[0] = self._untitled.sub(self._titled, blocks[0])
        return False  # the block is still to be made a box

    def _titled(self, match: re.Match[str]) -> str:
        title = self._titles.words.get(WORD.format(match[2].lower()))
        if not title:
            return match[0]
        return f"{match[1]} {title}" if self._untitled is CALLOUT else f'{match[1]} "{title}"'
