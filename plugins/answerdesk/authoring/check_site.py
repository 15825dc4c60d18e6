"""Check a site's content: read what the rules need, each file again only when it has changed."""

import os
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import yaml
from markdown.extensions.toc import slugify
from mkdocs.config.defaults import MkDocsConfig

from answerdesk.articles.build_audience import Edition, read_today
from answerdesk.articles.catalogue import Catalogue, load_catalogue
from answerdesk.articles.errors import ContentError
from answerdesk.articles.redirects import read_rows
from answerdesk.authoring.build_faults import faults_unsaid
from answerdesk.build.configuration import languages_of, load_site_config, root_url
from answerdesk.build.dry_run import find_faults
from answerdesk.checks.reading.blocks import Slug
from answerdesk.checks.reading.content import Content, Terminology
from answerdesk.checks.reading.page import CheckedPage, read_file
from answerdesk.checks.reading.rendered import renderer
from answerdesk.checks.registry import BUILD, NAMES, SEARCH_GATE, run_rules
from answerdesk.checks.report.finding import Finding
from answerdesk.checks.rules.terminology import read_terminology
from answerdesk.gate.gate import ask_language
from answerdesk.gate.in_memory_index import last_state
from answerdesk.support import safe_yaml
from answerdesk.support.content_files import list_files
from answerdesk.support.yaml_file import read_yaml_text
from answerdesk.support.yaml_lines import say_yaml
from answerdesk.translations.errors import RecordError
from answerdesk.translations.fallbacks import FOLDER as FALLBACKS
from answerdesk.translations.fallbacks import read_fallbacks
from answerdesk.translations.record import FOLDER as SOURCES
from answerdesk.translations.record import read_record, record_file

MIN_FILES_FOR_PROCESSES = 400  # files; fewer are read sooner than a second process has started
TERMINOLOGY = "words.yml"

Stamp = tuple[int, int]
Named = tuple[str, str, Path]  # language, source, file


@dataclass(kw_only=True)
class CheckContext:
    """What an author's checks remember from one to the next: pages by file."""

    pages: dict[Path, tuple[Stamp, CheckedPage]] = field(default_factory=dict)
    basis: object = None  # what pages depend on beside their files


def check_content(
    config_file: Path,
    *,
    rules: Collection[str] = NAMES,
    languages: Collection[str] = (),
    context: CheckContext | None = None,
) -> list[Finding]:
    """Return what is wrong with the content, in all languages or in some.

    Raises:
        ContentError: the site's configuration or a shared file cannot be read, or a language has no folder.
    """
    config = load_site_config(config_file)
    known = languages_of(config)
    if strange := [language for language in languages if language not in known]:
        raise ContentError(f"--lang is {strange[0]!r}; {config_file.name} has: {', '.join(known)}.")
    edition = Edition(today=read_today(os.environ))
    content = read_content(config, context or CheckContext(), edition.today)
    findings = run_rules(content, rules)
    others = [language for language in known if languages and language not in languages]
    hidden = tuple(_files_of(others, content.prefix))
    findings = [finding for finding in findings if not finding.file.startswith(hidden)]
    # What stops every build stops an index too. Where it is among the findings, queries wait until it is mended.
    asked = languages or known
    states = {code: last_state(config_file, code, edition) for code in asked} if {BUILD, SEARCH_GATE} & {*rules} else {}
    if BUILD in rules:
        found = {code: find_faults(config_file, code, edition, states[code]) for code in asked}
        new = faults_unsaid(found, findings, config_file.name)
        findings += [finding for finding in new if not finding.file.startswith(hidden)]
    is_refused = any(finding.rule in ("active-html", "leak", BUILD) for finding in findings)
    for language in asked if SEARCH_GATE in rules else ():
        try:
            findings += ask_language(config_file, language, edition, states[language]).findings
        except ContentError:
            if not is_refused:
                raise
    return sorted(findings, key=lambda finding: finding.place)


def _files_of(languages: Iterable[str], prefix: str) -> Iterator[str]:
    """Yield what the names of languages' own files begin with."""
    for language in languages:
        yield f"{prefix}/{language}/"
        yield from (f"{prefix}/{folder}/{language}.yml" for folder in (FALLBACKS, SOURCES))


def read_content(config: MkDocsConfig, context: CheckContext, today: date) -> Content:
    """Return the content of a site.

    Raises:
        ContentError: a shared file cannot be read, or a language has no folder.
    """
    folder = Path(config.docs_dir).parent
    languages = languages_of(config)
    for language in languages:
        if not (folder / language).is_dir():
            name = Path(config.config_file_path).name
            raise ContentError(
                f"{folder / language} is missing. Make it, or take {language} out of the languages in {name}."
            )
    catalogue = load_catalogue(folder)
    _read_translation_files(folder, languages[1:])
    named, files = _find_files(folder, languages)
    slug = config.mdx_configs.get("toc", {}).get("slugify")
    options = config.plugins["answerdesk/articles"].config
    return Content(
        languages=tuple(languages),
        pages=tuple(_read_pages(named, folder.name, catalogue, slug or slugify, context)),
        files=files,
        folder=folder,
        prefix=folder.name,
        catalogue=catalogue,
        root_url=root_url(config),
        has_fallback=bool(options.get("fallback", False)),
        terminology=_read_terminology(folder / TERMINOLOGY),
        today=today,
        grace_days=options.get("grace_days", 180),
        redirects=read_rows(folder)[0],  # a rule says which of them are no good
        render=renderer(config.markdown_extensions, config.mdx_configs),
    )


def _find_files(folder: Path, languages: Iterable[str]) -> tuple[list[Named], frozenset[str]]:
    """Return the pages' files in the order of the languages, and the names of all files."""
    named: list[Named] = []
    files: set[str] = set()
    for language in languages:
        for file in map(Path, list_files(folder / language)):
            source = file.relative_to(folder / language).as_posix()
            files.add(f"{language}/{source}")
            if source.endswith(".md"):
                named.append((language, source, file))
    return named, frozenset(files)


def _read_pages(
    named: list[Named], prefix: str, catalogue: Catalogue, slug: Slug, context: CheckContext
) -> Iterator[CheckedPage]:
    if context.basis != catalogue:
        context.pages.clear()
        context.basis = catalogue
    stamps = {file: _stamp(file) for _, _, file in named}
    due = [row for row in named if context.pages.get(row[2], (None,))[0] != stamps[row[2]]]
    read = partial(_read_page, prefix=prefix, catalogue=catalogue, slug=slug)
    if len(due) < MIN_FILES_FOR_PROCESSES:
        pages = [read(row) for row in due]
    else:
        with ProcessPoolExecutor() as pool:
            pages = list(pool.map(read, due, chunksize=50))
    for (_, _, file), page in zip(due, pages, strict=True):
        context.pages[file] = stamps[file], page
    for file in context.pages.keys() - stamps.keys():
        del context.pages[file]
    for _, _, file in named:
        yield context.pages[file][1]


def _read_page(row: Named, *, prefix: str, catalogue: Catalogue, slug: Slug) -> CheckedPage:
    language, source, file = row
    return read_file(file, language, source, prefix=prefix, catalogue=catalogue, slug=slug)


def _stamp(file: Path) -> Stamp:
    status = file.stat()
    return status.st_mtime_ns, status.st_size


def _read_terminology(file: Path) -> Terminology:
    return read_terminology(_read_yaml(file) or {}, f"{file.parent.name}/{file.name}") if file.exists() else {}


def _read_translation_files(folder: Path, languages: Iterable[str]) -> None:
    """Refuse what builds refuse, since a rule looks only at what these files name."""
    try:
        for language in languages:
            read_fallbacks(folder, language)
            read_record(record_file(folder, language))
    except RecordError as error:
        raise ContentError(str(error)) from error


def _read_yaml(file: Path) -> object:
    try:
        return safe_yaml.load(read_yaml_text(file))
    except yaml.YAMLError as error:
        raise ContentError(say_yaml(f"{file.parent.name}/{file.name}", error)) from error
