"""Retiring an article: it goes in every language, and nothing that named it is broken."""

import shutil
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
from answerdesk.renaming.fields import drop_items
from answerdesk.renaming.links import Move, unlink
from answerdesk.support import atomic_write

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def article(request: pytest.FixtureRequest) -> Callable[..., str]:
    return request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py")).article


@pytest.fixture
def site(tree: Callable[..., Any], article: Callable[..., str]) -> Any:
    """Build two languages in which everything that can name an article names account/pin."""
    link = "See [the PIN](pin.md#what-to-do) and `[x](pin.md)`.\n\nText.\n"
    made = tree(
        {
            "en/account/pin.md": article(
                "PIN", "![p](p.svg) ![q](q.svg)\n\n## What to do\n\nWait.\n", aliases=["code"]
            ),
            "en/account/password.md": article("Password", link, related=["account/pin"], aliases=["secret"]),
            "en/account/p.svg": "<svg/>",
            "en/account/q.svg": "<svg/>",
            "en/network/vpn.md": article(
                "VPN",
                "[PIN](../account/pin.md#what-to-do) [r][pin] ![q](../account/q.svg)\n\n[pin]: ../account/pin.md\n",
                category="network",
                related=["account/pin", "account/password"],
            ),
            "en/network/wifi.md": article("Wi-Fi", "Text.\n", category="network", draft=True),
            "en/network/staff.md": article("Staff", "Text.\n", category="network", audience="internal"),
            "en/account/index.md": 'Begin with [the PIN](pin.md) or <a href="pin/">it</a>.\n',
            "ko/account/pin.md": article("핀", "## 방법\n\n글.\n"),
            "ko/account/password.md": article("비밀번호", "[핀](pin.md)\n\n글.\n"),
            "queries/en.yml": "# kept\n- { query: my pin code, finds: account/pin } # kept\n",
            "queries/ko.yml": "- query: 핀\n  finds: account/pin\n- { query: 비밀번호, finds: account/password }\n",
            "fallbacks/ko.yml": "network/vpn: { title: 브이피엔 }\n",
            "redirects.yml": "# from the old site\naccount/code: account/pin\nold/vpn: network/vpn\n",
        },
        languages=["en", "ko"],
    )
    shared = yaml.safe_load(made.text("categories.yml")) | {"needed": ["account/pin", "account/password"]}
    made.write({"categories.yml": yaml.safe_dump(shared)})
    assert run(made, "translated", "--all", "--lang", "ko").exit_code == 0
    return made


def run(made: Any, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--config-file", str(made.config)])


def contents(made: Any) -> Mapping[str, bytes]:
    folder = made.folder / "content"
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def assert_whole(site: Any) -> None:
    """Check that neither the checks nor a build find that anything names what is gone."""
    assert "account/pin" not in run(site, "check").output
    outcomes = list(build_site(site.config, strict=True, edition=Edition(today=date(2026, 11, 20))))
    assert [(outcome.is_built, outcome.messages) for outcome in outcomes] == [(True, ()), (True, ())]


def test_all_that_named_a_retired_article_leads_to_its_successor(site: Any) -> None:
    done = run(site, "retire", "account/pin", "--to", "account/password")
    assert done.exit_code == 0, done.output
    assert not list((site.folder / "content").glob("*/account/pin.md"))
    password = yaml.safe_load(site.text("en/account/password.md").split("---")[1])
    assert password["aliases"] == ["secret", "PIN", "code"]
    assert "related" not in password
    assert "See the PIN and `[x](pin.md)`." in site.text("en/account/password.md")
    vpn = site.text("en/network/vpn.md")
    assert "[PIN](../account/password.md) [r][pin]" in vpn
    assert yaml.safe_load(vpn.split("---")[1])["related"] == ["account/password"]
    assert site.text("en/account/index.md") == 'Begin with [the PIN](password.md) or <a href="password/">it</a>.\n'
    assert site.text("queries/en.yml") == "# kept\n- { query: my pin code, finds: account/password } # kept\n"
    assert yaml.safe_load(site.text("categories.yml"))["needed"] == ["account/password"]
    assert site.text("redirects.yml") == (
        "# from the old site\naccount/code: account/password\nold/vpn: network/vpn\naccount/pin: account/password\n"
    )
    assert "account/pin" not in site.text("sources/ko.yml")
    assert_whole(site)
    assert "account/password/" in site.page("ko/account/pin/index.html")


def test_the_successor_answers_the_questions_of_the_retired_article(site: Any) -> None:
    pin, password = (f"en/account/{name}.md" for name in ("pin", "password"))
    for file, questions in ((pin, "[What is my PIN?, Who am I?]"), (password, "[Who am I?]")):
        site.write({file: site.text(file).replace("---\n", f"---\nquestions: {questions}\n", 1)})
    assert run(site, "retire", "account/pin", "--to", "account/password").exit_code == 0
    front = yaml.safe_load(site.text(password).split("---")[1])
    assert front["questions"] == ["Who am I?", "What is my PIN?"]


def test_an_article_of_the_starter_content_goes_in_six_languages_and_leaves_no_fault(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    shutil.copytree(ROOT / "portal", tmp_path / "portal")
    config = Path(shutil.copy(ROOT / "mkdocs.yml", tmp_path))
    options = ["--config-file", str(config)]
    done = CliRunner().invoke(main, ["retire", "account/forgot-password", "--to", "account/account-locked", *options])
    assert done.exit_code == 0, done.output
    assert CliRunner().invoke(main, ["check", *options]).output == "No fault found.\n"
    outcomes = list(build_site(config, strict=True, edition=Edition(today=date(2026, 11, 20))))
    assert [(outcome.is_built, outcome.messages) for outcome in outcomes] == [(True, ())] * 6


def test_a_dry_run_names_the_queries_that_would_not_find_the_successor(site: Any) -> None:
    site.write({"queries/en.yml": "- { query: PIN, finds: account/pin }\n- { query: wait, finds: account/pin }\n"})
    before = contents(site)
    done = run(site, "retire", "account/pin", "--to", "account/password", "--dry-run")
    assert done.exit_code == 0, done.output
    lost = [line for line in done.output.splitlines() if "does not find" in line]
    assert len(lost) == 1
    assert "content/queries/en.yml:2" in lost[0]
    assert "“wait” does not find account/password" in lost[0]
    assert "Add what people type to its aliases or questions" in done.output
    assert contents(site) == before


def test_without_a_successor_links_become_text_and_the_address_is_not_found(site: Any) -> None:
    done = run(site, "retire", "account/pin")
    assert done.exit_code == 0, done.output
    assert "\nPIN r ![q](../account/q.svg)\n" in site.text("en/network/vpn.md")
    assert "[pin]:" not in site.text("en/network/vpn.md")
    assert site.text("en/account/index.md") == "Begin with the PIN or it.\n"
    assert site.text("queries/en.yml") == "# kept\n"
    assert site.text("queries/ko.yml") == "- { query: 비밀번호, finds: account/password }\n"
    assert site.text("redirects.yml") == "# from the old site\nold/vpn: network/vpn\n"
    assert yaml.safe_load(site.text("categories.yml"))["needed"] == ["account/password"]
    assert_whole(site)
    assert not (site.folder / "site" / "en" / "account" / "pin").exists()


def test_a_picture_of_the_retired_article_alone_goes_with_it(site: Any) -> None:
    assert "en/account/p.svg removed" in run(site, "retire", "account/pin").output
    assert not (site.folder / "content/en/account/p.svg").exists()
    assert (site.folder / "content/en/account/q.svg").exists()


def test_an_address_that_changes_in_the_source_makes_no_translation_out_of_date(site: Any) -> None:
    assert run(site, "retire", "account/pin", "--to", "network/vpn").exit_code == 0
    assert "drifted" not in run(site, "translations").output.replace("0 drifted", "")


def test_a_dry_run_says_every_step_and_changes_nothing(site: Any) -> None:
    before = contents(site)
    said = run(site, "retire", "account/pin", "--to", "account/password", "--dry-run").output
    assert contents(site) == before
    after_run = run(site, "retire", "account/pin", "--to", "account/password").output
    assert said == f"{after_run}Nothing has been changed. Leave --dry-run out to do it.\n"
    changed = {file for file, content in contents(site).items() if before.get(file) != content}
    assert all(f"{file}:" in said for file in changed)


def test_a_retirement_that_is_broken_off_anywhere_is_finished_by_the_same_command(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(site)
    command = ("retire", "account/pin", "--to", "account/password")
    steps = run(site, *command).output.count("\n")
    wanted = contents(site)
    write, unlink_file = atomic_write.write_whole, Path.unlink
    for number in range(steps):
        for file in contents(site).keys() - before.keys():
            (site.folder / "content" / file).unlink()
        for file, content in before.items():
            (site.folder / "content" / file).write_bytes(content)
        left = [number]

        def counted(file: Path, *arguments: Any, left: list[int] = left, **named: Any) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(28, "No space left on device", str(file))
            (write(file, *arguments) if arguments else unlink_file(file, **named))

        with monkeypatch.context() as patch:
            patch.setattr("answerdesk.commands.steps.write_whole", counted)
            patch.setattr(Path, "unlink", counted)
            broken = run(site, *command)
        assert broken.exit_code == 2
        assert "Run the same command again." in broken.output
        assert run(site, *command).exit_code == 0
        assert contents(site) == wanted
    assert run(site, *command).output == "Nothing is left to do: account/pin is retired.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("account/nothing",), "account/nothing: no language has such an article"),
        (("account/code",), "It leads to account/pin already"),
        (("account/pin", "--to", "account/pin"), "account/pin cannot take its own place"),
        (("account/pin", "--to", "account/nothing"), "content/en/account/nothing.md is no article"),
        (("account/pin", "--to", "old/vpn"), "old/vpn was retired or renamed itself. Write --to network/vpn."),
        (("account/pin", "--to", "network/wifi"), "content/en/network/wifi.md is not published"),
        (("account/pin", "--to", "network/staff"), "content/en/network/staff.md is internal"),
    ],
)
def test_what_cannot_be_is_refused_with_a_cure(site: Any, arguments: tuple[str, ...], message: str) -> None:
    before = contents(site)
    done = run(site, "retire", *arguments)
    assert done.exit_code != 0
    assert message in done.output
    assert contents(site) == before


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[a](b.md)", "a"),
        ('[**a** `c`](b.md#x "T"){ .button }', "**a** `c`"),
        ("[![p](p.png)](b.md)", "![p](p.png)"),
        ("[a\nb](b.md)", "a\nb"),
        ("```\n[a](b.md)\n```\n`[a](b.md)` [a](c.md)", "```\n[a](b.md)\n```\n`[a](b.md)` [a](c.md)"),
        ("[a] and [b][a]\n\n[a]: b.md\n", "a and b\n\n"),
    ],
)
def test_links_to_what_is_gone_are_their_words(text: str, wanted: str) -> None:
    assert unlink(text, "k/x", Move(old="k/b", new="k/b-gone", languages=["en"]))[0] == wanted


def test_queries_go_by_lines_and_others_stay_as_they_are() -> None:
    text = "# a\n- query: x\n  finds: k/a\n# b\n- { query: y, finds: k/b }\n- {query: z, finds: k/a}\n"
    assert drop_items(text, "finds", "k/a") == "# a\n# b\n- { query: y, finds: k/b }\n"
