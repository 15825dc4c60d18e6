"""What a stranger may rely on: every module says what it is, and plugin classes only hand over."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAX_LINE = 118  # characters of a module's first line, with its quotes
MAX_PLUGIN_LINES = 100


def modules() -> Iterator[Path]:
    for folder in ("plugins/answerdesk", "ticket_form", "bench", "tests"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_every_module_begins_with_a_line_that_says_what_it_is() -> None:
    silent = []
    for path in modules():
        first = (ast.get_docstring(parse(path)) or "").partition("\n")[0]
        is_said = first.endswith((".", ":", "?")) and len(first) <= MAX_LINE
        if not is_said and path.stat().st_size:
            silent.append(f"{path.relative_to(ROOT)}: {first}")
    assert not silent


@pytest.mark.parametrize("room", ["articles", "search"])
def test_plugin_classes_are_short_since_they_hand_over_to_functions(room: str) -> None:
    tree = parse(ROOT / "plugins" / "answerdesk" / room / "plugin.py")
    lengths = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name.endswith("Plugin")
    }
    assert lengths
    assert all(length <= MAX_PLUGIN_LINES for length in lengths.values()), lengths
