"""All pages and files of a site, as the rules see them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from answerdesk.articles.catalogue import Catalogue
from answerdesk.articles.publication_state import PublicationState, state_of
from answerdesk.checks.reading.closest_match import Folder
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.reading.rendered import Rendered

Terminology = Mapping[str, Mapping[str, str]]  # language → word → what to write instead


@dataclass(frozen=True, kw_only=True)
class Content:
    """A site's content, read once. `files` are all files below its folder, `prefix` what findings put before them."""

    languages: tuple[str, ...]
    pages: tuple[CheckedPage, ...]
    render: Callable[[CheckedPage], Rendered]
    """Render a page as the site does; costly, so rules ask only where they would say something."""
    files: frozenset[str] = frozenset()
    folder: Path = Path()
    prefix: str = "content"
    catalogue: Catalogue | None = None
    root_url: str = "/"
    """The address above the languages' folders."""
    has_fallback: bool = False
    """Whether an article that is not translated is shown in the source language."""
    terminology: Terminology = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)
    today: date = date.min
    grace_days: int = 0

    @cached_property
    def articles(self) -> tuple[CheckedPage, ...]:
        """Return the pages that are articles."""
        return tuple(page for page in self.pages if page.is_article)

    @cached_property
    def by_source(self) -> Mapping[tuple[str, str], CheckedPage]:
        """Return the pages by language and source."""
        return {(page.language, page.source): page for page in self.pages}

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Return the files by their paths in small letters."""
        return {file.casefold(): file for file in self.files}

    @cached_property
    def folders(self) -> Mapping[str, Folder]:
        """Return the files of each language."""
        found: dict[str, list[str]] = {language: [] for language in self.languages}
        for file in self.files:
            language, _, source = file.partition("/")
            if language in found:
                found[language].append(source)
        originals = frozenset(found[self.languages[0]])
        return {
            language: Folder(files, originals=originals if number else (), redirects=self.redirects)
            for number, (language, files) in enumerate(found.items())
        }

    def page(self, language: str, source: str) -> CheckedPage | None:
        """Return a page of a language, or of the source language if that is shown in its place."""
        found = self.by_source.get((language, source))
        if found is None and self.has_fallback:
            found = self.by_source.get((self.languages[0], source))
        return found

    def has_file(self, file: str) -> bool:
        """Tell whether a language has a picture or another file, or shows the source's in its place."""
        _, _, rest = file.partition("/")
        return file in self.files or (self.has_fallback and f"{self.languages[0]}/{rest}" in self.files)

    def state(self, page: CheckedPage) -> PublicationState:
        """Return what readers may expect of a page today; a page that is no article is always current."""
        return state_of(page.article, self.today, self.grace_days) if page.article else PublicationState.CURRENT

    def in_language(self) -> Iterator[tuple[str, list[CheckedPage]]]:
        """Yield the articles of each language."""
        for language in self.languages:
            yield language, [page for page in self.articles if page.language == language]

    def read_bytes(self, file: str, most: int = -1) -> bytes:
        """Return the beginning of a file of the content."""
        with (self.folder / file).open("rb") as opened:
            return opened.read(most)

    def read_text(self, file: str) -> str:
        """Return a file of the content, or nothing if there is none."""
        try:
            return (self.folder / file).read_text("utf-8")
        except FileNotFoundError:
            return ""

    def size(self, file: str) -> int:
        """Return a file's size in bytes."""
        return (self.folder / file).stat().st_size
