"""Convert the Markdown of pages as MkDocs does, but with one converter for all of them.

MkDocs makes a converter for each page, which takes longer than most pages take to convert.
"""

from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import (
    Page,
    _ExtractAnchorsTreeprocessor,
    _ExtractTitleTreeprocessor,
    _RawHTMLPreprocessor,
    _RelativePathTreeprocessor,
)
from mkdocs.structure.toc import get_toc

from answerdesk.build.inline_patterns import PatternChoice

REUSABLE = ("markdown.", "pymdownx.", "answerdesk.")  # packages whose extensions forget a page when they are reset


class PageConverter:
    """Converts pages of one language."""

    def __init__(self, config: MkDocsConfig) -> None:
        self._config = config
        self._markdown = _new_markdown(config)
        self._is_reusable = _forgets(config)
        self._choice = PatternChoice(self._markdown)

    def convert(self, page: Page, files: Files) -> None:
        """Set a page's content, table of contents, title, anchors and links to anchors, as `Page.render` does."""
        markdown = self._markdown.reset() if self._is_reusable else _new_markdown(self._config)
        self._choice.written = page.markdown or ""
        anchors = _ExtractAnchorsTreeprocessor(page.file, files, self._config)
        paths = _RelativePathTreeprocessor(page.file, files, self._config)
        raw, title = _RawHTMLPreprocessor(), _ExtractTitleTreeprocessor()
        for step in (raw, anchors, paths, title):
            step._register(markdown)  # in the place of the page's before, which had the same name
        page.content = markdown.convert(page.markdown or "")
        page.toc = get_toc(getattr(markdown, "toc_tokens", []))
        page._title_from_render = title.title
        page.present_anchor_ids = anchors.present_anchor_ids | raw.present_anchor_ids
        page.links_to_anchors = paths.links_to_anchors


def _forgets(config: MkDocsConfig) -> bool:
    """Tell whether all extensions are known to keep nothing of a page; of others nobody knows."""
    extensions: list[Any] = config.markdown_extensions
    build = Markdown().build_extension
    made = (one if isinstance(one, Extension) else build(one, {}) for one in extensions)
    return all(type(one).__module__.startswith(REUSABLE) for one in made)


def _new_markdown(config: MkDocsConfig) -> Markdown:
    return Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs or {})
