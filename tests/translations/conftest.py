"""What the tests of translations share: article sources, and sites in two or three languages."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
STEPS = """## What to do

1. Open the settings. See [the VPN](../network/vpn.md).
2. Choose **Reset**.
3. Wait.

## If it did not help

Call {{ phone }}.
"""
KOREAN = """## 해결 방법

1. 설정을 여세요.
2. **재설정**을 고르세요.
3. 기다리세요.

## 그래도 안 되면

{{ phone }}에 전화하세요.
"""


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> ModuleType:
    """Return tests/conftest.py, which importlib mode lets nobody import."""
    return request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))


@pytest.fixture(scope="session")
def article(shared: ModuleType) -> Callable[..., str]:
    """Write an article's source."""
    return shared.article


@pytest.fixture
def translations(tree: Callable[..., Any], article: Callable[..., str]) -> Any:
    """Make a site in English and Korean: one article in both, one in English only."""
    return tree(
        {
            "en/account/reset.md": article("Reset it", STEPS),
            "en/network/vpn.md": article(
                "Connect to the VPN", "Start it.\n", category="network", aliases=["tunnel"], related=["account/reset"]
            ),
            "ko/account/reset.md": article("재설정하기", KOREAN, related=["network/vpn"]),
        },
        languages=["en", "ko"],
    )
