"""Compute when a failed delivery is tried again."""

from datetime import timedelta

FIRST = timedelta(seconds=10)
FACTOR = 3
MAX_PAUSE = timedelta(hours=12)
MAX_WAIT = timedelta(days=1)  # whatever another side asks for
MOST_ATTEMPTS = 12  # about two days
FAILURES_TO_REST = 3  # in a row, after which a channel rests
LONGEST_REST = timedelta(minutes=5)


def pause_after(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after so many attempts; `chance`, from 0 to 1, spreads them by a tenth."""
    pause = min(FIRST * int(FACTOR ** min(attempts - 1, 20)), MAX_PAUSE)
    return pause * (0.95 + chance / 10)


def rest_after(failures: int, chance: float) -> timedelta:
    """Return how long a channel rests before one delivery tries whether it works again."""
    rest = min(FIRST * int(2 ** min(max(0, failures - FAILURES_TO_REST), 20)), LONGEST_REST)
    return rest * (0.95 + chance / 10)
