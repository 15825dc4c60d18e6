"""Give every page a category and an address: nav's top sections or top folders, small Latin letters, no two alike."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname, splitext
from typing import Any

from anyascii import anyascii

from answerdesk.articles.catalogue import RESERVED

GENERAL = "general"
INDEXES = ("index", "README")
NOT_LATIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where nav has a page: its top section and its own title, if nav names them."""

    section: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page's category, that category's name, and the path of the article it becomes."""

    category: str
    name: str
    path: str


def read_nav(nav: Sequence[Any], section: str = "", depth: int = 0) -> Iterator[tuple[str, Entry]]:
    """Yield the pages of nav, with their top section and title."""
    for item in nav:
        if isinstance(item, str):
            yield item.lstrip("/"), Entry(section=section, title="")
        elif isinstance(item, dict):
            for title, value in item.items():
                if isinstance(value, str):
                    yield value.lstrip("/"), Entry(section=section, title=str(title))
                elif isinstance(value, list):
                    yield from read_nav(value, section if depth else str(title), depth + 1)


def place_pages(sources: Sequence[str], entries: Mapping[str, Entry]) -> dict[str, Place]:
    """Return the place of each page, given by its path in the docs folder."""
    taken: set[str] = set()
    names: dict[str, str] = {}  # category → name
    places: dict[str, Place] = {}
    # Pages with a name of their own go first: an index takes what they leave.
    for source in sorted(sources, key=lambda source: (_is_index(source), source)):
        top = source.partition("/")[0] if "/" in source else ""
        entry = entries.get(source)
        name = entry.section if entry and entry.section else _words(top)
        category = _category(slug(name if entry and entry.section else top), name, names)
        steps = [slug(step) or "page" for step in splitext(source)[0].split("/")]
        if _is_index(source):
            steps = steps[:-1]
            steps = [*steps, "overview"] if len(steps) < 2 else steps
        if steps[0] != category:
            steps = [category, *steps[1:]] if top and not (entry and entry.section) else [category, *steps]
        path = _free("/".join(steps), taken)
        taken.add(path)
        places[source] = Place(category=category, name=names[category], path=path)
    return {source: places[source] for source in sorted(places)}


def slug(text: str) -> str:
    """Return a text as a part of an address."""
    return NOT_LATIN.sub("-", anyascii(text).lower()).strip("-")


def old_address(source: str, *, has_folders: bool) -> str:
    """Return a page's address on the old site, without the slash at its end."""
    stem = splitext(source)[0]
    if basename(stem) in INDEXES:
        return dirname(stem) if has_folders else f"{dirname(stem)}/index.html".lstrip("/")
    return stem if has_folders else f"{stem}.html"


def _category(id: str, name: str, names: dict[str, str]) -> str:
    id = id or GENERAL
    id = f"{id}-pages" if id in RESERVED else id
    names.setdefault(id, name or _words(GENERAL))
    return id


def _is_index(source: str) -> bool:
    return splitext(basename(source))[0] in INDEXES


def _words(folder: str) -> str:
    words = re.sub(r"[-_]+", " ", folder).strip()
    return words[:1].upper() + words[1:]


def _free(path: str, taken: set[str]) -> str:
    number, free = 1, path
    while free in taken:
        number += 1
        free = f"{path}-{number}"
    return free
