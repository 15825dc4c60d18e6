"""Noticing what authors save."""

import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from answerdesk.preview.file_watch import Watch, is_noise


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


def test_a_file_that_is_empty_or_away_for_a_moment_is_told_when_it_is_whole(folder: Path) -> None:
    file = folder / "content/en/a.md"
    with Watch([folder / "content"], quiet=0.05) as watch:
        for begin in (lambda: file.write_bytes(b""), file.unlink):
            begin()
            whole = threading.Timer(0.15, file.write_text, ["B"])
            whole.start()
            assert watch.wait(30) == {file}
            assert file.read_text("utf-8") == "B"
            whole.join()
            watch.wait(0.1)


def test_a_file_that_stays_away_is_told_too(watch: Watch, folder: Path) -> None:
    (folder / "content/en/a.md").unlink()
    assert watch.wait(30) == {folder / "content/en/a.md"}


def test_neither_reading_nor_other_files_are_changes(watch: Watch, folder: Path) -> None:
    (folder / "content/en/a.md").read_text("utf-8")
    (folder / "other.yml").write_text("x", "utf-8")
    (folder / "content/en/.a.md.swp").write_text("x", "utf-8")
    assert watch.wait(0.5) == set()


@pytest.mark.parametrize("name", ["a.md~", ".a.md.swp", "#a.md#", "4913", "a.md.tmp", ".git/HEAD"])
def test_what_editors_put_beside_a_file_is_noise(name: str) -> None:
    assert is_noise(Path("/site/content/en") / name)
    assert not is_noise(Path("/site/content/en/a.md"))


@pytest.mark.skipif(not Path("/proc/self/fdinfo").exists(), reason="only Linux tells what it watches for")
@pytest.mark.usefixtures("watch")
def test_the_system_is_not_asked_who_reads_since_a_queue_that_runs_over_loses_changes() -> None:
    open_or_close_unchanged = 0x20 | 0x10  # of inotify(7)
    files = [file.read_text("ascii") for file in Path("/proc/self/fdinfo").iterdir() if file.exists()]
    masks = [int(mask, 16) for text in files for mask in re.findall(r"^inotify .* mask:(\w+)", text, re.MULTILINE)]
    assert masks
    assert not any(mask & open_or_close_unchanged for mask in masks)


def test_a_folder_that_is_moved_in_tells_its_files(watch: Watch, folder: Path) -> None:
    aside = folder / "aside/topic"
    aside.mkdir(parents=True)
    (aside / "c.md").write_text("C", "utf-8")
    os.replace(aside, folder / "content/en/topic")
    assert folder / "content/en/topic/c.md" in watch.wait(30)
