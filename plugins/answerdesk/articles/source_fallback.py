"""What a language's site shows of the source language: articles it has not translated, and what it should have."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from answerdesk.articles.article import Article
from answerdesk.articles.catalogue import Catalogue
from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.errors import ContentError
from answerdesk.articles.reader import Reader, Reading
from answerdesk.articles.template_site import Site
from answerdesk.articles.variables import fill
from answerdesk.translations.drift import Hashes, find_drift, keys_of
from answerdesk.translations.drift_markers import Original, count_blocks, mark_page
from answerdesk.translations.errors import RecordError
from answerdesk.translations.fallbacks import OwnWords, read_fallbacks
from answerdesk.translations.record import read_record, record_file
from answerdesk.translations.render import lead_addresses
from answerdesk.translations.sections import TextSection, split_article

ENCLOSED = re.compile(r"""\(\s*<([^<>\n]+)>|\]\(\s*([^\s<>]+)\)|=\s*"([^"\n]+)"|=\s*'([^'\n]+)'|\]:\s*<([^<>\n]+)>""")
FILE = re.compile(r"[^\s()\"'<>\[\]#?]+\.[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """A translation whose source has changed: what it was made from, and what the source says now."""

    recorded: tuple[Hashes, ...]
    sections: tuple[TextSection, ...]

    @property
    def hashes(self) -> tuple[Hashes, ...]:
        """Return what stands for the blocks of its sections."""
        return tuple(section.hashes for section in self.sections)


def read_untranslated(
    content: Path, source: str, language: str, paths: Collection[str], catalogue: Catalogue, reader: Reader
) -> dict[str, Reading]:
    """Return the source's articles at paths that a language has no article of, by their files' paths.

    Raises:
        ContentError: the language's own words for them cannot be read.
    """
    try:
        own = read_fallbacks(content, language)
    except RecordError as error:
        raise ContentError(str(error)) from error
    readings = {}
    for path in sorted(paths):
        file = f"{path}.md"
        reading = reader.read(file, content / source / file, catalogue, source)
        if reading.article:
            lent = lend(reading.article, source, own.get(path, OwnWords()))
            readings[file] = Reading(article=lent, markdown=reading.markdown)
    return readings


def lend(article: Article, source: str, own: OwnWords) -> Article:
    """Return a source's article as another language shows it: with its own title and words, if it has some."""
    return replace(
        article,
        title=own.title or article.title,
        aliases=(*own.aliases, *article.aliases),
        language=source,
        title_language="" if own.title else source,
    )


def asked_files(path: str, markdown: str) -> set[str]:
    """Return the files, below the language's folder, that an article may ask for: too many, not too few."""
    names = {*FILE.findall(markdown), *(name for names in ENCLOSED.findall(markdown) for name in names if name)}
    paths = {unquote(name.partition("#")[0].partition("?")[0]).strip() for name in names if "://" not in name}
    # Markdown is relative to the file, raw HTML to the page's address.
    found = {normpath(join(start, name)) for name in paths for start in (dirname(path), path)}
    return {file for file in found if not file.endswith(".md") and not file.startswith("..")}


def find_outdated(content: Path, site: Site, reader: Reader) -> dict[str, Outdated]:
    """Return which of a language's translations are older than their source, by path.

    Raises:
        ContentError: the record of what they were made from is damaged.
    """
    source, language = site.source.code, site.language.code
    if source == language:
        return {}
    try:
        record = read_record(record_file(content, language))
    except RecordError as error:
        raise ContentError(str(error)) from error
    outdated = {}
    for path in site.twins[source].keys() & site.twins[language].keys() & record.keys():
        name, recorded = f"{path}.md", record[path]
        file = content / source / name
        if recorded and keys_of(recorded) != reader.hashes(name, file):
            split = reader.split(name, file)
            if not isinstance(split, ContentProblem):
                outdated[path] = Outdated(recorded=recorded, sections=split_article(*_texts(*split)))
    return outdated


def mark_outdated(
    html: str, path: str, outdated: Outdated, site: Site, render: Callable[[str], str], has: Callable[[str], bool]
) -> str:
    """Return an outdated translation's HTML with marks at what changed; `has` tells of files that its site has."""
    source = site.source
    variables = site.catalogue.variables(source.code)

    def render_piece(text: str) -> str:
        return lead_addresses(render(fill(text, variables)), lambda url: lead(url, path, source.code, has))

    original = Original(
        sections=outdated.sections, language=source.code, direction=source.direction, render=render_piece
    )
    return mark_page(html, find_drift(outdated.hashes, outdated.recorded, count_blocks(html)), original, site.words)


def lead(url: str, path: str, source: str, has: Callable[[str], bool]) -> str:
    """Return an address that stands in a source article as it leads from another language's page at the same path.

    To the language's own article if it `has` that file, else into the source's site.
    """
    address = urlsplit(url)
    if address.scheme or address.netloc or url.startswith("/"):
        return url
    home = "../" * (path.count("/") + 1)
    rest = (f"?{address.query}" if address.query else "") + (f"#{address.fragment}" if address.fragment else "")
    if not address.path:
        return f"{home}../{source}/{path}/{rest}"
    target = normpath(join(dirname(path), address.path))
    is_own = target.endswith(".md") and has(target)
    page = f"{target.removesuffix('.md')}/" if target.endswith(".md") else target
    return f"{home}{page}{rest}" if is_own else f"{home}../{source}/{page}{rest}"


def _texts(meta: Mapping[str, object], markdown: str) -> tuple[str, str, str]:
    return str(meta.get("title") or ""), str(meta.get("summary") or ""), markdown
