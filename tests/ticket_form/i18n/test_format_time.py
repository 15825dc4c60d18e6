"""Times as they are said."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ticket_form.i18n.format_time import say_age, say_day, say_time

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


@pytest.mark.parametrize(
    ("code", "hour", "hours", "days"),
    [
        ("en", "1 hour", "3 hours", "2 days"),
        ("zh-Hans", "1小时", "3小时", "2天"),
        ("zh-Hant", "1 小時", "3 小時", "2 天"),
        ("ko", "1시간", "3시간", "2일"),
        ("tr", "1 saat", "3 saat", "2 gün"),
        ("ar", "ساعة", "3 ساعات", "يومان"),
    ],
)
def test_an_age_is_said_by_its_largest_unit(code: str, hour: str, hours: str, days: str) -> None:
    ages = (timedelta(hours=1), timedelta(hours=3, minutes=5), timedelta(hours=50))
    assert tuple(say_age(age, code) for age in ages) == (hour, hours, days)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(seconds=59), timedelta(days=-400)])
def test_an_age_is_a_minute_at_least_also_where_a_clock_went_back(age: timedelta) -> None:
    assert say_age(age, "en") == "1 minute"
