"""Translate the labels that Markdown extensions write in English, such as those for screen readers."""

import re
from collections.abc import Callable, Mapping
from html import escape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor

BEFORE_FOOTNOTES = 60  # Python-Markdown writes them at 50
TASK = re.compile(r'<input type="checkbox" disabled(?P<is_done>(?: checked)?)\s*/?>')
WORD = re.compile(r'(?P<start><[a-z]+) data-word="(?P<name>[a-z_]+)">[^<]*')

Words = Callable[[], Mapping[str, str]]


def add_page_labels(md: Markdown, words: Words) -> None:
    """Let a converter label footnotes, tasks, diagrams and abbreviations; `words` are those of the page."""
    md.treeprocessors.register(_Notes(md, words), "footnote-labels", BEFORE_FOOTNOTES)
    md.treeprocessors.register(_Abbreviations(md), "abbreviation-stops", 0)
    md.postprocessors.register(_Labels(md, words), "page-labels", 3)


class _Notes(Treeprocessor):
    def __init__(self, md: Markdown, words: Words) -> None:
        super().__init__(md)
        self._words = words

    def run(self, root: Element) -> None:  # noqa: ARG002 - Python-Markdown passes it
        title = self._words().get("footnote_back", "").replace("{number}", "{}")
        for extension in self.md.registeredExtensions:
            if title and isinstance(extension, FootnoteExtension):
                extension.setConfig("BACKLINK_TITLE", title)


class _Abbreviations(Treeprocessor):
    """Lets keyboards and fingers reach what stands for an abbreviation; a mouse sees it anyway."""

    def run(self, root: Element) -> None:
        for element in root.iter("abbr"):
            if element.get("title"):
                element.set("tabindex", "0")


class _Labels(Postprocessor):
    def __init__(self, md: Markdown, words: Words) -> None:
        super().__init__(md)
        self._words = words

    def run(self, text: str) -> str:
        text = TASK.sub(self._task, text)
        return WORD.sub(self._worded, text)

    def _task(self, match: re.Match[str]) -> str:
        name, word = ("task_done", "Done") if match["is_done"] else ("task_open", "Not done")
        state = " done" if match["is_done"] else ""
        return f'<span class="task{state}" role="img" aria-label="{escape(self._words().get(name, word))}"></span>'

    def _worded(self, match: re.Match[str]) -> str:
        word = self._words().get(match["name"])
        return f"{match['start']}>{escape(word)}" if word else match[0].replace(f' data-word="{match["name"]}"', "")
