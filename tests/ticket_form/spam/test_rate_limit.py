"""Counting in windows of time."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from ticket_form.spam.rate_limit import MAX_ROWS_PER_SWEEP, RateCounter, count, take
from ticket_form.storage.database import Database
from ticket_form.storage.models import CountRow

SECRET = b"a secret of at least thirty-two bytes"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

Take = Callable[..., bool]


@pytest.fixture
def take_one(database: Database) -> Take:
    """Take, at noon, 3 a minute, unless told otherwise."""

    def take_it(key: str = "a", *, limit: int = 3, window: timedelta = MINUTE, now: datetime = NOON) -> bool:
        return take(database, key, limit=limit, window=window, secret=SECRET, now=now)

    return take_it


def test_as_many_as_the_limit_are_taken_and_no_more(take_one: Take) -> None:
    assert [take_one() for _ in range(5)] == [True, True, True, False, False]


def test_each_key_has_its_own_limit(take_one: Take) -> None:
    assert not [take_one("a") for _ in range(4)][-1]
    assert take_one("b")


def test_the_next_window_begins_anew(take_one: Take) -> None:
    for _ in range(4):
        take_one(now=NOON + timedelta(seconds=59))
    assert not take_one(now=NOON + timedelta(seconds=59))
    assert take_one(now=NOON + timedelta(seconds=60))


def test_an_hour_and_its_first_minute_are_counted_apart(take_one: Take) -> None:
    assert not [take_one() for _ in range(4)][-1]
    assert take_one(window=HOUR)


def test_several_counters_count_in_one_step(database: Database) -> None:
    counters = [
        RateCounter(key="a", window=MINUTE),
        RateCounter(key="b", window=MINUTE),
        RateCounter(key="a", window=HOUR),
    ]
    take(database, "b", limit=9, window=MINUTE, secret=SECRET, now=NOON)
    assert count(database, counters, enough=9, secret=SECRET, now=NOON) == (1, 2, 1)
    assert count(database, counters, enough=9, secret=SECRET, now=NOON) == (2, 3, 2)


def test_a_flood_is_not_counted_beyond_what_matters(database: Database) -> None:
    for _ in range(9):
        assert count(database, [RateCounter(key="a", window=MINUTE)], enough=3, secret=SECRET, now=NOON)[0] <= 4
    with database.reading() as session:
        assert session.scalar(select(CountRow.count)) == 4


def test_simultaneous_takers_get_no_more_than_the_limit_together(take_one: Take) -> None:
    taken: list[bool] = []
    threads = [
        threading.Thread(target=lambda: taken.extend(take_one(limit=10) for _ in range(5)), daemon=True)
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(taken), sum(taken)) == (30, 10)


def test_what_is_counted_cannot_be_read_in_the_database(database: Database, take_one: Take) -> None:
    take_one("192.0.2.7")
    with database.reading() as session:
        (key,) = session.scalars(select(CountRow.key))
    assert "192.0.2" not in key
    assert len(key) == 43
    take(database, "192.0.2.7", limit=3, window=MINUTE, secret=b"another secret", now=NOON)
    with database.reading() as session:
        assert len(set(session.scalars(select(CountRow.key)))) == 2


def test_windows_that_are_over_are_forgotten_a_part_at_a_time(database: Database, take_one: Take) -> None:
    with database.writing() as session:
        session.add_all(
            CountRow(key=f"old {number}", window=0, ends_at=NOON - HOUR, count=1)
            for number in range(MAX_ROWS_PER_SWEEP + 10)
        )
    left = []
    for key in ("a", "b"):
        take_one(key)
        with database.reading() as session:
            left.append(session.scalar(select(func.count()).select_from(CountRow)))
    assert left == [10 + 1, 2]
