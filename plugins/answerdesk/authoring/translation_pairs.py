"""Read pairs of a source article and its translation from the disk, with what is recorded of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.errors import ContentError
from answerdesk.articles.library import article_files
from answerdesk.articles.source import FRONT_MATTER, split_source
from answerdesk.build.configuration import languages_of, load_site_config
from answerdesk.translations.drift import Drift, DriftState, Hashes, find_drift
from answerdesk.translations.errors import RecordError
from answerdesk.translations.record import read_record, record_file, write_record
from answerdesk.translations.sections import TextSection, split_article
from answerdesk.translations.status import Status, status_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An article's file: its front matter and Markdown as they are written, and its sections."""

    file: Path
    front: str
    markdown: str
    sections: tuple[TextSection, ...]

    @property
    def hashes(self) -> tuple[Hashes, ...]:
        """Return the hashes of its sections."""
        return tuple(section.hashes for section in self.sections)

    @property
    def counts(self) -> list[int]:
        """Return how many blocks its sections have."""
        return [len(section.blocks) for section in self.sections]


class Translations:
    """The articles of a site and the records of their translations; the first language is the source."""

    def __init__(self, config_file: Path) -> None:
        """Open a site.

        Raises:
            ContentError: its configuration cannot be read.
        """
        self.config = load_site_config(config_file)
        self.content = Path(self.config.docs_dir).parent
        self.languages = languages_of(self.config)
        self.source = self.languages[0]
        self._records: dict[str, dict[str, tuple[Hashes, ...]]] = {}

    @property
    def targets(self) -> Sequence[str]:
        """Return the languages that articles are translated into."""
        return self.languages[1:]

    def target(self, language: str) -> str:
        """Return a language that articles are translated into.

        Raises:
            ContentError: it is the source, or none of the site's languages.
        """
        if language not in self.targets:
            known = ", ".join(self.targets) or "none; add some to languages in mkdocs.yml"
            reason = "the source language" if language == self.source else "no language of this site"
            raise ContentError(f"{language} is {reason}. Articles are translated into: {known}.")
        return language

    def path(self, article: str) -> str:
        """Return the path of an article that was named as a path, address or file.

        Raises:
            ContentError: the source language has no such article.
        """
        prefix = f"{self.content.name}/{self.source}/"
        path = article.strip("/").removesuffix(".md")
        path = path.partition(prefix)[2] if prefix in path else path
        if not self.file(self.source, path).is_file():
            raise ContentError(
                f"{article}: {prefix}{path}.md is not there. Write a path such as account/forgot-password."
            )
        return path

    def paths(self) -> list[str]:
        """Return the paths of the source's articles."""
        return [source.removesuffix(".md") for source, _ in article_files(self.content / self.source)]

    def file(self, language: str, path: str) -> Path:
        """Return where an article is, or would be."""
        return self.content / language / f"{path}.md"

    def text(self, language: str, path: str) -> Text | None:
        """Return an article's text, if there is one.

        Raises:
            ContentError: its front matter cannot be read.
        """
        file = self.file(language, path)
        name = f"{self.content.name}/{language}/{path}.md"
        try:
            raw = file.read_text("utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise ContentError(f"{name}: byte {error.start} is no UTF-8. Save it as UTF-8.") from error
        split = split_source(name, raw)
        if isinstance(split, ContentProblem):
            raise ContentError(str(split))
        meta, markdown = split
        match = FRONT_MATTER.match(raw.removeprefix("\ufeff").replace("\r\n", "\n"))
        return Text(
            file=file,
            front=match.group(1) if match else "",
            markdown=markdown,
            sections=split_article(str(meta.get("title") or ""), str(meta.get("summary") or ""), markdown),
        )

    def recorded(self, language: str, path: str) -> tuple[Hashes, ...]:
        """Return from what an article was translated; nothing if that was not recorded.

        Raises:
            ContentError: the record is damaged.
        """
        return self._record(language).get(path, ())

    def record(self, language: str, path: str, sections: tuple[Hashes, ...]) -> None:
        """Note from what an article was translated; `save` writes it."""
        self._record(language)[path] = sections

    def save(self, language: str) -> None:
        """Write the record of a language."""
        write_record(record_file(self.content, language), self._record(language))

    def drift(self, language: str, path: str, source: Text, translation: Text) -> Drift | None:
        """Return what changed since an article was translated, or None if that is not known."""
        recorded = self.recorded(language, path)
        return find_drift(source.hashes, recorded, translation.counts) if recorded else None

    def statuses(self, languages: Sequence[str]) -> Iterator[Status]:
        """Yield how every article of the source stands in some languages.

        Raises:
            ContentError: an article or record cannot be read.
        """
        for path in self.paths():
            source = self.text(self.source, path)
            for language in languages:
                translation = self.text(language, path)
                if source is None or translation is None:
                    yield Status(path=path, language=language, state=DriftState.MISSING)
                elif drift := self.drift(language, path, source, translation):
                    yield status_of(path, language, source.sections, drift)
                else:
                    yield Status(path=path, language=language, state=DriftState.UNKNOWN)

    def _record(self, language: str) -> dict[str, tuple[Hashes, ...]]:
        if language not in self._records:
            try:
                self._records[language] = read_record(record_file(self.content, language))
            except RecordError as error:
                raise ContentError(str(error)) from error
        return self._records[language]
