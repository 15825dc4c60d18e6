"""One page as the rules see it: its file, front matter, article and blocks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from answerdesk.articles.article import Article, read_article
from answerdesk.articles.catalogue import Catalogue
from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.library import is_article
from answerdesk.articles.source import split_source, unknown_variables, untranslated
from answerdesk.articles.variables import fill
from answerdesk.checks.reading.blocks import Blocks, Slug, read_blocks
from answerdesk.support import safe_yaml
from answerdesk.translations.notes import open_notes


@dataclass(frozen=True, kw_only=True)
class CheckedPage:
    """A Markdown file of a language. `start` is how many lines stand before its text, `markdown` the text filled in."""

    file: str
    language: str
    source: str
    text: str
    start: int
    meta: Mapping[str, Any]
    markdown: str
    blocks: Blocks
    article: Article | None = None
    problems: tuple[ContentProblem, ...] = ()

    @property
    def path(self) -> str:
        """Return the path that `related` and addresses use."""
        return self.source.removesuffix(".md")

    @property
    def base(self) -> str:
        """Return the folder from which browsers follow its addresses: account/vpn/ for account/vpn.md."""
        folder, _, name = self.source.rpartition("/")
        return folder if name in ("index.md", "README.md") else self.path

    @property
    def is_article(self) -> bool:
        """Tell whether the contract holds for it."""
        return is_article(self.source)

    @property
    def is_public(self) -> bool:
        """Tell whether everyone may read it, once it is published."""
        return bool(self.meta.get("audience", "public") == "public")

    @property
    def title(self) -> str:
        """Return what readers know it by: the title, else the first heading, else the file's name."""
        if self.article:
            return self.article.title
        named = self.meta.get("title")
        if isinstance(named, str) and named.strip():
            return named.strip()
        return next((heading.text for heading in self.blocks.headings if heading.level == 1), self.source)

    @cached_property
    def lines(self) -> list[str]:
        """Return the file's lines."""
        return self.text.split("\n")

    def line_of(self, field: str, value: object = None) -> int:
        """Return the line of a field, or of a value in its list; of a field that is missing, the first."""
        found = self._field_lines
        return found.get((field, _plain(value))) or found.get((field, ""), 1)

    @cached_property
    def _field_lines(self) -> Mapping[tuple[str, str], int]:
        return _field_lines("\n".join(self.lines[: self.start]))


def read_page(
    file: str, language: str, source: str, text: str, *, catalogue: Catalogue | None, slug: Slug
) -> CheckedPage:
    """Read a page; without a catalogue its front matter is taken as it is."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    split = split_source(source, text)
    problems: list[ContentProblem] = []
    meta: Mapping[str, Any] = {}
    body, start = text, 0
    if isinstance(split, ContentProblem):
        problems.append(split)
        body, start = _below_front_matter(text)
    else:
        meta, body = split
        start = text.count("\n", 0, len(text) - len(body))
    article: Article | None = None
    markdown = body
    if catalogue:
        variables = catalogue.variables(language)
        markdown = fill(open_notes(body), variables)
        if is_article(source) and not problems:
            read = read_article(source.removesuffix(".md"), meta, catalogue)
            article = read if isinstance(read, Article) else None
            problems += read if isinstance(read, tuple) else unknown_variables(source, text, variables)
            problems += untranslated(source, body)
    return CheckedPage(
        file=file,
        language=language,
        source=source,
        text=text,
        start=start,
        meta=meta,
        markdown=markdown,
        blocks=read_blocks(markdown, slug, start),
        article=article,
        problems=tuple(problems),
    )


def read_file(
    file: Path, language: str, source: str, *, prefix: str, catalogue: Catalogue | None, slug: Slug
) -> CheckedPage:
    """Read a page from the disk; one that is no UTF-8 has that problem alone."""
    data = file.read_bytes()
    text = data.decode("utf-8", "replace")
    page = read_page(f"{prefix}/{language}/{source}", language, source, text, catalogue=catalogue, slug=slug)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        value = f"byte {error.start} is no UTF-8"
        unreadable = ContentProblem(file=source, field="encoding", value=value, cure="Save it as UTF-8.")
        return replace(page, article=None, problems=(unreadable,))
    return page


def _below_front_matter(text: str) -> tuple[str, int]:
    """Return the text below a front matter that is no good, and how many lines stand before it."""
    match = re.match(r"---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)", text)
    end = match.end() if match else 0
    return text[end:], text.count("\n", 0, end)


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _field_lines(front: str) -> dict[tuple[str, str], int]:
    """Return the lines of fields, and of the values in them."""
    inner = "\n".join(front.split("\n")[1:]).rsplit("---", 1)[0]
    try:
        node = safe_yaml.compose(inner)
    except yaml.YAMLError:
        return {}
    lines: dict[tuple[str, str], int] = {}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        lines[key.value, ""] = key.start_mark.line + 2
        for item in value.value if isinstance(value, yaml.SequenceNode) else ():
            lines.setdefault((key.value, str(item.value)), item.start_mark.line + 2)
    return lines
