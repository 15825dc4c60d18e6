"""Modules become one script that does the same."""

from pathlib import Path

import pytest

from answerdesk.search.runtime_modules import read_runtime
from answerdesk.support.js_bundle import join_modules

MODULES = {
    "sum": "/** Adds. */\nexport function sum(a, b) {\n  return a + b;\n}\nexport const ONE = 1;\n",
    "deep-er": 'import { sum as add, ONE } from "./sum.js";\nexport class Counter {\n  next = (n) => add(n, ONE);\n}\n',
    "effect": 'globalThis.seen = "effect";\nexport {};\n',
    "main": 'import "./effect.js";\nimport { Counter } from "./deep-er.js";\nfound = new Counter().next(41);\n',
    "api": 'import { Counter } from "./deep-er.js";\nconst sum = "its own";\nexport const counter = new Counter();\n',
}


def test_a_joined_script_runs_its_modules_in_order(page) -> None:
    page.evaluate(join_modules(MODULES, "main"))
    assert page.evaluate("[found, seen]") == [42, "effect"]


def test_a_joined_module_exports_what_is_asked(page) -> None:
    source = join_modules(MODULES, "api", exports=("counter",))
    script = """async (source) => {
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      return (await import(url)).counter.next(1);
    }"""
    assert page.evaluate(script, source) == 2


def test_comments_stay_at_home() -> None:
    assert "Adds" not in join_modules(MODULES, "main")


def test_each_module_is_there_once() -> None:
    assert join_modules({**MODULES, "twice": MODULES["main"] + MODULES["api"]}, "twice").count("return a+b") == 1


@pytest.mark.parametrize("name", ["worker", "searcher"])
def test_the_published_reader_needs_no_other_file(name: str) -> None:
    script = join_modules(read_runtime(), name, exports=("open",) if name == "searcher" else ())
    assert 'from"./' not in script.replace(" ", "")
    assert 'import"' not in script.replace(" ", "")


def test_every_import_of_the_portal_is_understood() -> None:
    modules = {path.stem: path.read_text("utf-8") for path in Path("portal/assets").glob("*.js")}
    assert "import" not in join_modules(modules, "disk").split("(", 1)[0]
    assert "./page.js" not in join_modules(modules, "disk")


def test_constants_from_a_json_file_become_their_values(page) -> None:
    modules = {
        "limits.json": '{"MOST": 3, "WORDS": ["a", "b"]}',
        "main": 'import limits from "./limits.json" with { type: "json" };\nfound = [limits.MOST, limits.WORDS[1]];\n',
    }
    script = join_modules(modules, "main")
    page.evaluate(script)
    assert page.evaluate("found") == [3, "b"]
    assert "limits" not in script
