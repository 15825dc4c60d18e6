"""The interface words of the pages, one file a language in `portal/words/`."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from answerdesk.articles.errors import ContentError
from answerdesk.support import safe_yaml
from answerdesk.support.content_files import is_stray
from answerdesk.support.yaml_file import read_yaml_text
from answerdesk.support.yaml_lines import say_yaml


def load_words(folder: Path, language: str) -> Mapping[str, str]:
    """Read the words of a language.

    Raises:
        ContentError: there is no file for it, or it lacks words that another language has.
    """
    words = _load(folder, language)
    known = {word: file.name for file in _files(folder) for word in _load(folder, file.stem)}
    if missing := sorted(set(known) - set(words)):
        raise ContentError(f"{folder / language}.yml lacks {', '.join(missing)}. Translate from {known[missing[0]]}.")
    return words


@lru_cache(64)
def _parse(text: str) -> Any:
    """Read YAML; each language asks for all files, to know what it lacks."""
    return safe_yaml.load_texts(text)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.yml") if not is_stray(file.name))


def _load(folder: Path, language: str) -> Mapping[str, str]:
    path = folder / f"{language}.yml"
    try:
        words = _parse(read_yaml_text(path))
    except FileNotFoundError as error:
        known = ", ".join(file.stem for file in _files(folder)) or "none"
        raise ContentError(f"{path} is missing; there are words for: {known}. Copy one and translate it.") from error
    except yaml.YAMLError as error:
        raise ContentError(say_yaml(path, error)) from error
    if not isinstance(words, dict):
        raise ContentError(f"{path} holds no “name: words” lines. Copy another language's file and translate it.")
    return {name: str(text) for name, text in words.items()}
