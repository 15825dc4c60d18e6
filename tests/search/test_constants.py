"""What the Python and the JavaScript reader must agree on stands once."""

import ast
import json
import re

from answerdesk.search import constants
from answerdesk.search.runtime_modules import FOLDER, read_runtime
from answerdesk.support.js_bundle import join_modules

SHARED = json.loads((FOLDER / "constants.json").read_text("utf-8"))
NUMBER = re.compile(r"^(?:export )?const ([A-Z0-9_]+) = (?:0x[0-9a-f]+|[0-9][0-9_.]*)\b", re.MULTILINE)


def python_sources() -> dict[str, str]:
    files = [path for path in FOLDER.parent.glob("*.py") if path.stem != "constants"]
    return {path.stem: path.read_text("utf-8") for path in files}


def script_sources() -> dict[str, str]:
    return {name: source for name, source in read_runtime().items() if not name.endswith(".json")}


def numbers_in_python(source: str) -> set[str]:
    """Name the module's constants that are numbers, alone or in a row."""
    found: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and all(isinstance(part, (ast.Name, ast.Tuple)) for part in node.targets):
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            if all(isinstance(value, ast.Constant) and isinstance(value.value, (int, float)) for value in values):
                found |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    return found


def test_both_readers_use_every_shared_constant() -> None:
    in_scripts = set(re.findall(r"\bconstants\.([A-Z0-9_]+)", "".join(script_sources().values())))
    in_python = "".join(python_sources().values())
    assert in_scripts == set(SHARED)
    assert [name for name in SHARED if not re.search(rf"\b{name}\b", in_python)] == []


def test_python_gives_the_shared_values() -> None:
    given = {name: value for name, value in vars(constants).items() if name.isupper() and not name.startswith("_")}
    assert {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()} == SHARED


def test_no_number_has_a_name_in_both_readers() -> None:
    """Twins have one name: a constant that both define would be copied by hand."""
    scripts = script_sources()
    for name, source in python_sources().items():
        twin = scripts.get({"binary_codec": "pack"}.get(name, name), "")
        assert numbers_in_python(source) & set(NUMBER.findall(twin)) == set(), name


def test_a_number_that_both_name_would_be_found() -> None:
    assert numbers_in_python("RARE, COMMON = 2, 20\nFORMAT = 2\nNAME = 'x'\n") == {"RARE", "COMMON", "FORMAT"}
    assert NUMBER.findall("const RARE = 2;\nexport const FORMAT = 0x2;\nconst NAME = 'x';\n") == ["RARE", "FORMAT"]


def test_the_published_script_has_values_in_place_of_names() -> None:
    script = join_modules(read_runtime(), "worker")
    assert "constants" not in script
    assert f"slice(0,{SHARED['MAX_QUERY_CHARACTERS']})" in script
