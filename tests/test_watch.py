"""Noticing what authors save."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from answerdesk.watch import Watch, is_noise


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "content/en").mkdir(parents=True)
    (tmp_path / "content/en/a.md").write_text("A", "utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n", "utf-8")
    return tmp_path


@pytest.fixture
def watch(folder: Path) -> Iterator[Watch]:
    with Watch([folder / "content"], files=[folder / "mkdocs.yml"], quiet=0.3) as watch:
        yield watch


def test_what_is_saved_is_told(watch: Watch, folder: Path) -> None:
    (folder / "content/en/a.md").write_text("B", "utf-8")
    assert watch.wait(30) == {folder / "content/en/a.md"}
    (folder / "mkdocs.yml").write_text("site_name: y\n", "utf-8")
    assert watch.wait(30) == {folder / "mkdocs.yml"}


def test_what_is_saved_in_several_steps_is_told_once(watch: Watch, folder: Path) -> None:
    new = folder / "content/en/.a.md.new"
    new.write_text("B", "utf-8")
    os.replace(new, folder / "content/en/a.md")
    time.sleep(0.05)
    (folder / "content/en/b.md").write_text("C", "utf-8")
    assert watch.wait(30) == {folder / "content/en/a.md", folder / "content/en/b.md"}
    assert watch.wait(0.1) == set()


def test_neither_reading_nor_other_files_are_changes(watch: Watch, folder: Path) -> None:
    (folder / "content/en/a.md").read_text("utf-8")
    (folder / "other.yml").write_text("x", "utf-8")
    (folder / "content/en/.a.md.swp").write_text("x", "utf-8")
    assert watch.wait(0.5) == set()


@pytest.mark.parametrize("name", ["a.md~", ".a.md.swp", "#a.md#", "4913", "a.md.tmp", ".git/HEAD"])
def test_what_editors_put_beside_a_file_is_noise(name: str) -> None:
    assert is_noise(Path("/site/content/en") / name)
    assert not is_noise(Path("/site/content/en/a.md"))
