"""One ticket's fault is not its channel's, and a wrong clock's times hold nothing back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ticket_form.delivery.backoff import MAX_ATTEMPTS
from ticket_form.delivery.outbox import (
    claim,
    drop,
    list_channels,
    list_deliveries,
    mark_delivered,
    mark_failed,
    park,
    replay,
)
from ticket_form.errors import DeliveryError, TemporaryFailure, Unreachable
from ticket_form.storage.database import Database
from ticket_form.storage.ticket_store import add_entry
from ticket_form.tickets.ticket import Author, Entry, EntryKind

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
POISON = "AD-POISON"
Take = Callable[..., str]


def work(database: Database, now: datetime, *, poison: str = POISON) -> list[str]:
    """Send all that is due; the poison finds its receiver broken. Return what was tried."""
    tried = []
    while taken := claim(database, "mail", now=now):
        tried.append(taken.message.ticket.reference)
        if tried[-1] == poison:
            mark_failed(database, taken, Unreachable("answered 500"), now=now, chance=0.5)
        else:
            mark_delivered(database, taken, remote="", now=now)
    return tried


def test_a_ticket_that_fails_alone_never_rests_its_channel(database: Database, take: Take) -> None:
    take(POISON, "mail", now=NOW)
    now = NOW
    for number in range(30):
        work(database, now)
        take(f"AD-{number}", "mail", now=now)
        assert f"AD-{number}" in work(database, now)
        (state,) = list_channels(database)
        assert state.rests_until is None
        now += timedelta(minutes=7)


def test_a_ticket_that_fails_while_others_arrive_dies_as_one_that_is_refused(database: Database, take: Take) -> None:
    take(POISON, "mail", now=NOW)
    now, tries = NOW, 0
    for number in range(400):
        tries += work(database, now).count(POISON)
        take(f"AD-{number}", "mail", now=now)
        work(database, now)
        now += HOUR
        if list_deliveries(database, only="dead"):
            break
    assert MAX_ATTEMPTS <= tries <= MAX_ATTEMPTS + 1  # the first may have been an outage
    assert [found.reference for found in list_deliveries(database, only="dead")] == [POISON]


def test_a_channel_that_takes_nothing_from_anybody_rests(database: Database, take: Take) -> None:
    for number in range(4):
        take(f"AD-{number}", "mail", now=NOW)
    for _ in range(3):
        taken = claim(database, "mail", now=NOW)
        assert taken is not None
        mark_failed(database, taken, Unreachable("refused"), now=NOW, chance=0.5)
    assert claim(database, "mail", now=NOW) is None


def test_a_lone_ticket_waits_out_a_long_outage_without_dying(database: Database, take: Take) -> None:
    take(POISON, "mail", now=NOW)
    now = NOW
    for _ in range(84):
        work(database, now)
        now += HOUR
    assert work(database, now, poison="") == [POISON]


@pytest.mark.parametrize("error", [Unreachable("refused"), TemporaryFailure("busy")])
def test_what_failed_under_a_clock_that_was_ahead_is_tried_when_it_is_right_again(
    database: Database, take: Take, error: DeliveryError
) -> None:
    ahead = NOW + 8 * HOUR
    for number in range(4):
        take(f"AD-{number}", "mail", now=ahead)
    for _ in range(4):
        if taken := claim(database, "mail", now=ahead):
            mark_failed(database, taken, error, now=ahead, chance=0.5)
    assert len(work(database, NOW)) == 4


def test_what_came_or_was_leased_under_a_clock_that_was_ahead_is_sent_now(database: Database, take: Take) -> None:
    take("AD-LEASED", "mail", now=NOW + 8 * HOUR)
    assert claim(database, "mail", now=NOW + 8 * HOUR)
    take("AD-NEW", "mail", now=NOW + 400 * 24 * HOUR)
    assert sorted(work(database, NOW)) == ["AD-LEASED", "AD-NEW"]


def test_what_was_delivered_under_a_clock_that_was_ahead_blames_no_ticket_for_an_outage(
    database: Database, take: Take
) -> None:
    take("AD-1", "mail", now=NOW + 9000 * HOUR)
    assert work(database, NOW + 9000 * HOUR) == ["AD-1"]
    take(POISON, "mail", now=NOW)
    for hours in range(0, 24 * 30, 12):
        work(database, NOW + hours * HOUR)
    (waiting,) = list_deliveries(database, reference=POISON)
    assert waiting.dead_at is None


def test_a_long_wait_that_is_right_is_kept(database: Database, take: Take) -> None:
    take("AD-1", "mail", now=NOW)
    taken = claim(database, "mail", now=NOW)
    assert taken is not None
    mark_failed(database, taken, TemporaryFailure("busy", wait=9 * HOUR), now=NOW, chance=0.5)
    assert claim(database, "mail", now=NOW + 8 * HOUR) is None
    assert claim(database, "mail", now=NOW + 9 * HOUR)


def comment(database: Database, text: str) -> None:
    entry = Entry(created_at=NOW, author=Author.VISITOR, kind=EntryKind.COMMENT, text=text)
    add_entry(database, POISON, entry, form_key=f"key {text}", now=NOW)


def test_a_parked_delivery_keeps_its_followers_waiting_until_it_is_replayed(database: Database, take: Take) -> None:
    take(POISON, "mail", now=NOW)
    comment(database, "More.")
    (first, _) = reversed(list_deliveries(database))
    assert park(database, first.id, reason="kills the receiver", now=NOW)
    assert work(database, NOW, poison="") == []
    assert "parked: kills the receiver" in {found.error for found in list_deliveries(database, only="dead")}
    assert replay(database, ids=[first.id], now=NOW) == 1
    assert work(database, NOW, poison="") == [POISON, POISON]


def test_a_dropped_delivery_lets_its_followers_go_and_stays_listed(database: Database, take: Take) -> None:
    take(POISON, "mail", now=NOW)
    comment(database, "More.")
    (first, _) = reversed(list_deliveries(database))
    assert drop(database, first.id, reason="sent by hand", now=NOW)
    assert work(database, NOW, poison="") == [POISON]
    (dropped,) = list_deliveries(database, only="dropped")
    assert (dropped.id, dropped.error) == (first.id, "dropped: sent by hand")
    assert replay(database, ids=[first.id], now=NOW) == 1
    assert work(database, NOW, poison="") == [POISON]


def test_what_is_just_being_sent_or_was_delivered_cannot_be_put_aside(database: Database, take: Take) -> None:
    take("AD-1", "mail", now=NOW)
    taken = claim(database, "mail", now=NOW)
    assert taken is not None
    assert not park(database, taken.id, reason="why", now=NOW)
    mark_delivered(database, taken, remote="", now=NOW)
    assert not drop(database, taken.id, reason="why", now=NOW)


def test_what_waits_can_be_sent_at_once(database: Database, take: Take) -> None:
    take("AD-1", "mail", now=NOW)
    taken = claim(database, "mail", now=NOW)
    assert taken is not None
    mark_failed(database, taken, TemporaryFailure("busy", wait=9 * HOUR), now=NOW, chance=0.5)
    assert replay(database, ids=[taken.id], now=NOW) == 1
    again = claim(database, "mail", now=NOW)
    assert again is not None
    assert again.message.is_retry
