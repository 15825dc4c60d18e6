"""The page's scripts have the few forms of import and export that the join understands, and make no markup of text."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = sorted((ROOT / "portal/assets").glob("*.js"))
MODULE_LINE = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
ALLOWED = re.compile(r'import (?:\{ [\w, ]+ \} from )?"\./[\w-]+\.js";|export (?:async )?(?:function|class|const) .*')


def test_imports_and_exports_are_named_and_static() -> None:
    lines = {line for script in PAGE for line in MODULE_LINE.findall(script.read_text("utf-8"))}
    assert [line for line in sorted(lines) if not ALLOWED.fullmatch(line)] == []
    everything = "\n".join(script.read_text("utf-8") for script in PAGE)
    assert not re.search(r"import\.meta|^await |(?<!@type \{)\bimport\((?!\")", everything, re.MULTILINE)


def test_no_script_makes_markup_of_text() -> None:
    everything = "\n".join(script.read_text("utf-8") for script in PAGE)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser", everything)
