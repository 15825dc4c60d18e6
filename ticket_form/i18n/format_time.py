"""Format times in a language."""

from datetime import UTC, datetime, timedelta

from babel.dates import format_date, format_time, format_timedelta, get_datetime_format

from ticket_form.i18n.languages import locale_of


def say_time(when: datetime, code: str) -> str:
    """Format a date and time in UTC, with a 24-hour clock in every language: a.m. and p.m. are easily confused."""
    locale = locale_of(code)
    day = say_day(when, code)
    time = format_time(when.astimezone(UTC), "HH:mm", locale=locale)
    pattern = str(get_datetime_format("long", locale=locale)).replace("'", "")
    return f"{pattern.replace('{1}', day).replace('{0}', time)} UTC"


def say_day(when: datetime, code: str) -> str:
    """Format the date in UTC."""
    return format_date(when.astimezone(UTC), "long", locale=locale_of(code))


def say_age(age: timedelta, code: str) -> str:
    """Format an age by its largest unit, such as "3 hours"; at least a minute, also if a clock was set back."""
    shown = max(age, timedelta(minutes=1))
    return format_timedelta(shown, granularity="minute", threshold=1, locale=locale_of(code))
