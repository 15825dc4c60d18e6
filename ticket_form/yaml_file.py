"""Read the YAML files of the form: routing and words.

Scalars are texts, integers, true, false and null, close to YAML 1.2. So `no` is the code of Norwegian and not false,
and 1.10, 0123, 8:30 and 2026-10-01 are texts. What YAML accepts silently and no author means is an error: a duplicate
key, and a text that a # cuts off.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import yaml

from ticket_form.errors import ConfigurationError

_SafeLoader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # with libyaml ten times as quick
_REST = re.compile(r"[ \t]+(#[^\s#!].*)")  # a comment begins with “# ”; without the space the sign belongs to the text
_VALUES = (
    ("tag:yaml.org,2002:bool", re.compile("true|True|TRUE|false|False|FALSE"), "tTfF"),
    ("tag:yaml.org,2002:int", re.compile("[-+]?(?:0|[1-9][0-9]*)"), "-+0123456789"),
    ("tag:yaml.org,2002:null", re.compile("~|null|Null|NULL|"), ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:merge", re.compile("<<"), "<"),
)


def read_yaml(path: Path) -> object:
    """Return the value of a file.

    Raises:
        OSError: the file cannot be read.
        ConfigurationError: it is not valid YAML, or part of its text would be lost; names the line and the cure.
    """
    try:
        return parse_yaml(path.read_text("utf-8"), path)
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: byte {error.start} is no UTF-8. Save it as UTF-8.") from error


def parse_yaml(text: str, path: Path) -> object:
    """Return the value of a file's text; `path` is for messages.

    Raises:
        ConfigurationError: as `read_yaml` does.
    """
    try:
        root = yaml.compose(text, _Loader)
        problems = [f"{path}:{line}: {problem}" for line, problem in _losses(root, text, set())] if root else []
        value = yaml.load(text, _Loader) if not problems else None  # noqa: S506 - it is a safe one
    except (yaml.YAMLError, ValueError, TypeError) as error:  # PyYAML lets its converters' errors out
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        line = f":{mark.line + 1}" if mark else ""
        raise ConfigurationError(f"{path}{line}: is not valid YAML ({reason}). Correct that line.") from error
    if problems:
        raise ConfigurationError(*problems)
    return value


def show(value: object) -> str:
    """Return a value as one line of YAML, for messages; texts are quoted."""
    if value is None:
        return "empty"
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    written: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    return " ".join(written.split())


class _Loader(_SafeLoader):  # type: ignore[misc]
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # instead of those of YAML 1.1


for _tag, _pattern, _first in _VALUES:
    _Loader.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern.pattern})$"), list(_first))


def _losses(node: yaml.Node, text: str, seen: set[int]) -> Iterator[tuple[int, str]]:
    """Yield the line and description of everything that YAML would drop."""
    if id(node) in seen:  # an alias
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode) and not node.style and node.value:
        end = node.end_mark
        if match := _REST.match(text.split("\n")[end.line], end.column):
            whole = f"{node.value} {match[1].strip()}"
            yield end.line + 1, f'"{match[1].strip()}" would be a comment. Put the text in quotes: "{whole}".'
    elif isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _losses(part, text, seen)
    elif isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in names and key.value != "<<":
                    yield key.start_mark.line + 1, f"{key.value} is written twice. Keep one of them."
                names.add(key.value)
            yield from _losses(key, text, seen)
            yield from _losses(value, text, seen)
