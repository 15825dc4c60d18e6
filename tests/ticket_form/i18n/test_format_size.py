"""Sizes as they are said."""

import pytest

from ticket_form.i18n.format_size import say_size


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0.1 kB"),
        (12, "0.1 kB"),
        (812, "0.8 kB"),
        (1_000, "1 kB"),
        (4_321, "4.3 kB"),
        (99_999, "100 kB"),
        (1_500_000, "1.5 MB"),
        (20_000_000, "20 MB"),
    ],
)
def test_a_size_has_two_or_three_figures(size: int, said: str) -> None:
    assert say_size(size, "en") == said


@pytest.mark.parametrize(("code", "said"), [("tr", "1,5 MB"), ("ko", "1.5MB"), ("ar", "1.5 م.ب")])
def test_a_size_is_said_in_the_language(code: str, said: str) -> None:
    assert say_size(1_500_000, code) == said
