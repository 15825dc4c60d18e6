"""Read YAML that can make plain values only; with libyaml, where PyYAML has it, ten times as quickly.

What YAML takes without a word and no author means is refused: a key that stands twice, a text that a # cuts off.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

_SafeLoader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BaseLoader: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_MERGE = "<<"
_CUT = re.compile(r"\S[ \t]+#[^\s#!]")  # a comment begins with “# ”; without the space the sign belongs to the text
_REST = re.compile(r"[ \t]+(#[^\s#!].*)")


class LostTextError(yaml.MarkedYAMLError):
    """YAML would drop a part of what is written; `cure` says how to keep it."""

    def __init__(self, problem: str, cure: str, mark: Any) -> None:
        super().__init__(problem=problem, problem_mark=mark)
        self.cure = cure


def load(text: str) -> Any:
    """Return the value of a document.

    Raises:
        yaml.YAMLError: it is none, or would lose a part of its text.
    """
    return _load(text, _ValueLoader)


def load_texts(text: str) -> Any:
    """Return the value of a document in which every value is the text that is written: 1.10, 12:30 and yes too.

    Raises:
        yaml.YAMLError: it is none, or would lose a part of its text.
    """
    return _load(text, _TextLoader)


def compose(text: str) -> yaml.Node | None:
    """Return the nodes of a document, which know where they are.

    Raises:
        yaml.YAMLError: it is none.
    """
    node: yaml.Node | None = yaml.compose(text, _SafeLoader)
    return node


def refuse_lost(text: str) -> None:
    """Raise a LostTextError if YAML would lose a part of a document's text."""
    root = compose(text)
    if root is not None:
        for node in _nodes(root, set()):
            _refuse_doubled(node)
            _refuse_cut(node, text)


def show(value: object) -> str:
    """Return a value as YAML writes it in one line, for messages; texts in quotes."""
    if value is None:
        return "empty"
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | int | float):
        return str(value)
    return " ".join(
        yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000).removesuffix("...\n").split()
    )


def kind(value: object) -> str:
    """Return what a value is, in YAML's words."""
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a table of names and values"
    return "nothing" if value is None else f"the single value {show(value)}"


class _Refusing:
    """Refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        _refuse_doubled(node)
        return super().construct_mapping(node, deep=deep)  # type: ignore[misc]


class _Naming:
    """Says of a value that cannot be one, such as the thirteenth month, where it stands."""

    def construct_value(self, node: yaml.ScalarNode) -> Any:
        try:
            return _SafeLoader.yaml_constructors[node.tag](self, node)
        except (ValueError, LookupError, AttributeError) as error:  # PyYAML lets its converters' errors out
            reason = str(error) or "this cannot be read"
            raise yaml.MarkedYAMLError(problem=f"{node.value}: {reason}", problem_mark=node.start_mark) from error


_ValueLoader: type[Any] = type("_ValueLoader", (_Refusing, _Naming, _SafeLoader), {})
for _kind in ("timestamp", "int", "float", "bool"):
    _ValueLoader.add_constructor(f"tag:yaml.org,2002:{_kind}", _Naming.construct_value)
_TextLoader = type("_TextLoader", (_Refusing, _BaseLoader), {})


def _load(text: str, loader: type[Any]) -> Any:
    if _CUT.search(text):
        refuse_lost(text)
    return yaml.load(text, loader)  # noqa: S506 - both loaders are safe ones


def _nodes(node: yaml.Node, seen: set[int]) -> Iterator[yaml.Node]:
    if id(node) in seen:  # an alias
        return
    seen.add(id(node))
    yield node
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            for part in pair:
                yield from _nodes(part, seen)
    elif isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _nodes(part, seen)


def _refuse_doubled(node: yaml.Node) -> None:
    seen: set[str] = set()
    for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode) and key.value != _MERGE:
            if key.value in seen:
                problem = f"{key.value} is written twice, and only the last would count"
                raise LostTextError(problem, "Keep one of them.", key.start_mark)
            seen.add(key.value)


def _refuse_cut(node: yaml.Node, text: str) -> None:
    if not isinstance(node, yaml.ScalarNode) or node.style or not node.value:
        return
    line = text.split("\n")[node.end_mark.line]
    if match := _REST.match(line, node.end_mark.column):
        problem = f"“{match[1].strip()}” would be a comment, and the text “{node.value}”"
        cure = f'Put the text in quotes: "{node.value} {match[1].strip()}"; a comment begins with “# ”.'
        raise LostTextError(problem, cure, node.end_mark)
