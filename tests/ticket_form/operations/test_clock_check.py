"""Nothing is erased by a clock that jumped. Each on SQLite and on PostgreSQL."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ticket_form.operations.clock_check import ClockUntrusted, demand_clock, find_jump, trust
from ticket_form.operations.daily_job import DailyJob
from ticket_form.storage.database import Database
from ticket_form.storage.ticket_store import add_entry, find_ticket
from ticket_form.tickets.ticket import Author, Entry, EntryKind

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KEEP = 180 * DAY
Take = Callable[..., str]


def close(database: Database, *, at: datetime) -> None:
    entry = Entry(created_at=at, author=Author.TEAM, kind=EntryKind.CLOSED, text="Done.")
    add_entry(database, "AD-1", entry, form_key=f"end {at}", now=at)


def is_erased(database: Database) -> bool:
    found = find_ticket(database, "AD-1")
    assert found
    return found.erased_at is not None


def test_a_worker_started_400_days_ahead_erases_nothing_and_says_so(
    database: Database, take: Take, caplog: pytest.LogCaptureFixture
) -> None:
    take("AD-1", now=NOW)
    close(database, at=NOW)
    with caplog.at_level(logging.ERROR):
        assert not DailyJob(database=database, keep=KEEP, now=lambda: NOW + 400 * DAY).work()
    assert not is_erased(database)
    assert "ticket-form retire --clock-is-right" in caplog.text


def test_tickets_that_come_under_the_wrong_clock_do_not_make_it_right(database: Database, take: Take) -> None:
    take("AD-1", now=NOW)
    close(database, at=NOW)
    demand_clock(database, now=NOW)
    take("AD-2", now=NOW + 400 * DAY)
    assert not DailyJob(database=database, keep=KEEP, now=lambda: NOW + 400 * DAY).work()
    assert not is_erased(database)


def test_a_clock_behind_the_newest_ticket_is_not_trusted_either(database: Database, take: Take) -> None:
    take("AD-1", now=NOW)
    with pytest.raises(ClockUntrusted, match="2026-11-21"):
        demand_clock(database, now=NOW - 2 * DAY)


def test_an_idle_desk_that_looks_every_hour_goes_on_erasing(database: Database, take: Take) -> None:
    take("AD-1", now=NOW)
    close(database, at=NOW)
    now = NOW
    while now < NOW + KEEP + DAY:
        now += timedelta(hours=23)
        assert DailyJob(database=database, keep=KEEP, now=lambda: now).work()  # noqa: B023
    assert is_erased(database)


def test_whoever_says_that_the_clock_is_right_is_believed(database: Database, take: Take) -> None:
    take("AD-1", now=NOW)
    later = NOW + 200 * DAY
    assert find_jump(database, now=later)
    trust(database, now=later)
    assert find_jump(database, now=later) is None


def test_tickets_of_a_clock_that_was_ahead_stop_retention_until_somebody_says_which_is_right(
    database: Database, take: Take
) -> None:
    take("AD-1", now=NOW + 400 * DAY)
    job = DailyJob(database=database, keep=KEEP, now=lambda: NOW)
    assert not job.work()
    trust(database, now=NOW)
    assert job.work()
    assert job.look()
    take("AD-2", now=NOW + 500 * DAY)
    assert not job.work()


def test_an_empty_desk_trusts_its_first_clock(database: Database) -> None:
    demand_clock(database, now=NOW)
    assert find_jump(database, now=NOW) is None
