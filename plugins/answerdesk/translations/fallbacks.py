"""`content/fallbacks/<language>.yml`: a language's own words for articles that it has not translated."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from answerdesk.support import safe_yaml
from answerdesk.support.yaml_file import read_yaml_text
from answerdesk.support.yaml_lines import field_line, say_yaml
from answerdesk.translations.errors import RecordError

FOLDER = "fallbacks"
CURE = "Write “account/forgot-password: {title: …, aliases: [one, two]}”; the title may be left out."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What a language calls an article that it shows in the source's language."""

    title: str = ""
    aliases: tuple[str, ...] = ()


def read_fallbacks(content: Path, language: str) -> dict[str, OwnWords]:
    """Read a language's own words, by article's path; without a file there are none.

    Raises:
        RecordError: the file says something else.
    """
    file, name = content / FOLDER / f"{language}.yml", f"{content.name}/{FOLDER}/{language}.yml"
    try:
        text = read_yaml_text(file)
        rows = safe_yaml.load(text) or {}
    except FileNotFoundError:
        return {}
    except yaml.YAMLError as error:
        raise RecordError(say_yaml(name, error)) from error
    if not isinstance(rows, dict):
        raise RecordError(f"{name}:1: the file holds {safe_yaml.kind(rows)}, not articles. {CURE}")
    for path, row in rows.items():
        if fault := _fault(row):
            field, what = fault
            line = field_line(text, str(path), field)
            raise RecordError(f"{name}:{line}: {path}{':' if field else ''} {what}. {CURE}")
    return {str(path): _own_words(row) for path, row in rows.items()}


def _fault(row: object) -> tuple[str, str] | None:
    """Return in which field of an entry something is wrong, and what; nothing if nothing is."""
    if not isinstance(row, Mapping) or row.keys() - {"title", "aliases"}:
        return "", f"is {safe_yaml.show(row)}"
    title, aliases = row.get("title", ""), row.get("aliases", [])
    if not isinstance(title, str):
        return "title", f"title is {safe_yaml.show(title)}, not a text"
    if not isinstance(aliases, list) or not all(isinstance(alias, str) and alias.strip() for alias in aliases):
        return "aliases", f"aliases is {safe_yaml.show(aliases)}, not a list of texts"
    return None


def _own_words(row: Mapping[str, Any]) -> OwnWords:
    return OwnWords(
        title=row.get("title", "").strip(), aliases=tuple(alias.strip() for alias in row.get("aliases", []))
    )
