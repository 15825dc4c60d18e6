"""When to try again."""

from datetime import timedelta
from itertools import accumulate, pairwise

import pytest

from ticket_form.delivery.backoff import (
    FAILURES_TO_REST,
    MAX_ATTEMPTS,
    MAX_PAUSE,
    MAX_REST,
    pause_after,
    rest_after,
)


def test_pauses_grow_from_seconds_to_hours() -> None:
    pauses = [pause_after(attempts, 0.5) for attempts in range(1, MAX_ATTEMPTS + 1)]
    assert pauses[:4] == [timedelta(seconds=seconds) for seconds in (10, 30, 90, 270)]
    assert all(first <= second for first, second in pairwise(pauses))
    assert max(pauses) == MAX_PAUSE


def test_a_delivery_is_given_up_after_days_and_not_after_hours() -> None:
    *_, last = accumulate(pause_after(attempts, 0.5) for attempts in range(1, MAX_ATTEMPTS))
    assert timedelta(days=1) < last < timedelta(days=3)


def test_a_channel_rests_for_seconds_first_and_minutes_at_most() -> None:
    rests = [rest_after(failures, 0.5) for failures in range(1, 12)]
    assert rests[: FAILURES_TO_REST + 2] == [timedelta(seconds=seconds) for seconds in (10, 10, 10, 20, 40)]
    assert all(first <= second for first, second in pairwise(rests))
    assert max(rests) == MAX_REST


@pytest.mark.parametrize("wait", [pause_after, rest_after])
def test_chance_spreads_a_wait_by_a_tenth(wait: type[pause_after]) -> None:
    least, middle, most = (wait(5, chance) for chance in (0.0, 0.5, 1.0))
    assert least == middle * 0.95
    assert most == middle * 1.05


@pytest.mark.parametrize("wait", [pause_after, rest_after])
def test_any_number_of_failures_has_a_wait(wait: type[pause_after]) -> None:
    assert wait(10**9, 1.0) <= MAX_PAUSE * 1.05
