"""Build what changes while authors write: first the page that they look at, then all that depends on it."""

from collections.abc import Callable, Iterable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from answerdesk.articles.build_audience import Edition
from answerdesk.articles.errors import ContentError
from answerdesk.articles.library import is_article
from answerdesk.articles.reader import Known, Reader
from answerdesk.articles.theme import portal_folder
from answerdesk.build.configuration import languages_of, load_site_config
from answerdesk.build.fingerprint import basis_of, fingerprints, survey
from answerdesk.build.shared_files import write_root
from answerdesk.preview.build_processes import Builders
from answerdesk.preview.server import News, addresses


class PreviewSession:
    """A site under work."""

    def __init__(self, config_file: Path, edition: Edition, news: News, say: Callable[[str], None]) -> None:
        self._config_file = config_file
        self._edition = edition
        self._news = news
        self._say = say
        self._config = self._load()
        self.languages = languages_of(self._config)
        self._builders = Builders(config_file, self.languages, edition)
        self._problems: dict[str, tuple[str, ...]] = {}
        self._failed: set[str] = set()
        self._shared_fault = ""
        self._reader = Reader()
        self._reader.known = Known(keeps_emptied=True)
        self._marks: dict[str, str] = {}

    @property
    def site(self) -> Path:
        """Return the folder of the built preview."""
        return Path(self._config.site_dir).parent

    @property
    def content(self) -> Path:
        """Return the folder of the languages' folders."""
        return Path(self._config.docs_dir).parent

    @property
    def watched(self) -> list[Path]:
        """Return the folders whose files make the site."""
        return [self.content, portal_folder(self._config)]

    def build(self) -> None:
        """Build what is not as it was built last, and tell open pages what changed and what is wrong.

        A fault in a file that all languages share is told like any other, and the pages stay as they are.
        """
        self._shared_fault = ""
        try:
            self._build()
        except ContentError as error:
            self._shared_fault = str(error)
        except OSError as error:
            self._shared_fault = f"{error.filename}: {error.strerror}."
        self._tell_problems()

    def _build(self) -> None:
        self._config = self._load()
        basis = basis_of(self._config_file, self._config, self._edition)
        found = survey(self._config, self.languages, self._reader, self._edition)
        marks = fingerprints(self._config, self.languages, basis, found)
        due = [code for code in self.languages if marks[code] != self._marks.get(code)]
        self._marks = dict(marks)
        for result in self._builders.build(due, basis):
            if result.made:
                self._problems[result.language] = result.made.messages
                (self._failed.discard if result.made.is_built else self._failed.add)(result.language)
                self._news.tell("built", changed=addresses({result.language: result.made.changed}))
                self._say(f"{result.language:8} {'built' if result.made.is_built else 'FAILED'}")
        write_root(self._config, self.languages, self._edition)

    def take(self, changed: Iterable[Path]) -> None:
        """Build what depends on changed files."""
        changed = list(changed)
        if len(changed) == 1 and self._owner(changed[0]):
            self._refresh(changed[0])
        self.build()

    def close(self) -> None:
        """End all builds."""
        self._builders.close()

    def _refresh(self, path: Path) -> None:
        language = self._owner(path)
        source = path.relative_to(self.content / language).as_posix()
        if path.suffix == ".md" and is_article(source) and path.exists():
            made = self._builders.refresh(language, source, "").made
            if made:
                self._news.tell("built", changed=addresses({language: made.changed}))

    def _owner(self, path: Path) -> str:
        """Return the language to whose folder a file belongs, or nothing."""
        parts = path.relative_to(self.content).parts if path.is_relative_to(self.content) else ("",)
        return parts[0] if parts[0] in self.languages and len(parts) > 1 else ""

    def _tell_problems(self) -> None:
        # A fault in an article that other languages show too is said once.
        first = {message: code for code in reversed(self.languages) for message in self._problems.get(code, ())}
        messages = dict.fromkeys(message for code in self.languages for message in self._problems.get(code, ()))
        problems = [f"{first[message]}: {message}" for message in messages]
        failed = sorted(self._failed)
        if self._shared_fault and not self._failed:  # else each language has told it
            problems, failed = [self._shared_fault], list(self.languages)
        for problem in problems:
            self._say(problem)
        self._news.tell("problems", problems=problems, failed=failed)

    def _load(self) -> MkDocsConfig:
        return load_site_config(self._config_file, suffix=self._edition.suffix)
