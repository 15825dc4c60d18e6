"""When something is told, and when again; by one worker alone. Each on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from ticket_form.delivery.outbox import LEASE
from ticket_form.operations.alerts import Alert, AlertKind
from ticket_form.operations.report_schedule import claim_report, is_due, mark_told
from ticket_form.storage.database import Database

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HELD = Alert(kind=AlertKind.HELD, summary="-", cure=(), newest=NOW)
DISK = Alert(kind=AlertKind.DISK, summary="-", cure=())


def tell(database: Database, *alerts: Alert, now: datetime, reader: str = "mail") -> bool:
    """Report if a report is due, and tell whether one was."""
    claim = claim_report(database, reader, alerts, now=now)
    if claim:
        mark_told(database, claim, alerts, now=now)
    return claim is not None


@pytest.mark.parametrize(
    ("newest", "told", "due"),
    [
        (NOW, None, True),
        (NOW, NOW - MINUTE, False),  # within the hour it waits, whatever comes
        (NOW, NOW - HOUR, True),  # more came since
        (NOW - 3 * HOUR, NOW - HOUR, False),  # nothing new
        (NOW - 3 * HOUR, NOW - DAY, True),  # once a day
        (None, NOW - HOUR, False),
        (None, NOW - DAY, True),
        (NOW - HOUR - MINUTE, NOW - HOUR, True),  # it was told at once: nobody may have looked
        (NOW - 8 * HOUR, NOW + MINUTE, False),  # the clocks of two machines
        (NOW - 8 * HOUR, NOW + 8 * HOUR, True),  # told under a clock that was ahead
    ],
)
def test_what_was_told_is_told_again_when_more_came_or_once_a_day(
    newest: datetime | None, told: datetime | None, due: bool
) -> None:
    assert is_due(replace(HELD, newest=newest), told, now=NOW) == due


def test_nothing_that_waits_is_told_by_nobody(database: Database) -> None:
    assert not tell(database, now=NOW)


def test_another_kind_is_told_at_once(database: Database) -> None:
    assert tell(database, HELD, now=NOW)
    assert tell(database, HELD, DISK, now=NOW + MINUTE)
    assert not tell(database, HELD, DISK, now=NOW + 2 * MINUTE)


def test_what_was_gone_for_a_while_is_news_when_it_comes_back(database: Database) -> None:
    assert tell(database, DISK, now=NOW)
    assert not tell(database, now=NOW + MINUTE)
    assert not tell(database, DISK, now=NOW + 2 * MINUTE)  # it flickers
    assert not tell(database, now=NOW + HOUR)
    assert tell(database, DISK, now=NOW + HOUR + MINUTE)


def test_what_a_clock_that_was_ahead_told_holds_nothing_back(database: Database) -> None:
    assert tell(database, HELD, now=NOW + 400 * DAY)
    assert tell(database, HELD, now=NOW)
    assert not tell(database, HELD, now=NOW + MINUTE)


def test_a_reader_who_is_named_later_is_told_at_once(database: Database) -> None:
    assert tell(database, HELD, now=NOW, reader="the log")
    assert tell(database, HELD, now=NOW + MINUTE, reader="mail")


def test_channels_whose_names_begin_alike_are_told_each_for_itself(database: Database) -> None:
    assert tell(database, HELD, now=NOW, reader="ma_l")
    assert tell(database, HELD, now=NOW, reader="mail")
    assert not tell(database, HELD, now=NOW, reader="ma_l")


def test_a_report_that_is_being_sent_is_not_sent_by_another_until_its_lease_ends(database: Database) -> None:
    first = claim_report(database, "mail", [HELD], now=NOW)
    assert claim_report(database, "mail", [HELD], now=NOW + LEASE - SECOND) is None
    assert first
    assert claim_report(database, "mail", [HELD], now=NOW + LEASE) == first  # by whose time receivers know it again
    mark_told(database, first, [HELD], now=NOW + LEASE)
    assert claim_report(database, "mail", [HELD], now=NOW + 2 * LEASE) is None
    later = claim_report(database, "mail", [HELD], now=NOW + 2 * DAY)
    assert later
    assert later.begun != first.begun


def test_a_lease_of_a_clock_that_was_ahead_holds_nothing_back(database: Database) -> None:
    assert claim_report(database, "mail", [HELD], now=NOW + 8 * HOUR)
    assert claim_report(database, "mail", [HELD], now=NOW)


def test_kinds_that_are_to_be_quiet_make_no_report_due(database: Database) -> None:
    assert claim_report(database, "mail", [HELD], now=NOW, quiet=[AlertKind.HELD]) is None
    assert claim_report(database, "mail", [HELD, DISK], now=NOW, quiet=[AlertKind.HELD])


@pytest.mark.parametrize("is_first", [True, False])
def test_of_many_workers_at_once_one_reports(database: Database, is_first: bool) -> None:
    assert is_first or tell(database, HELD, now=NOW - 2 * DAY)
    at_once = Barrier(6)

    def claim(_number: int) -> bool:
        with database.reading() as session:
            session.connection()  # opened by each beforehand, as that takes longer than all the rest
            at_once.wait()
        return claim_report(database, "mail", [HELD], now=NOW) is not None

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(claim, range(6))) == 1
