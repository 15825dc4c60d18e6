"""The lines of a YAML file where its keys stand: messages name them."""

from collections.abc import Sequence

import yaml
from yaml.reader import ReaderError

from answerdesk.support import safe_yaml


def key_lines(text: str) -> list[tuple[str, int]]:
    """Return the keys of a YAML file with their lines, one that stands there twice too; none of what is no YAML."""
    return [(str(key.value), _line(key)) for key, _ in _pairs(_root(text))]


def field_line(text: str, key: str, field: str = "") -> int:
    """Return the line of a key, or of a field below it; of one that is not there, of what it would be in."""
    found = next(((name, value) for name, value in _pairs(_root(text)) if str(name.value) == key), None)
    if found is None:
        return 1
    return next((_line(name) for name, _ in _pairs(found[1]) if str(name.value) == field), _line(found[0]))


def fault_line(error: Exception) -> int:
    """Return the line where a file ceases to be YAML."""
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1


def say_yaml(file: object, error: Exception, cure: str = "Quote texts with : or # in them.") -> str:
    """Return in a line where a file ceases to be YAML, why, and what to do."""
    if isinstance(error, ReaderError):
        cure = "Take the character out."
    return f"{file}:{fault_line(error)}: {fault_reason(error)}. {getattr(error, 'cure', cure)}"


def fault_reason(error: Exception) -> str:
    """Return why a file is no YAML."""
    if isinstance(error, ReaderError):
        return f"the character U+{error.character:04X} may not stand in YAML"
    return getattr(error, "problem", None) or "this is no YAML"


def _root(text: str) -> yaml.Node | None:
    try:
        return safe_yaml.compose(text)
    except yaml.YAMLError:
        return None


def _pairs(node: yaml.Node | None) -> Sequence[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else ()


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
