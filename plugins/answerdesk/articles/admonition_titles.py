"""Boxes that no author gave a title (`!!! note`, `??? tip`) have one in the language of the text, not in English."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension

# As the extensions `admonition` and `pymdownx.details` know the first line of a box, without a title behind.
UNTITLED = re.compile(r"((?:^|(?<=\n))(?:!!!|\?{3}\+?) ?([\w-]+)(?: +[\w-]+)*) *(?=\n|$)")
WORD = "box_{}"  # in `portal/words/`
BEFORE = 106  # those extensions come at 105


class BoxTitles(Extension):
    """Gives boxes their titles, of whichever words it has when a page is begun. It must come after the extensions."""

    def __init__(self, words: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.words = words or {}

    def extendMarkdown(self, md: Markdown) -> None:
        """Look at blocks before they become boxes, if there are any."""
        if "admonition" in md.parser.blockprocessors or "details" in md.parser.blockprocessors:
            md.parser.blockprocessors.register(_Titles(md, self.words), "box-titles", BEFORE)


class _Titles(BlockProcessor):
    """Writes into the Markdown what its author might have written."""

    def __init__(self, md: Markdown, words: Mapping[str, str]) -> None:
        super().__init__(md.parser)
        self._words = words

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002 - the parser passes it
        return UNTITLED.search(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> bool:  # noqa: ARG002
        blocks[0] = UNTITLED.sub(self._titled, blocks[0])
        return False  # the block is still to be made a box

    def _titled(self, match: re.Match[str]) -> str:
        title = self._words.get(WORD.format(match[2].lower()))
        return f'{match[1]} "{title}"' if title else match[0]
