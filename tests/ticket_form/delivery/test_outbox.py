"""Deliveries: who gets one, when it comes again, when it is given up. Each on SQLite and on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from ticket_form.delivery.backoff import FAILURES_TO_REST, MAX_ATTEMPTS, MAX_REST
from ticket_form.delivery.channels.text import write_ticket
from ticket_form.delivery.outbox import (
    LEASE,
    MAX_ERROR_CHARACTERS,
    Claim,
    claim,
    list_channels,
    list_deliveries,
    mark_delivered,
    mark_failed,
    pause,
    replay,
    resume,
)  # fmt: skip
from ticket_form.errors import DeliveryError, PermanentFailure, TemporaryFailure, Unreachable
from ticket_form.storage.database import Database, open_database
from ticket_form.storage.models import DeliveryRow
from ticket_form.storage.ticket_store import add_entry, find_ticket
from ticket_form.tickets.delivery_contract import Purpose
from ticket_form.tickets.ticket import Attachment, Author, Entry, EntryKind, Missing

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
Take = Callable[..., str]


def claim_one(database: Database, channel: str = "mail", *, now: datetime = NOW) -> Claim:
    """Claim what must be there."""
    taken = claim(database, channel, now=now)
    assert taken is not None
    return taken


def fail(database: Database, error: DeliveryError, *, now: datetime = NOW) -> datetime | None:
    """Claim the next delivery and let it fail; return when it is due again."""
    return mark_failed(database, claim_one(database, now=now), error, now=now, chance=0.5)


def deliver(database: Database, *, now: datetime = NOW, remote: str = "") -> str:
    """Claim the next delivery and let it arrive; return its ticket's reference."""
    taken = claim_one(database, now=now)
    assert mark_delivered(database, taken, remote=remote, now=now)
    return taken.message.ticket.reference


def comment(database: Database, text: str, *, reference: str = "AD-1", files: tuple[Attachment, ...] = ()) -> None:
    """Add what the visitor says."""
    entry = Entry(created_at=NOW, author=Author.VISITOR, kind=EntryKind.COMMENT, text=text, attachments=files)
    add_entry(database, reference, entry, form_key=f"key of {text}", now=NOW)


def break_channel(database: Database, *, now: datetime = NOW) -> datetime:
    """Let the channel fail until it rests, and return until when."""
    for _ in range(FAILURES_TO_REST):
        fail(database, Unreachable("connection refused"), now=now)
    (state,) = list_channels(database)
    assert state.rests_until is not None
    return state.rests_until


def test_a_parcel_carries_all_that_a_channel_needs(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    taken = claim_one(database)
    message = taken.message
    assert message.ticket == find_ticket(database, "AD-1")
    assert [(file.name, file.content) for file in message.files] == [("log.txt", b"log")]
    assert (message.purpose, message.tag, message.is_retry, message.remote) == (Purpose.TICKET, "[AD-1]", False, "")
    assert taken.form_key == "key of AD-1"


def test_the_oldest_is_sent_first_and_each_once(database: Database, take: Take) -> None:
    for number in (3, 1, 2):
        take(f"AD-{number}", "mail", now=NOW + number * SECOND)
    later = NOW + DAY
    assert [deliver(database, now=later) for _ in range(3)] == ["AD-1", "AD-2", "AD-3"]
    assert claim(database, "mail", now=later) is None


def test_each_channel_has_its_own_deliveries(database: Database, take: Take) -> None:
    take("AD-1", "mail", "rt")
    mail, rt = claim_one(database, "mail"), claim_one(database, "rt")
    assert mail.message.ticket == rt.message.ticket
    assert mail.message.key != rt.message.key
    assert claim(database, "fax", now=NOW) is None


def test_a_delivery_is_claimed_by_one_until_its_lease_ends(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    first = claim_one(database)
    assert claim(database, "mail", now=NOW + LEASE - SECOND) is None
    second = claim_one(database, now=NOW + LEASE)
    assert (second.id, second.message.key) == (first.id, first.message.key)
    assert (first.message.is_retry, second.message.is_retry) == (False, True)


def test_who_lost_its_lease_changes_nothing(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    late = claim_one(database)
    current = claim_one(database, now=NOW + LEASE)
    assert not mark_delivered(database, late, remote="late", now=NOW + LEASE)
    mark_failed(database, late, PermanentFailure("late"), now=NOW + LEASE, chance=0.5)
    assert mark_delivered(database, current, remote="current", now=NOW + LEASE)
    (delivery,) = list_deliveries(database)
    assert (delivery.remote, delivery.error, delivery.dead_at) == ("current", "", None)


def test_who_is_late_but_was_not_replaced_still_counts(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    taken = claim_one(database)
    assert mark_delivered(database, taken, remote="7", now=NOW + DAY)
    assert claim(database, "mail", now=NOW + 2 * DAY) is None


def test_what_the_visitor_adds_waits_for_the_ticket_and_names_it_as_the_other_side_does(
    database: Database, take: Take
) -> None:
    take("AD-1", "mail")
    comment(database, "first", files=(Attachment(name="b.txt", media_type="", size=1, sha256="", content=b"b"),))
    comment(database, "second")
    ticket = claim_one(database)
    assert claim(database, "mail", now=NOW + SECOND) is None
    mark_delivered(database, ticket, remote="77", now=NOW)
    first = claim_one(database)
    assert first.message.entry is not None
    assert (first.message.purpose, first.message.entry.text, first.message.remote) == (Purpose.ENTRY, "first", "77")
    assert [file.content for file in first.message.files] == [b"b"]
    assert claim(database, "mail", now=NOW) is None
    mark_delivered(database, first, remote="", now=NOW)
    second = claim_one(database)
    assert second.message.entry is not None
    assert (second.message.entry.text, second.message.files) == ("second", ())


def test_one_tickets_order_holds_no_other_ticket_up(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    comment(database, "first")
    fail(database, TemporaryFailure("busy"))
    take("AD-2", "mail")
    assert deliver(database) == "AD-2"


def test_what_follows_a_dead_delivery_waits_for_the_operator(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    comment(database, "first")
    fail(database, PermanentFailure("550"))
    assert claim(database, "mail", now=NOW + DAY) is None
    replay(database, channel="mail", now=NOW)
    assert claim_one(database).message.purpose is Purpose.TICKET


def test_the_visitor_is_told_whatever_the_team_was(database: Database, take: Take) -> None:
    take("AD-1", "mail", acknowledge_by="mail")
    fail(database, PermanentFailure("550 no such team"))
    acknowledgement = claim_one(database)
    assert acknowledgement.message.purpose is Purpose.ACKNOWLEDGEMENT
    assert acknowledgement.message.files == ()
    assert acknowledgement.form_key == "key of AD-1"


def test_an_acknowledgement_that_fails_holds_nothing_up(database: Database, take: Take) -> None:
    take("AD-1", "mail", acknowledge_by="mail")
    deliver(database)
    fail(database, PermanentFailure("550 no such visitor"))
    comment(database, "first")
    assert claim_one(database).message.purpose is Purpose.ENTRY


def test_poison_is_dead_at_once_and_its_neighbours_flow(database: Database, take: Take) -> None:
    for number in (1, 2, 3):
        take(f"AD-{number}", "mail", now=NOW + number * SECOND)
    later = NOW + DAY
    assert fail(database, PermanentFailure("552 too large"), now=later) is None
    assert [deliver(database, now=later) for _ in range(2)] == ["AD-2", "AD-3"]
    assert claim(database, "mail", now=later + 30 * DAY) is None
    (dead,) = list_deliveries(database, only="dead")
    assert (dead.reference, dead.error, dead.dead_at, dead.due_at) == ("AD-1", "552 too large", later, None)


def test_what_is_not_taken_now_comes_again_later_and_is_dead_after_the_last_attempt(
    database: Database, take: Take
) -> None:
    take("AD-1", "mail")
    now, due = NOW, fail(database, TemporaryFailure("451 greylisted"))
    attempts = 1
    while due is not None:
        assert due > now
        assert claim(database, "mail", now=due - SECOND) is None
        now, due, attempts = due, fail(database, TemporaryFailure("451"), now=due), attempts + 1
    assert attempts == MAX_ATTEMPTS
    assert now - NOW < 3 * DAY
    (state,) = list_channels(database)
    assert (state.waiting, state.dead, state.oldest, state.failures) == (0, 1, None, 0)


def test_what_kills_every_worker_that_sends_it_is_put_aside_in_the_end(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    take("AD-2", "mail", now=NOW + SECOND)
    now = NOW + SECOND
    while claim(database, "mail", now=now):  # each worker dies, and the next one comes when the lease ends
        now += LEASE
    assert now == NOW + SECOND + 2 * MAX_ATTEMPTS * LEASE
    assert {dead.reference for dead in list_deliveries(database, only="dead")} == {"AD-1", "AD-2"}
    assert f"begun {MAX_ATTEMPTS} times" in list_deliveries(database, only="dead")[0].error
    assert replay(database, ids=[dead.id for dead in list_deliveries(database, only="dead")], now=now) == 2
    assert claim(database, "mail", now=now) is not None


@pytest.mark.parametrize("error", [TemporaryFailure, Unreachable])
def test_who_asks_to_be_left_alone_is(database: Database, take: Take, error: type[DeliveryError]) -> None:
    take("AD-1", "mail")
    assert fail(database, error("busy", wait=timedelta(hours=1))) == NOW + timedelta(hours=1)
    assert claim(database, "mail", now=NOW + timedelta(minutes=59)) is None


def test_an_outage_kills_nothing_and_uses_up_no_attempts(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    now = NOW
    for _ in range(3 * MAX_ATTEMPTS):
        due = fail(database, Unreachable("connection refused"), now=now)
        assert due is not None
        assert SECOND < due - now <= 1.05 * MAX_REST  # so it is not late when the outage ends
        now = due
    assert fail(database, TemporaryFailure("451"), now=now) is not None
    (waiting,) = list_deliveries(database, only="waiting")
    assert waiting.reference == "AD-1"


def test_what_met_an_outage_is_a_retry_though_it_used_up_no_attempt(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    due = fail(database, Unreachable("the answer did not come"))
    assert due is not None
    assert claim_one(database, now=due).message.is_retry


def test_after_some_failures_a_channel_rests_and_then_exactly_one_delivery_tries_it(
    database: Database, take: Take
) -> None:
    for number in range(6):
        take(f"AD-{number}", "mail")
    awake = break_channel(database)
    assert awake > NOW
    assert claim(database, "mail", now=awake - SECOND) is None
    probe = claim_one(database, now=awake)
    assert claim(database, "mail", now=awake) is None
    mark_failed(database, probe, Unreachable("still"), now=awake, chance=0.5)
    (state,) = list_channels(database)
    assert state.rests_until is not None
    assert state.rests_until - awake > awake - NOW  # it rests longer each time
    assert claim(database, "mail", now=state.rests_until - SECOND) is None
    assert claim(database, "mail", now=state.rests_until) is not None


@pytest.mark.parametrize("error", [None, TemporaryFailure("451"), PermanentFailure("550")])
def test_an_answer_to_the_probe_opens_the_channel_for_all(
    database: Database, take: Take, error: DeliveryError | None
) -> None:
    for number in range(6):
        take(f"AD-{number}", "mail")
    awake = break_channel(database)
    probe = claim_one(database, now=awake)
    if error:
        mark_failed(database, probe, error, now=awake, chance=0.5)
    else:
        mark_delivered(database, probe, remote="", now=awake)
    assert claim(database, "mail", now=awake) is not None
    assert claim(database, "mail", now=awake) is not None
    (state,) = list_channels(database)
    assert (state.failures, state.rests_until) == (0, None)


def test_a_probe_whose_worker_died_is_followed_by_another(database: Database, take: Take) -> None:
    for number in range(6):
        take(f"AD-{number}", "mail")
    awake = break_channel(database)
    claim_one(database, now=awake)
    assert claim(database, "mail", now=awake + LEASE - SECOND) is None
    assert claim(database, "mail", now=awake + LEASE) is not None


def test_a_resting_channel_stops_no_other(database: Database, take: Take) -> None:
    for number in range(4):
        take(f"AD-{number}", "mail", "rt")
    break_channel_of_mail = [fail(database, Unreachable("down")) for _ in range(FAILURES_TO_REST)]
    assert all(break_channel_of_mail)
    assert claim(database, "mail", now=NOW) is None
    assert claim(database, "rt", now=NOW) is not None


def test_after_an_outage_all_arrives_oldest_first_but_what_tried(database: Database, take: Take) -> None:
    for number in range(20):
        take(f"AD-{number:02}", "mail", now=NOW + number * SECOND)
    now = NOW + timedelta(minutes=1)
    tried = []
    while now < NOW + timedelta(hours=6):
        taken = claim(database, "mail", now=now)
        if taken:
            tried.append(taken.message.ticket.reference)
            mark_failed(database, taken, Unreachable("down"), now=now, chance=0.5)
        now += timedelta(minutes=1)
    assert 60 < len(tried) < 100  # no storm: one delivery tries each five minutes
    arrived = []
    end = now + MAX_REST * 1.05
    while now < end:
        taken = claim(database, "mail", now=now)
        if taken is None:
            now += SECOND
            continue
        arrived.append(taken.message.ticket.reference)
        mark_delivered(database, taken, remote="", now=now)
    assert sorted(arrived) == [f"AD-{number:02}" for number in range(20)]
    assert list_deliveries(database, only="waiting") == ()


def test_a_paused_channel_sends_nothing_until_it_is_resumed(database: Database, take: Take) -> None:
    pause(database, "mail", now=NOW)
    pause(database, "mail", now=NOW + DAY)
    take("AD-1", "mail")
    assert claim(database, "mail", now=NOW + 9 * DAY) is None
    (state,) = list_channels(database)
    assert (state.paused_at, state.waiting, state.oldest) == (NOW, 1, NOW)
    resume(database, "mail")
    assert claim(database, "mail", now=NOW) is not None


def test_resuming_ends_a_rest_at_once(database: Database, take: Take) -> None:
    for number in range(5):
        take(f"AD-{number}", "mail")
    break_channel(database)
    resume(database, "mail")
    assert claim(database, "mail", now=NOW) is not None
    assert claim(database, "mail", now=NOW) is not None


def test_a_success_while_paused_does_not_resume(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    take("AD-2", "mail")
    taken = claim_one(database)
    pause(database, "mail", now=NOW)
    mark_delivered(database, taken, remote="", now=NOW)
    assert claim(database, "mail", now=NOW) is None


def test_what_is_replayed_has_all_attempts_again_and_is_still_a_retry(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    due: datetime | None = NOW
    while due is not None:
        due = fail(database, TemporaryFailure("451"), now=due)
    (dead,) = list_deliveries(database, only="dead")
    now = NOW + 9 * DAY
    assert replay(database, ids=[dead.id], now=now) == 1
    assert claim_one(database, now=now).message.is_retry
    mark = claim_one(database, now=now + LEASE)
    assert mark_failed(database, mark, TemporaryFailure("451"), now=now + LEASE, chance=0.5) is not None


def test_nothing_that_arrived_is_replayed(database: Database, take: Take) -> None:
    take("AD-1", "mail", "rt")
    take("AD-2", "mail")
    take("AD-3", "mail")
    delivered = deliver(database)
    assert fail(database, PermanentFailure("550")) is None
    ids = [delivery.id for delivery in list_deliveries(database)]
    assert replay(database, ids=[10**6], now=NOW) == 0
    assert replay(database, channel="rt", now=NOW) == 0
    assert replay(database, ids=ids, now=NOW) == len(ids) - 1
    assert [delivery.reference for delivery in list_deliveries(database, only="delivered")] == [delivered]


def test_deliveries_are_listed_newest_first_by_ticket_channel_and_state(database: Database, take: Take) -> None:
    for number in (1, 2, 3):
        take(f"AD-{number}", "mail", "rt", now=NOW + number * SECOND)
    later = NOW + DAY
    deliver(database, now=later, remote="77")
    fail(database, PermanentFailure("x" * 9999), now=later)
    found = [(delivery.reference, delivery.channel) for delivery in list_deliveries(database)]
    assert found == [(f"AD-{number}", channel) for number in (3, 2, 1) for channel in ("rt", "mail")]
    assert [delivery.channel for delivery in list_deliveries(database, reference="AD-2")] == ["rt", "mail"]
    assert [delivery.reference for delivery in list_deliveries(database, channel="rt", limit=2)] == ["AD-3", "AD-2"]
    (delivered,) = list_deliveries(database, only="delivered")
    assert (delivered.reference, delivered.remote, delivered.delivered_at) == ("AD-1", "77", later)
    (dead,) = list_deliveries(database, only="dead")
    assert (dead.reference, len(dead.error)) == ("AD-2", MAX_ERROR_CHARACTERS)
    assert len(list_deliveries(database, only="waiting")) == 4


def test_channels_are_listed_with_what_they_have_before_them(database: Database, take: Take) -> None:
    assert [state.name for state in list_channels(database, ["rt", "mail"])] == ["mail", "rt"]
    take("AD-1", "mail", now=NOW)
    take("AD-2", "mail", now=NOW + SECOND)
    fail(database, PermanentFailure("550"), now=NOW + DAY)
    mail, rt = list_channels(database, ["rt"])
    assert (mail.name, mail.waiting, mail.dead, mail.oldest) == ("mail", 1, 1, NOW + SECOND)
    assert (rt.name, rt.waiting, rt.dead, rt.oldest) == ("rt", 0, 0, None)


def test_workers_on_several_hosts_never_share_a_delivery(database: Database, place: Path | str, take: Take) -> None:
    for number in range(40):
        take(f"AD-{number}", "mail")

    def claim_all(host: Database) -> list[int]:
        found = []
        while taken := claim(host, "mail", now=NOW):
            found.append(taken.id)
        return found

    other = open_database(place)
    with ThreadPoolExecutor(4) as pool:
        found = [number for numbers in pool.map(claim_all, [database, other] * 2) for number in numbers]
    other.close()
    assert sorted(found) == sorted(delivery.id for delivery in list_deliveries(database))


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_worker_does_not_wait_for_what_another_is_claiming(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    take("AD-2", "mail", now=NOW + SECOND)
    with database.writing() as other:
        other.scalars(select(DeliveryRow).order_by(DeliveryRow.id).limit(1).with_for_update()).one()
        assert deliver(database, now=NOW + DAY) == "AD-2"


def test_two_first_failures_at_once_are_both_counted(database: Database, take: Take) -> None:
    for number in range(8):
        take(f"AD-{number}", "mail")
    claims = [claim_one(database) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        fail_one = partial(mark_failed, database, error=Unreachable("down"), now=NOW, chance=0.5)
        assert all(pool.map(fail_one, claims))
    (state,) = list_channels(database)
    assert state.failures == 8


def test_a_file_that_is_not_stored_is_only_named(take: Take, database: Database) -> None:
    take("AD-1", "mail", refuse=lambda _session, _size: Missing.DISK)
    message = claim_one(database).message
    assert message.files == ()
    assert [(file.name, file.missing) for file in message.missing_files] == [("log.txt", Missing.DISK)]
    assert "Files that are not stored:\n\n- log.txt (3 bytes): the disk was full" in write_ticket(message)
