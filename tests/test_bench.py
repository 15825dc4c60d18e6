"""The benchmark of builds sees what it measures, so that it can be believed when it is run at length."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = "bench.build"


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Write a collection of three documents."""
    rows = [
        {
            "id": f"small/{name}",
            "lang": "tr",
            "title": f"{name} hakkında",
            "text": f"{name} için {number} adım.\n\nSon.",
        }
        for number, name in enumerate(("parola", "yazici", "posta"))
    ]
    folder = tmp_path / "small_tr"
    folder.mkdir()
    with gzip.open(folder / "docs.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def measure(collection: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", BENCH, str(collection), "--markdown", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def test_cold_builds_and_edits_are_measured_up_to_the_browser(collection: Path) -> None:
    ended = measure(collection, "--edits", "1", "--titles", "1", "--no-peer")
    assert ended.returncode == 0, ended.stderr
    cold, changes = [
        {cells[0]: cells[1:] for line in table.splitlines()[2:] if (cells := line.strip("| ").split(" | "))}
        for table in ended.stdout.split("\n\n")[-2:]
    ]
    [(pages, *_figures)] = cold.values()
    assert pages == "3"
    kinds = ["text, built again", "title, built again", "text, serve to browser", "title, serve to browser"]
    assert [name.removeprefix("Answerdesk, all: ") for name in changes][:4] == kinds
    assert all(float(figures[2]) > 0 for figures in changes.values())


def test_a_tool_that_is_missing_is_left_out_and_named(collection: Path) -> None:
    missing = ["--zensical", "/nowhere/zensical", "--hugo", "/nowhere/hugo"]
    ended = measure(collection, "--edits", "0", "--titles", "0", "--peer-edits", "0", *missing)
    assert ended.returncode == 0, ended.stderr
    assert "Zensical is left out: there is no /nowhere/zensical." in ended.stdout
    assert "Hugo is left out: there is no /nowhere/hugo." in ended.stdout
    assert "Material for MkDocs" in ended.stdout
