"""Renaming an article: what leads to it leads to it still, in every language, and nothing is lost on the way."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from answerdesk.articles.build_audience import Edition
from answerdesk.build.site_build import build_site
from answerdesk.cli import main
from answerdesk.support import atomic_write

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def article(request: pytest.FixtureRequest) -> Callable[..., str]:
    return request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py")).article


@pytest.fixture
def site(tree: Callable[..., Any], article: Callable[..., str]) -> Any:
    """Build two languages in which several things name account/pin, of which Korean has a translation on record."""
    made = tree(
        {
            "en/account/pin.md": article("PIN", "![p](p.svg)\n\n[Password](password.md)\n", related=["network/vpn"]),
            "en/account/password.md": article("Password", "See [PIN](pin.md#x).\n\nText.\n", related=["account/pin"]),
            "en/account/p.svg": "<svg/>",
            "en/network/vpn.md": article("VPN", "[PIN](../account/pin.md)\n", category="network"),
            "en/account/index.md": "Begin with [the PIN](pin.md).\n",
            "ko/account/pin.md": article("핀", "[비밀번호](password.md)\n"),
            "ko/account/password.md": article("비밀번호", "[핀](pin.md)\n\n글.\n"),
            "ko/account/p.svg": "<svg/>",
            "queries/en.yml": "- { query: my pin code, finds: account/pin } # kept\n",
            "redirects.yml": "# from the old site\naccount/code: account/pin\n",
        },
        languages=["en", "ko"],
    )
    made.write({"en/account/password.md": made.text("en/account/password.md").replace("#x", "")})
    shared = yaml.safe_load(made.text("categories.yml")) | {"needed": ["account/pin"]}
    made.write({"categories.yml": yaml.safe_dump(shared)})
    assert run(made, "translated", "--all", "--lang", "ko").exit_code == 0
    return made


def run(made: Any, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--config-file", str(made.config)])


def contents(made: Any) -> Mapping[str, bytes]:
    folder = made.folder / "content"
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_after_a_rename_the_site_builds_and_the_old_addresses_lead_on(site: Any) -> None:
    assert run(site, "rename", "account/pin", "network/pin-code").exit_code == 0
    outcomes = list(build_site(site.config, strict=True, edition=Edition(today=date(2026, 11, 20))))
    assert [(outcome.is_built, outcome.messages) for outcome in outcomes] == [(True, ()), (True, ())]
    for code in ("en", "ko"):
        assert "network/pin-code/" in site.page(f"{code}/account/pin/index.html")
        assert "network/pin-code/" in site.page(f"{code}/account/code/index.html")
        assert "network/pin-code/" in site.page(f"{code}/account/password/index.html")


def test_a_rename_touches_what_names_the_article_and_nothing_else(site: Any) -> None:
    before = contents(site)
    assert run(site, "rename", "account/pin", "account/pin-code").exit_code == 0
    after = contents(site)
    assert sorted(before.keys() - after.keys()) == ["en/account/pin.md", "ko/account/pin.md"]
    assert sorted(after.keys() - before.keys()) == ["en/account/pin-code.md", "ko/account/pin-code.md"]
    assert after["en/account/pin-code.md"] == before["en/account/pin.md"]
    assert sorted(name for name in before.keys() & after.keys() if before[name] != after[name]) == [
        "categories.yml", "en/account/index.md", "en/account/password.md", "en/network/vpn.md",
        "ko/account/password.md", "queries/en.yml", "redirects.yml", "sources/ko.yml",
    ]  # fmt: skip
    assert site.text("queries/en.yml") == "- { query: my pin code, finds: account/pin-code } # kept\n"
    assert site.text("redirects.yml") == (
        "# from the old site\naccount/code: account/pin-code\naccount/pin: account/pin-code\n"
    )
    assert "related:\n- account/pin-code\n" in site.text("en/account/password.md")


def test_another_category_changes_front_matter_and_the_articles_own_links(site: Any) -> None:
    assert run(site, "rename", "account/pin", "network/pin").exit_code == 0
    text = site.text("en/network/pin.md")
    assert "\ncategory: network\n" in text
    assert "![p](../account/p.svg)\n\n[Password](../account/password.md)" in text


def test_a_rename_makes_no_translation_out_of_date(site: Any) -> None:
    assert "drifted" not in run(site, "translations").output
    assert run(site, "rename", "account/pin", "network/pin").exit_code == 0
    assert "drifted" not in run(site, "translations").output
    assert run(site, "translations").output.count("current") >= 2


def test_there_and_back_again_leaves_the_content_as_it_was(site: Any) -> None:
    before = contents(site)
    assert run(site, "rename", "account/pin", "network/pin").exit_code == 0
    assert run(site, "rename", "network/pin", "account/pin").exit_code == 0
    after = contents(site)
    assert after["redirects.yml"] == before["redirects.yml"] + b"network/pin: account/pin\n"
    assert {name: text for name, text in after.items() if name != "redirects.yml"} == {
        name: text for name, text in before.items() if name != "redirects.yml"
    }


def test_a_dry_run_says_it_all_and_does_nothing(site: Any) -> None:
    before = contents(site)
    said = run(site, "rename", "account/pin", "network/pin", "--dry-run").output
    assert "en/account/pin.md → en/network/pin.md" in said
    assert "en/network/vpn.md: 1 link" in said
    assert contents(site) == before
    done = run(site, "rename", "account/pin", "network/pin").output
    assert said == f"{done}Nothing has been changed. Leave --dry-run out to do it.\n"


def test_wherever_it_is_interrupted_nothing_is_lost_and_the_same_command_ends_it(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(site)
    assert run(site, "rename", "account/pin", "network/pin").exit_code == 0
    wanted = contents(site)
    write = atomic_write.write_whole
    for last in range(20):
        for name in contents(site):
            (site.folder / "content" / name).unlink()
        site.write({name: text.decode() for name, text in before.items()})
        room = iter(range(last))

        def write_some(path: Path, content: bytes, room: Any = room) -> None:
            if next(room, None) is None:
                raise OSError(28, "No space left on device", str(path))
            write(path, content)

        monkeypatch.setattr(atomic_write, "write_whole", write_some)
        broken = run(site, "rename", "account/pin", "network/pin")
        assert broken.exit_code == (0 if "Nothing is lost" not in broken.output else 2)
        broken_off = contents(site)
        assert before.keys() <= broken_off.keys() or broken.exit_code == 0
        monkeypatch.setattr(atomic_write, "write_whole", write)
        assert run(site, "rename", "account/pin", "network/pin").exit_code == 0
        assert contents(site) == wanted, last
        if broken.exit_code == 0:
            return
        assert re.search("left: .*\n", broken.output)
    raise AssertionError("it never had room for all")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("account/none", "account/new", "account/none: no language has such an article."),
        ("account/pin", "account/password", "en/account/password.md is there already, and another article."),
        ("account/pin", "other/pin", "there is no category other. Use one of: account, network"),
        ("account/pin", "account/My PIN", "account/My PIN is no path."),
        ("account/pin", "account/pin", "account/pin is the path that it has."),
        ("account/pin", "account", "account is no path."),
    ],
)
def test_what_cannot_be_renamed_is_said_before_anything_is_written(site: Any, old: str, new: str, message: str) -> None:
    before = contents(site)
    result = run(site, "rename", old, new)
    assert result.exit_code == 2
    assert message in result.output
    assert contents(site) == before


def test_files_may_be_named_in_place_of_paths(site: Any) -> None:
    assert run(site, "rename", "content/en/account/pin.md", "content/en/network/pin.md").exit_code == 0
    assert (site.folder / "content/ko/network/pin.md").is_file()
