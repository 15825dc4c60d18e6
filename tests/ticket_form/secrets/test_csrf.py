"""Posts from other sites."""

import pytest

from ticket_form.secrets.csrf import is_foreign


@pytest.mark.parametrize(
    ("fetch_site", "origin", "is_expected"),
    [
        ("same-origin", "null", False),
        ("none", None, False),
        ("cross-site", None, True),
        ("cross-site", "https://help.example.com", True),
        ("same-site", None, True),
        (None, None, False),
        (None, "null", False),
        (None, "https://help.example.com", False),
        (None, "https://HELP.example.com", False),
        (None, "https://example.com", True),
        (None, "https://help.example.com.evil.example", True),
        (None, "https://help.example.com:8443", True),
        (None, "help.example.com", True),
        (None, "", True),
    ],
)
def test_what_the_browser_says_decides(fetch_site: str | None, origin: str | None, is_expected: bool) -> None:
    assert is_foreign(fetch_site=fetch_site, origin=origin, host="help.example.com") is is_expected
