"""Compute when a failed delivery is tried again."""

from datetime import timedelta

FIRST_PAUSE = timedelta(seconds=10)
PAUSE_FACTOR = 3
MAX_PAUSE = timedelta(hours=12)
MAX_RETRY_AFTER = timedelta(days=1)  # upper limit on a Retry-After
MAX_ATTEMPTS = 12  # of a delivery, over about two days
FAILURES_TO_REST = 3  # in a row, after which a channel rests
MAX_REST = timedelta(minutes=5)


def pause_after(attempts: int, chance: float) -> timedelta:
    """Return the pause after a number of attempts; `chance`, from 0 to 1, adds jitter of ±5 %."""
    pause = min(FIRST_PAUSE * int(PAUSE_FACTOR ** min(attempts - 1, 20)), MAX_PAUSE)
    return pause * (0.95 + chance / 10)


def rest_after(failures: int, chance: float) -> timedelta:
    """Return how long a channel rests before a single delivery probes it; `chance` adds jitter of ±5 %."""
    rest = min(FIRST_PAUSE * int(2 ** min(max(0, failures - FAILURES_TO_REST), 20)), MAX_REST)
    return rest * (0.95 + chance / 10)
