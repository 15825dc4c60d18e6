"""Styles and scripts under a name that changes with them."""

from pathlib import Path

import pytest

from answerdesk.articles.assets import accent_style, hash_assets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.css").write_text("a")
    (tmp_path / "deep/b.js").write_text("b")
    return tmp_path


def test_the_name_stays_while_nothing_changes(folder: Path) -> None:
    assert hash_assets(folder, "#111111") == hash_assets(folder, "#111111")


@pytest.mark.parametrize("change", ["content", "name", "new", "moved"])
def test_the_name_changes_with_every_file(folder: Path, change: str) -> None:
    before = hash_assets(folder, "#111111")
    if change == "content":
        (folder / "deep/b.js").write_text("c")
    elif change == "name":
        (folder / "a.css").rename(folder / "c.css")
    elif change == "new":
        (folder / "empty.css").touch()
    else:
        (folder / "deep/b.js").rename(folder / "b.js")
    assert hash_assets(folder, "#111111") != before


def test_the_name_changes_with_the_colour(folder: Path) -> None:
    assert hash_assets(folder, "#111111") != hash_assets(folder, "#222222")


def test_the_colour_is_in_the_style_sheet() -> None:
    assert "--accent: light-dark(#0b5cad," in accent_style("#0b5cad")
