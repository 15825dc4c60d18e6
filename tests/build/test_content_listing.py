"""Listing a language's files: folders that hold themselves end, and a folder has one page of its own."""

from collections.abc import Callable

from click.testing import CliRunner
from conftest import Tree, article

from answerdesk.cli import main


def test_folders_that_hold_themselves_are_looked_at_once(tree: Callable[..., Tree]) -> None:
    site = tree({"en/account/a.md": article("Alpha")})
    content = site.folder / "content"
    for link, target in (("en/one", "."), ("en/two", "."), ("en/account/up", "../.."), ("loop", ".")):
        (content / link).symlink_to(target)
    done = CliRunner().invoke(main, ["check", "-f", str(site.config)])
    assert done.output == "No fault found.\n"
    assert [outcome.is_built for outcome in site.build()] == [True]
    assert not (site.site / "en/one").exists()


def test_of_a_readme_and_an_index_the_index_is_published_with_a_warning(tree: Callable[..., Tree]) -> None:
    site = tree({"en/account/README.md": "# Read\n", "en/account/index.md": "# Index\n"})
    site.write({"en/account/a.md": article("Alpha")})
    (outcome,) = site.build(strict=False)
    assert any("account/README.md" in message for message in outcome.messages)
    assert "Index" in site.page("en/account/index.html")
