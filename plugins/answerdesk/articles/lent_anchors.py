"""Map the anchors in links of fallback articles to the headings of translations.

An article that a language lacks is shown in the source's words, with links to headings as the source has them. Where
the article that it links to is translated, the record of the translation knows which section was made from which.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.reader import Reader
from answerdesk.articles.template_site import Site
from answerdesk.articles.variables import fill
from answerdesk.translations.drift import Hashes
from answerdesk.translations.errors import RecordError
from answerdesk.translations.record import Record, read_record, record_file
from answerdesk.translations.sections import key_of, split_article

SECTION_LEVELS = (2, 3)
_HEADING = re.compile(r"""<h[23]\b[^>]*?\sid=["']([^"'>]+)["']""")


def mend_lent_anchors(
    pages: Iterable[Any], content: Path, site: Site, reader: Reader, render: Callable[[str], str]
) -> None:
    """Change links of lent articles that name a heading their target lacks: to its translation, or to the page's top.

    `pages` are MkDocs' own, with their content, after all of them are rendered.
    """
    record: Record | None = None
    for page in pages:
        if not _is_lent(page) or not page.links_to_anchors:
            continue
        for file, links in page.links_to_anchors.items():
            target = file.page
            lost = [anchor for anchor in links if target and anchor not in (target.present_anchor_ids or ())]
            if not lost or _is_lent(target):
                continue
            record = _read(content, site.language.code) if record is None else record
            source = file.src_uri
            anchors = _source_anchors(content / site.source.code / source, source, site, reader, render)
            for anchor in lost:
                made = record.get(source.removesuffix(".md"), ())
                new = _partner(anchor, anchors, made, _section_ids(target.toc))
                page.content = _changed(page.content or "", page, file, links.pop(anchor), new)


def _is_lent(page: Any) -> bool:
    article = page.meta.get("article")
    return bool(article and article.language)


def _read(content: Path, language: str) -> Record:
    try:
        return read_record(record_file(content, language))
    except RecordError:  # which is told elsewhere
        return {}


def _source_anchors(
    file: Path, source: str, site: Site, reader: Reader, render: Callable[[str], str]
) -> Sequence[tuple[str, str]]:
    """Return the anchor of each section of a source article, with the hash of its heading."""
    split = reader.split(source, file) if file.is_file() else None
    if split is None or isinstance(split, ContentProblem):
        return ()
    meta, markdown = split
    sections = split_article(str(meta.get("title") or ""), str(meta.get("summary") or ""), markdown)[1:]
    anchors = _HEADING.findall(render(fill(markdown, site.catalogue.variables(site.source.code))))
    if len(anchors) != len(sections):
        return ()
    return [(anchor, section.keys[0]) for anchor, section in zip(anchors, sections, strict=True)]


def _partner(anchor: str, anchors: Sequence[tuple[str, str]], made: Sequence[Hashes], ids: Sequence[str]) -> str:
    """Return the anchor of the section that was made from the one with this anchor, or nothing."""
    number = next((number for number, (known, _) in enumerate(anchors) if known == anchor), None)
    if number is None:
        return ""
    recorded = [key_of(hashes[0]) if hashes else "" for hashes in made[1:]]
    if len(recorded) != len(ids):  # nothing is recorded, or the translation was changed since: by order alone
        return ids[number] if len(ids) == len(anchors) else ""
    heading = anchors[number][1]
    if heading in recorded:
        return ids[recorded.index(heading)]
    return ids[number] if len(ids) == len(anchors) else ""


def _section_ids(items: Iterable[Any]) -> list[str]:
    ids = []
    for item in items:
        if item.level in SECTION_LEVELS:
            ids.append(item.id)
        ids += _section_ids(item.children)
    return ids


def _changed(html: str, page: Any, file: Any, link: str, anchor: str) -> str:
    """Return a page's HTML with the address of a link to another page's heading changed."""
    url = file.url_relative_to(page.file)
    old = re.compile(rf'(<a\b[^>]*\shref="){re.escape(url)}#{re.escape(urlsplit(link).fragment)}(?=")')
    return old.sub(lambda match: f"{match[1]}{url}#{anchor}" if anchor else f"{match[1]}{url}", html)
