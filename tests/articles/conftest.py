"""What the tests of the articles share: a catalogue, article sources, and one small portal built once."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from answerdesk.articles.catalogue import Catalogue, Category

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> ModuleType:
    """Return tests/conftest.py, which importlib mode lets nobody import."""
    return request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))


@pytest.fixture(scope="session")
def article(shared: ModuleType) -> Callable[..., str]:
    """Write an article's source."""
    return shared.article


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Return two categories, two systems and three company values."""
    return Catalogue(
        categories={
            id: Category(id=id, icon="key", names={"en": id.title()}, summaries={"": ""})
            for id in ("account", "network")
        },
        systems={"windows": {"": "Windows"}, "macos": {"": "macOS"}},
        needed=("account/password",),
        company={"company": {"": "Example"}, "phone": {"": "123"}, "hours": {"en": "8 to 18", "ko": "8~18"}},
    )


@pytest.fixture(scope="session")
def portal(shared: ModuleType, article: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Build a portal in English, Korean and Arabic; `en/account/secret` is internal and full of the word Xyzzy."""
    folder = tmp_path_factory.mktemp("portal")
    tree = shared.Tree(folder, ["en", "ko", "ar"], fallback=False)
    questions = "## Why & &lt;how&gt;?\n\nBecause “1 < 2”.\n\n## When?\n\nAt `</script>` time.\n"
    secret = {name: ["Xyzzy word"] for name in ("aliases", "questions", "tags", "codes")}
    tree.write(
        {
            "categories.yml": shared.yaml.safe_dump(shared.CATEGORIES | {"needed": ["account/password"]}),
            "company.yml": shared.yaml.safe_dump(shared.COMPANY),
            "en/account/password.md": article(
                'Reset <i>your</i> "password" & PIN',
                "Call {{ phone }}.\n\n## First, the `<b>` key\n\nSee [VPN](../network/vpn.md).\n\n### Mac\n\nText.\n\n"
                "## Then\n\nText.\n",
                applies_to=["windows", "macos"],
                related=["network/vpn"],
            ),
            "en/account/faq.md": article("Questions & answers", questions, reviewed="@day"),
            "en/account/short.md": article("Short"),
            "en/account/secret.md": article(
                "Xyzzy title", "Xyzzy body\n", summary="Xyzzy sum", owner="xyzzy", **secret
            ),
            "en/network/vpn.md": article("VPN", category="network", related=["account/short"]),
            "ko/account/password.md": article("비밀번호 재설정"),
            "ko/network/index.md": "네트워크 소개.\n",
            "ko/network/vpn.md": article("사설망", category="network"),
            "ar/account/faq.md": article("أسئلة", "## ما هذا؟\n\nهذا.\n\n## لماذا؟\n\nلأن.\n"),
        }
    )
    source = folder / "content/en/account/secret.md"
    source.write_text(source.read_text("utf-8").replace("---\n", "---\naudience: internal\n", 1), "utf-8")
    tree.outcomes = tree.build()
    assert [(outcome.language, outcome.is_built, outcome.messages) for outcome in tree.outcomes] == [
        (code, True, ()) for code in ("ar", "en", "ko")
    ]
    return tree
