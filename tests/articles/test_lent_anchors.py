"""Links of articles that a language borrows lead to the headings of its own translations."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from answerdesk.cli import main

VPN = "## What you see\n\nA lock.\n\n## What to do\n\n1. Start it.\n\n### On Windows\n\nClick.\n"
VPN_KO = "## 보이는 것\n\n자물쇠.\n\n## 할 일\n\n1. 시작합니다.\n\n### 윈도우에서\n\n누릅니다.\n"
LINKS = "[do](vpn.md#what-to-do), [windows](vpn.md#on-windows), [lost](vpn.md#gone-since), [top](vpn.md)\n"


@pytest.fixture
def article(request: pytest.FixtureRequest) -> Callable[..., str]:
    shared = request.config.pluginmanager.get_plugin(str(Path(__file__).parents[1] / "conftest.py"))
    assert shared
    return shared.article  # type: ignore[no-any-return]


@pytest.fixture
def site(article: Callable[..., str], tree: Callable[..., Any]) -> Any:
    vpn = VPN + "\n## Gone since\n\nText.\n"
    files = {"en/account/vpn.md": article("VPN", vpn), "ko/account/vpn.md": article("VPN 연결", VPN_KO)}
    return tree(files | {"en/account/router.md": article("Router", LINKS)}, languages=["en", "ko"])


def links(made: Any) -> list[str]:
    page = made.page("ko/account/router/index.html")
    return [part.split('"')[0] for part in page.split('href="../vpn/')[1:] if ">" in part][:4]


def record(made: Any) -> None:
    done = CliRunner().invoke(main, ["translated", "account/vpn", "--lang", "ko", "-f", str(made.config)])
    assert done.exit_code == 0, done.output


def test_anchors_are_mapped_by_what_the_record_of_the_translation_knows(site: Any, article: Callable[..., str]) -> None:
    site.write({"en/account/vpn.md": article("VPN", VPN)})
    record(site)
    site.write({"en/account/vpn.md": article("VPN", "## New first\n\nText.\n\n" + VPN)})
    assert [(outcome.is_built, outcome.messages) for outcome in site.build(strict=False)][1][0]
    assert links(site)[:2] == ["#할-일", "#윈도우에서"]


def test_what_has_no_partner_leads_to_the_top_and_nothing_fails(site: Any) -> None:
    site.write({})
    outcomes = site.build()
    assert [(outcome.language, outcome.is_built, outcome.messages) for outcome in outcomes] == [
        ("en", True, ()),
        ("ko", True, ()),
    ]
    assert links(site) == ["", "", "", ""]


def test_a_wrong_anchor_of_an_authors_own_is_still_told(site: Any, article: Callable[..., str]) -> None:
    site.write({"ko/account/router.md": article("공유기", "[할 일](vpn.md#what-to-do)\n")})
    (ko,) = [outcome for outcome in site.build() if outcome.language == "ko"]
    assert not ko.is_built


def test_headings_of_lent_articles_keep_their_anchors(site: Any) -> None:
    (site.folder / "content/ko/account/vpn.md").unlink()
    assert all(outcome.is_built for outcome in site.build())
    assert links(site) == ["#what-to-do", "#on-windows", "#gone-since", ""]
