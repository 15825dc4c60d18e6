"""What is content, and what lies beside it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from answerdesk.cli import main
from answerdesk.support.content_files import is_stray, list_files

STRAY = (
    ".#a.md", ".a.md.swp", ".DS_Store", "._a.md", "a.md~", "#a.md#", "a.md.swo", "4913", "a.md.bak", "a.md.orig",
    "a.md___jb_tmp___", "a.md___jb_old___", "~$a.docx", "Thumbs.db", "desktop.ini", "a.md.tmp", ".git", "a.png.part",
)  # fmt: skip


@pytest.mark.parametrize("name", STRAY)
def test_what_editors_and_systems_leave_is_stray(name: str) -> None:
    assert is_stray(name)


@pytest.mark.parametrize(
    "name", ["a.md", "a-b.md", "4913.md", "#1.md", "tmp.md", "a.b.png", "bak", "日本.md", "1~2.md"]
)
def test_what_authors_write_is_not(name: str) -> None:
    assert not is_stray(name)


def names(folder: Path) -> list[str]:
    return [Path(file).relative_to(folder).as_posix() for file in list_files(folder)]


def test_links_are_followed_where_they_lead_and_never_round(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    (folder / "a").mkdir(parents=True)
    (folder / "a/x.md").write_text("x")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/p.png").write_text("p")
    (folder / "a/img").symlink_to(tmp_path / "shared")
    (folder / "a/round").symlink_to(folder)
    (folder / "a/self").symlink_to("self")
    (folder / "a/gone.md").symlink_to("nowhere.md")
    (folder / "a/y.md").symlink_to("x.md")
    (folder / "a/dir.md").mkdir()
    os.mkfifo(folder / "a/pipe.md")
    assert names(folder) == ["a/x.md", "a/y.md", "a/img/p.png"]


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert names(tmp_path / "none") == []


@pytest.fixture
def article(request: pytest.FixtureRequest) -> Callable[..., str]:
    shared = request.config.pluginmanager.get_plugin(str(Path(__file__).parents[1] / "conftest.py"))
    assert shared
    return shared.article  # type: ignore[no-any-return]


@pytest.fixture
def littered(article: Callable[..., str], tree: Callable[..., Any]) -> Any:
    made = tree({"en/account/a.md": article("One"), "en/account/b.md": article("Two")})
    account = made.folder / "content/en/account"
    (account / ".#a.md").symlink_to("author@host.4711:1763000000")
    (account / "gone.md").symlink_to("nowhere.md")
    for name in ("a.md~", "#b.md#", ".a.md.swp", "4913", "._a.md"):
        (account / name).write_bytes(b"\xff half a file")
    (account / "round").symlink_to(made.folder / "content/en")
    os.mkfifo(account / "pipe.md")
    (made.folder / "content/.#categories.yml").symlink_to("author@host.4711")
    return made


def test_a_build_goes_on_beside_an_editors_lock_and_publishes_none_of_it(littered: Any) -> None:
    (outcome,) = littered.build()
    assert (outcome.is_built, outcome.messages) == (True, ())
    published = {file.name for file in (littered.site / "en/account").rglob("*")}
    assert published == {"a", "b", "index.html"}


def test_a_lock_does_not_make_a_build_anew(littered: Any) -> None:
    littered.build()
    (littered.folder / "content/en/account/.#b.md").symlink_to("author@host.1:2")
    assert [outcome.is_unchanged for outcome in littered.build()] == [True]


def test_check_freshness_and_rename_go_on_too(littered: Any) -> None:
    for command in (
        ("check",),
        ("freshness",),
        ("rename", "account/b", "account/c", "--dry-run"),
    ):
        done = CliRunner().invoke(main, [*command, "-f", str(littered.config)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        assert ".#" not in done.output
