"""`content/fallbacks/<language>.yml`: a language's own words for articles that it has not translated."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from answerdesk import safe_yaml
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
    file = content / FOLDER / f"{language}.yml"
    try:
        rows = safe_yaml.load(file.read_text("utf-8")) or {}
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise RecordError(f"{file}: byte {error.start} is no UTF-8. Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        raise RecordError(
            f"{file} is no YAML: {' '.join(str(error).split())}. Quote texts with : or # in them."
        ) from error
    if not isinstance(rows, dict):
        raise RecordError(f"{file} holds {type(rows).__name__}, not articles. {CURE}")
    return {str(path): _own_words(f"{file}: {path}", row) for path, row in rows.items()}


def _own_words(place: str, row: object) -> OwnWords:
    if not isinstance(row, Mapping) or row.keys() - {"title", "aliases"}:
        raise RecordError(f"{place} is {row!r}. {CURE}")
    title, aliases = row.get("title", ""), row.get("aliases", [])
    if not isinstance(title, str):
        raise RecordError(f"{place}: title is {title!r}, not a text. {CURE}")
    if not isinstance(aliases, list) or not all(isinstance(alias, str) and alias.strip() for alias in aliases):
        raise RecordError(f"{place}: aliases is {aliases!r}, not a list of texts. {CURE}")
    return OwnWords(title=title.strip(), aliases=tuple(alias.strip() for alias in aliases))
