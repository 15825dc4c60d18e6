"""Try only those inline patterns on a page whose marks it holds: most pages hold few."""

from typing import Any, cast

from markdown import Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import InlineProcessor

# Of each pattern, by its name, the characters of which one must be there for it to match.
MARKS = {
    "arithmatex-inline": "\\$",
    "autolink": "<",
    "automail": "<",
    "backtick": "`",
    "delimiter": "*_^=~",
    "dollar-math": "$",
    "em_strong": "*_",
    "entity": "&",
    "escape": "\\",
    "footnote": "[",
    "html": "<",
    "icon": ":",
    "image_link": "[",
    "image_reference": "[",
    "keys": "+",
    "keys-custom": "+",
    "link": "[",
    "low": "~",
    "reference": "[",
    "short_image_ref": "[",
    "short_reference": "[",
}


class PatternChoice(Preprocessor):
    """Chooses the patterns for a page when all other preprocessors have had it, since some take text from elsewhere."""

    written = ""
    """The page as it was before them: some keep parts of it aside."""

    def __init__(self, markdown: Markdown) -> None:
        """Take part in what a converter does; it must have all its patterns."""
        super().__init__(markdown)
        patterns = markdown.inlinePatterns
        marks = {patterns[name]: frozenset(chars) for name, chars in MARKS.items() if name in patterns}
        self._patterns = [(pattern, marks.get(pattern)) for pattern in patterns]
        markdown.preprocessors.register(self, "pattern-choice", -1000)

    def run(self, lines: list[str]) -> list[str]:
        """Leave out what cannot match; lines stay as they are."""
        held = set(self.written).union(*lines)
        chosen = [pattern for pattern, marks in self._patterns if marks is None or not held.isdisjoint(marks)]
        cast(InlineProcessor, self.md.treeprocessors["inline"]).inlinePatterns = cast(Any, chosen)  # is only indexed
        return lines
