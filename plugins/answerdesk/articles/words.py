"""The interface words of the pages, one file a language in `portal/words/`."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from answerdesk.articles.errors import ContentError


def load_words(folder: Path, language: str) -> Mapping[str, str]:
    """Read the words of a language.

    Raises:
        ContentError: there is no file for it.
    """
    path = folder / f"{language}.yml"
    try:
        words = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError as error:
        known = ", ".join(sorted(file.stem for file in folder.glob("*.yml"))) or "none"
        raise ContentError(f"{path} is missing; there are words for: {known}. Copy en.yml and translate it.") from error
    return {name: str(text) for name, text in words.items()}
