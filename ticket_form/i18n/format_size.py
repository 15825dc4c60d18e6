"""Format a file size in a language."""

from babel.units import format_unit

from ticket_form.i18n.languages import locale_of

STEPS = (("digital-megabyte", 1_000_000), ("digital-kilobyte", 1_000))


def say_size(size: int, code: str) -> str:
    """Format a number of bytes in the largest unit of which there is at least one."""
    unit, bytes_in_it = next((step for step in STEPS if size >= step[1]), STEPS[-1])
    number = max(round(size / bytes_in_it, 1), 0.1)
    return format_unit(number if number < 10 else round(number), unit, "short", locale=locale_of(code))
