"""Times as they are said."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ticket_form.i18n.format_time import say_day, say_time

EVENING = datetime(2026, 1, 31, 17, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "January 31, 2026, 17:08 UTC"),
        ("zh-Hans", "2026年1月31日 17:08 UTC"),
        ("zh-Hant", "2026年1月31日 17:08 UTC"),
        ("ko", "2026년 1월 31일 17:08 UTC"),
        ("tr", "31 Ocak 2026 17:08 UTC"),
        ("ar", "31 يناير 2026، 17:08 UTC"),
    ],
)
def test_a_time_is_said_in_the_language_and_in_utc(code: str, said: str) -> None:
    assert say_time(EVENING, code) == said
    assert say_time(EVENING.astimezone(timezone(timedelta(hours=9))), code) == said


def test_a_day_is_that_of_utc() -> None:
    assert say_day(datetime(2026, 2, 1, 1, tzinfo=timezone(timedelta(hours=3))), "en") == "January 31, 2026"


@pytest.mark.parametrize("code", ["x-house", "qqq", "not a language"])
def test_a_language_that_nobody_knows_has_english_times(code: str) -> None:
    assert say_time(EVENING, code) == "January 31, 2026, 17:08 UTC"
