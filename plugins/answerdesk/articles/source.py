"""An article's file: front matter, then Markdown in which `{{ name }}` stands for what differs between companies."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import yaml

from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.variables import find_variables
from answerdesk.support import safe_yaml
from answerdesk.translations.notes import find_notes

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
# The parser in C is ten times quicker; a Python without it still builds.


def split_source(file: str, text: str) -> tuple[dict[str, Any], str] | ContentProblem:
    """Split a file into its front matter and its Markdown, or return what is wrong with the front matter."""
    match = FRONT_MATTER.match(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    if not match:
        return ContentProblem(
            file=file, field="front matter", value=None, cure="Begin the file with --- and end the block with ---."
        )
    try:
        meta = safe_yaml.load(match.group(1))
    except (yaml.YAMLError, ValueError, LookupError, AttributeError) as error:  # PyYAML lets its converters' errors out
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        reason = getattr(error, "problem", None) or str(error) or "it is no YAML"
        cure = getattr(error, "cure", "Quote texts with : or # in them.")
        return ContentProblem(file=file, field="front matter", value=f"line {line}: {reason}", cure=cure)
    if not isinstance(meta, dict):
        return ContentProblem(file=file, field="front matter", value=meta, cure="Write one “field: value” a line.")
    return meta, match.string[match.end() :]


def unknown_variables(file: str, text: str, variables: Mapping[str, str]) -> list[ContentProblem]:
    """Return a problem for each variable that the company's file does not have."""
    names = sorted({name for name, _ in find_variables(text)} - set(variables))
    return [_unknown(file, name, sorted(variables)) for name in names]


def _unknown(file: str, name: str, known: Sequence[str]) -> ContentProblem:
    what = f"{{{{ {name} }}}} stands for no value of company.yml"
    close = get_close_matches(name, known, n=1)
    guess = f"Did you mean {{{{ {close[0]} }}}}? " if close else ""
    cure = f"{guess}It has: {', '.join(known) or 'none'}. Use one of them, or add “{name}: <text>” to it. "
    cure += f"To show the braces, write \\{{{{ {name} }}}}."
    return ContentProblem(file=file, field="variable", value=name, what=what, cure=cure)


def untranslated(file: str, text: str) -> list[ContentProblem]:
    """Return a problem if a text has notes for its translator left, which names the first."""
    cure = "Put its translation in the place of the comment."
    return [ContentProblem(file=file, field="translation", value=note, cure=cure) for note in find_notes(text)[:1]]
