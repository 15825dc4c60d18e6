"""What the articles share: categories, systems, the most needed articles, and the company's own values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from answerdesk.articles.errors import ContentError
from answerdesk.support import safe_yaml
from answerdesk.support.yaml_file import read_yaml_text
from answerdesk.support.yaml_lines import say_yaml

RESERVED = {"a-z", "assets", "search"}
Names = Mapping[str, str]  # language code → text


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category with its names and summaries by language, and the name of its icon."""

    id: str
    icon: str
    names: Names
    summaries: Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """`content/categories.yml` and `content/company.yml`."""

    categories: Mapping[str, Category]
    systems: Mapping[str, Names]
    needed: tuple[str, ...]
    company: Mapping[str, Names]

    def variables(self, language: str) -> dict[str, str]:
        """Return the company's values in a language."""
        return {name: in_language(values, language) for name, values in self.company.items()}


def in_language(names: Names, language: str) -> str:
    """Return a text in a language; one that is the same everywhere stands under the empty code."""
    return names.get(language) or names.get("") or next(iter(names.values()))


def load_catalogue(content: Path) -> Catalogue:
    """Read the files beside the languages' folders.

    Raises:
        ContentError: a file is missing, is no YAML, or lacks what it must have.
    """
    table = _load(content / "categories.yml")
    company = _load(content / "company.yml")
    try:
        categories = {row["id"]: _category(row) for row in table["categories"]}
        systems = {system: _names(value) for system, value in table.get("systems", {}).items()}
        needed = _paths(table.get("needed") or [])
    except (KeyError, TypeError, AttributeError) as error:
        cure = "Each category has id, icon and names (by language); systems are “id: name”; needed is a list of paths."
        raise ContentError(f"{content / 'categories.yml'}: {error!r} is missing or misplaced. {cure}") from error
    return Catalogue(
        categories=categories,
        systems=systems,
        needed=needed,
        company={name: _names(value) for name, value in company.items()},
    )


def _category(row: Mapping[str, Any]) -> Category:
    if row["id"] in RESERVED:
        raise ContentError(
            f"categories.yml: id is {safe_yaml.show(row['id'])}, a folder that every site has. Name it otherwise."
        )
    summaries = _names(row["summaries"]) if "summaries" in row else {"": ""}
    return Category(id=row["id"], icon=row["icon"], names=_names(row["names"]), summaries=summaries)


def _names(value: object) -> Names:
    if value in ({}, None, ""):
        raise ContentError(
            "a name or value is empty in categories.yml or company.yml. Write a text, or one a language."
        )
    return {code: str(text) for code, text in value.items()} if isinstance(value, dict) else {"": str(value)}


def _load(path: Path) -> dict[str, Any]:
    try:
        data = safe_yaml.load_texts(read_yaml_text(path))
    except FileNotFoundError as error:
        raise ContentError(f"{path} is missing. Copy it from the starter content and fill it in.") from error
    except yaml.YAMLError as error:
        raise ContentError(say_yaml(path, error)) from error
    if not isinstance(data, dict):
        raise ContentError(f"{path} holds {safe_yaml.kind(data)}, not “name: value” lines.")
    return data


def _paths(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("needed")
    return tuple(map(str, value))
