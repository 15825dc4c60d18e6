"""Read a collection of documents, and write it as articles that keep the content contract."""

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import markdown
import yaml

from answerdesk.articles.active_html import find_active
from answerdesk.articles.article import LONGEST_SUMMARY, LONGEST_TITLE

CATEGORIES = 12
LONGEST_NAME = 100  # characters of a file's name; Linux allows 255 bytes
PART, ARTICLE = 500, 3_000  # characters of a group of paragraphs, bytes of an article made of such, at least
REVIEWED = "2026-11-01"
Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class CollectionError(Exception):
    """A collection cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a collection. `name` is its id below the collection's own folder, the same in every language."""

    name: str
    language: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written of a collection: how many articles, and how many of them as code (see `_body`)."""

    language: str
    articles: int
    as_code: int


def read_collection(folder: Path, limit: int | None = None) -> Iterator[Entry]:
    """Yield the documents of a collection, at most `limit` of them.

    Raises:
        CollectionError: there is no docs.jsonl.gz, or a line is no document.
    """
    path = folder / "docs.jsonl.gz"
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in islice(lines, limit):
                row = json.loads(line)
                _, _, below = row["id"].partition("/")
                yield Entry(
                    name=below or row["id"], language=row["lang"], title=row.get("title") or "", text=row["text"]
                )
    except FileNotFoundError as error:
        raise CollectionError(f"{path} is missing. Name folders that hold a docs.jsonl.gz.") from error
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        cure = 'Each line is {"id": …, "lang": …, "title": …, "text": …}.'
        raise CollectionError(f"{path}: {error!r}. {cure}") from error


def language_of(folder: Path) -> str:
    """Return the language of a collection: that of its first document."""
    first = next(read_collection(folder, 1), None)
    if not first:
        raise CollectionError(f"{folder} has no documents. Leave it out.")
    return first.language


def recombine(folders: Sequence[Path], articles: int, seed: int = 1) -> Iterator[Entry]:
    """Yield so many new documents made of parts of real ones, the same for the same seed: as large as one wants, with
    a language's own words and their frequencies.

    Raises:
        CollectionError: a folder has no documents, or the folders' languages differ.
    """
    languages = {language_of(folder) for folder in folders}
    if len(languages) != 1:
        raise CollectionError(f"The languages are {', '.join(sorted(languages))}. Name folders of one language.")
    [language] = languages
    entries = [entry for folder in folders for entry in read_collection(folder)]
    titles = [entry.title or entry.text.strip().partition("\n")[0] for entry in entries]
    parts = [part for entry in entries for part in _parts(entry.text)]
    chance = random.Random(seed)
    for number in range(articles):
        text, size = [chance.choice(parts)], 0
        while (size := size + len(text[-1].encode("utf-8", "replace"))) < ARTICLE:
            text.append(chance.choice(parts))
        yield Entry(
            name=f"recombined/{number}",
            language=language,
            title=f"{chance.choice(titles)[:LONGEST_TITLE]} {number}",
            text="\n\n".join(text),
        )


def _parts(text: str) -> Iterator[str]:
    """Yield a text in groups of paragraphs, without the end of very long ones."""
    group = ""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        group = f"{group}\n\n{paragraph}" if group else paragraph
        if len(group) >= PART:
            yield group[: 4 * PART]
            group = ""
    if group:
        yield group


def write_articles(folder: Path, content: Path, limit: int | None = None) -> Written:
    """Write a collection's documents as Markdown files below `content`/<language>/<category>/."""
    language = language_of(folder)
    # A collection that is one heap of files has no folders to make categories of; there each name has its own.
    has_folders = len({_folder(entry.name) for entry in read_collection(folder, limit)}) >= CATEGORIES
    for number in range(CATEGORIES):
        (content / language / category_id(number)).mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    articles = as_code = 0
    for articles, entry in enumerate(read_collection(folder, limit), 1):  # noqa: B007 - the count is returned
        category = category_id(_hash(_folder(entry.name) if has_folders else entry.name) % CATEGORIES)
        name = _free_name(entry.name, taken)
        body, is_code = _body(entry.text.replace("\r", ""))
        as_code += is_code
        text = f"---\n{_front_matter(entry, category)}---\n\n{body}\n"
        (content / language / category / f"{name}.md").write_bytes(text.encode("utf-8", "replace"))
    return Written(language=language, articles=articles, as_code=as_code)


def category_id(number: int) -> str:
    """Return the id of a category by its number, from 0."""
    return f"topic-{number + 1:02}"


def _front_matter(entry: Entry, category: str) -> str:
    lines = [line for line in (" ".join(line.split()) for line in entry.text.splitlines()) if line]
    title = " ".join(entry.title.split()) or (lines[0] if lines else entry.name)
    rest = " ".join(lines[1:] if lines and lines[0] == title else lines)
    meta = {
        "title": _cut(title, LONGEST_TITLE),
        "summary": _cut(rest or title, LONGEST_SUMMARY),
        "category": category,
        "owner": "bench",
        "review_every": 180,
    }
    fields: str = yaml.dump(meta, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return f"{fields}reviewed: {REVIEWED}\n"


def _body(text: str) -> tuple[str, bool]:
    """Return the text as it is, or as code if the portal would refuse it as active: such pages fail a build."""
    may_be_active = "<" in text or "](" in text or "]:" in text
    if not (may_be_active and find_active(markdown.markdown(text, extensions=["tables", "fenced_code"]))):
        return text, False
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}", True


def _free_name(name: str, taken: set[str]) -> str:
    """Return a file name made of a-z, 0-9 and hyphens; one that is taken or says too little gets a hash of the id."""
    safe = re.sub("[^a-z0-9]+", "-", name.rpartition("/")[2].lower()).strip("-")
    if len(safe) > LONGEST_NAME or safe in taken or safe in ("", "index"):
        safe = f"{safe[:LONGEST_NAME]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".strip("-")
    if safe in taken:
        raise CollectionError(f"{name} is twice in the collection. Ids must be unique.")
    taken.add(safe)
    return safe


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
