"""Dates in words."""

from datetime import date

import pytest

from answerdesk.articles.dates import long_date


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "2 October 2026"),
        ("zh-Hans", "2026年10月2日"),
        ("zh-Hant", "2026年10月2日"),
        ("ko", "2026년 10월 2일"),
        ("tr", "2 Ekim 2026"),
        ("de", "2. Oktober 2026"),
        ("pt_BR", "2 de outubro de 2026"),
    ],
)
def test_a_day_is_written_as_readers_write_it(language: str, text: str) -> None:
    assert long_date(date(2026, 10, 2), language) == text


def test_an_arabic_day_names_its_month() -> None:
    assert "أكتوبر" in long_date(date(2026, 10, 2), "ar")
