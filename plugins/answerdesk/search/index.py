"""The index and its files. `docs/search-index.md` specifies every field; `runtime/index.js` is the twin reader."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answerdesk.search.documents import Section
from answerdesk.search.errors import DamagedIndex, MissingIndex, WrongFormat

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a result shows of a document, and the text its excerpt is cut from."""

    url: str
    id: str
    title: str
    summary: str
    breadcrumb: tuple[str, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Terms sorted by UTF-16 code units; `postings[i]` are the (article, impact) pairs of `terms[i]`, by article."""

    language: str
    analysis: dict[str, Any]
    articles: tuple[Article, ...]
    terms: tuple[str, ...]
    postings: tuple[tuple[tuple[int, int], ...], ...]
    forms: tuple[tuple[str, int], ...]  # spellings that are no terms themselves → number of their term
    rarities: tuple[int, ...]


def write_index(index: Index, folder: Path) -> Path:
    """Write an index into a folder and return its manifest; files that an older manifest named are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    content = _dump(_encode(index))
    name = f"index-{hashlib.sha256(content).hexdigest()[:12]}.json"
    for old in folder.glob("index-*.json"):
        if old.name != name:
            old.unlink()
    (folder / name).write_bytes(content)
    manifest = folder / MANIFEST
    manifest.write_bytes(_dump({"format": FORMAT, "language": index.language, "index": name}))
    return manifest


def read_index(folder: Path) -> Index:
    """Read the index in a folder.

    Raises:
        MissingIndex: there is none.
        WrongFormat: it was written in another format.
        DamagedIndex: a file is cut off or was changed.
    """
    manifest = _load(folder / MANIFEST)
    if manifest.get("format") != FORMAT:
        raise WrongFormat(folder / MANIFEST, manifest.get("format"), FORMAT)
    path = folder / str(manifest.get("index"))
    data = _load(path)
    if path.stem.removeprefix("index-") != hashlib.sha256(path.read_bytes()).hexdigest()[:12]:
        raise DamagedIndex(path)
    try:
        return _decode(data)
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedIndex(path) from error


def _encode(index: Index) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "language": index.language,
        "analysis": index.analysis,
        "articles": [
            [a.url, a.title, a.summary, list(a.breadcrumb), [[s.heading, s.anchor, s.text] for s in a.sections], a.id]
            for a in index.articles
        ],
        "terms": "\n".join(index.terms),
        "postings": [_gaps(postings) for postings in index.postings],
        "forms": "\n".join(form for form, _ in index.forms),
        "formTerms": [term for _, term in index.forms],
        "rarities": list(index.rarities),
    }


def _decode(data: dict[str, Any]) -> Index:
    terms = _lines(data["terms"])
    forms = _lines(data["forms"])
    postings = tuple(_ungap(flat) for flat in data["postings"])
    if len(terms) != len(postings) or len(forms) != len(data["formTerms"]):
        raise ValueError("terms and postings differ in number")
    return Index(
        language=data["language"],
        analysis=data["analysis"],
        articles=tuple(
            Article(
                url=url,
                id=id,
                title=title,
                summary=summary,
                breadcrumb=tuple(breadcrumb),
                sections=tuple(Section(heading=h, anchor=a, text=t) for h, a, t in sections),
            )
            for url, title, summary, breadcrumb, sections, id in data["articles"]
        ),
        terms=tuple(terms),
        postings=postings,
        forms=tuple(zip(forms, data["formTerms"], strict=True)),
        rarities=tuple(data["rarities"]),
    )


def _gaps(postings: tuple[tuple[int, int], ...]) -> list[int]:
    flat, last = list[int](), 0
    for article, impact in postings:
        flat += (article - last, impact)
        last = article
    return flat


def _ungap(flat: list[int]) -> tuple[tuple[int, int], ...]:
    postings, article = [], 0
    for gap, impact in zip(flat[::2], flat[1::2], strict=True):
        article += gap
        postings.append((article, impact))
    return tuple(postings)


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _load(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
    except FileNotFoundError as error:
        raise MissingIndex(path) from error
    except ValueError as error:
        raise DamagedIndex(path) from error
    if not isinstance(data, dict):
        raise DamagedIndex(path)
    return data
