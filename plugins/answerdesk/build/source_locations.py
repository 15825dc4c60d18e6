"""Name the file and the line of what a build complains of, found as `answerdesk check` finds them."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from posixpath import dirname, normpath
from urllib.parse import unquote, urlsplit

from markdown.extensions.toc import slugify

from answerdesk.articles.article import Article
from answerdesk.articles.catalogue import Catalogue, load_catalogue
from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.errors import ContentError
from answerdesk.articles.redirects import Redirects, load_redirects
from answerdesk.build.diagnostics import Fault
from answerdesk.checks.reading.closest_match import Folder
from answerdesk.checks.reading.page import CheckedPage, read_file
from answerdesk.checks.rules.fault_lines import active_lines, link_lines, problem_line, title_lines
from answerdesk.checks.rules.link_messages import LINK, say_anchor, say_image, say_link
from answerdesk.support.content_files import list_files
from answerdesk.support.yaml_lines import key_lines


def name_places(faults: Iterable[Fault], content: Path, language: str, source_language: str) -> tuple[str, ...]:
    """Return faults of a language's build as lines for authors; what stands nowhere is said as it is."""
    locator = _Locator(content, (language, source_language))
    return tuple(locator.line(fault) for fault in faults)


class _Locator:
    """The files that faults are in; each is read once, and the same fault in it for the second time is the next."""

    def __init__(self, content: Path, languages: tuple[str, str]) -> None:
        self._content = content
        self._languages = languages
        self._catalogue = _catalogue(content)
        self._pages: dict[Path, CheckedPage] = {}
        self._folders: dict[str, Folder] = {}
        self._seen: Counter[str] = Counter()

    def line(self, fault: Fault) -> str:
        match = LINK.match(fault.text)
        source = fault.problem.file if fault.problem else match["source"] if match else ""
        file = self._file(source) if source else None
        if file is None:
            return fault.text
        lines = self._lines(file, fault.problem, match["target"] if match else "")
        line = lines[min(self._seen[fault.text], len(lines) - 1)] if lines else 0
        self._seen[fault.text] += 1
        place = f"{self._content.name}/{file.relative_to(self._content).as_posix()}{f':{line}' if line else ''}"
        return f"{place}: {fault.problem.text if fault.problem else self._said(match, file) if match else fault.text}"

    def _said(self, match: re.Match[str], file: Path) -> str:
        """Return what is wrong with a link, in our words: MkDocs knows no cure."""
        page, target = self._page(file), match["target"]
        other = self._file(match["other"]) if match["other"] else file
        if match["anchor"] or match["other"]:
            return say_anchor(target, self._page(other or file), is_own=other == file)
        folder = self._folder(page.language)
        if target in {image.target for image in page.blocks.images}:
            return say_image(target, page, folder)
        return say_link(target, page, folder, self._hidden_article(target, page))

    def _hidden_article(self, target: str, page: CheckedPage) -> Article | None:
        file = self._content / page.language / normpath(f"{dirname(page.source)}/{unquote(urlsplit(target).path)}")
        return self._page(file).article if file.suffix == ".md" and file.is_file() else None

    def _folder(self, language: str) -> Folder:
        if language not in self._folders:
            redirects = _redirects(self._content)
            originals = () if language == self._languages[1] else self._names(self._languages[1])
            self._folders[language] = Folder(self._names(language), originals=originals, redirects=redirects)
        return self._folders[language]

    def _names(self, language: str) -> list[str]:
        folder = self._content / language
        return [Path(file).relative_to(folder).as_posix() for file in list_files(folder)]

    def _file(self, source: str) -> Path | None:
        """Return the file that a build calls so: by its path below a language's folder, or below the content's."""
        names = (*(f"{language}/{source}" for language in self._languages), source)
        places = [*(self._content / name for name in names), self._content.parent / source]
        return next((place for place in places if place.is_file() and self._content in place.parents), None)

    def _lines(self, file: Path, problem: ContentProblem | None, target: str) -> list[int]:
        if file.suffix != ".md":
            wanted = problem.field if problem else ""
            return [line for key, line in key_lines(file.read_text("utf-8", "replace")) if key == wanted]
        page = self._page(file)
        if problem is None:
            return link_lines(page, target)
        if problem.field == "html":
            return active_lines(page, str(problem.value))
        return title_lines(page) if problem.field == "heading" else [problem_line(page, problem)]

    def _page(self, file: Path) -> CheckedPage:
        if file not in self._pages:
            language, _, source = file.relative_to(self._content).as_posix().partition("/")
            name = self._content.name
            page = read_file(file, language, source, prefix=name, catalogue=self._catalogue, slug=slugify)
            self._pages[file] = page
        return self._pages[file]


def _redirects(content: Path) -> Redirects:
    try:
        return load_redirects(content)
    except ContentError:
        return {}


def _catalogue(content: Path) -> Catalogue | None:
    try:
        return load_catalogue(content)
    except ContentError:
        return None
