"""What waits for a person is found. Each on SQLite and on PostgreSQL."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click import Command, Group

from ticket_form.cli import main
from ticket_form.delivery.outbox import claim, drop, list_deliveries, mark_failed, park, pause
from ticket_form.errors import PermanentFailure, StorageUnavailable
from ticket_form.operations.alerts import Alert, AlertKind, find_alerts
from ticket_form.operations.clock_check import trust
from ticket_form.spam.quarantine import reject, release
from ticket_form.storage.database import Database
from ticket_form.storage.disk import Disk
from ticket_form.tickets.routing import Queue, Routing

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ROUTING = Routing(queues={"a": Queue(id="a", names={}, level="L1")}, rules=(), default="a")
Take = Callable[..., str]


def find(database: Database, *, now: datetime = NOW, disk: Disk | None = None) -> dict[str, Alert]:
    found = find_alerts(database, channels=["mail"], now=now, measure=lambda _database: disk)
    assert len(found) == len({alert.kind for alert in found})
    return {alert.kind: alert for alert in found}


def hold(take: Take, reference: str, reason: str = "quick", *, now: datetime = NOW) -> None:
    take(reference, "mail", now=now, judge=lambda _session: reason)


def kill(database: Database, *, now: datetime) -> None:
    taken = claim(database, "mail", now=now)
    assert taken
    mark_failed(database, taken, PermanentFailure("550 of kim@example.com"), now=now, chance=0)


def test_a_desk_where_all_is_well_has_nothing_to_tell(database: Database, take: Take) -> None:
    take("AD-1", "mail", now=NOW)
    assert find(database, disk=Disk(free=50, total=100)) == {}


def test_held_tickets_are_told_with_age_reasons_and_what_to_do(database: Database, take: Take) -> None:
    hold(take, "AD-1", "quick", now=NOW - 3 * HOUR)
    hold(take, "AD-2", "trap")
    hold(take, "AD-3", "quick", now=NOW - HOUR)
    found = find(database)[AlertKind.HELD]
    assert (found.count, found.newest) == (3, NOW)
    assert found.summary == "3 tickets are held back as suspected spam, the oldest for 3 hours"
    assert found.details == ("2: sent faster than anybody can write", "1: a field was filled in that people do not see")
    for command in ("list", "show REFERENCE", "release REFERENCE", "reject REFERENCE"):
        assert f'"ticket-form quarantine {command}"' in " ".join(found.cure)
    release(database, "AD-1", routing=ROUTING, now=NOW)
    reject(database, "AD-2", now=NOW)
    assert find(database)[AlertKind.HELD].summary.startswith("1 ticket is held back as suspected spam, ")
    reject(database, "AD-3", now=NOW)
    assert AlertKind.HELD not in find(database)


def test_dead_deliveries_are_told_until_they_are_sent_or_dropped(database: Database, take: Take) -> None:
    take("AD-1", "mail", now=NOW)
    kill(database, now=NOW)
    found = find(database)[AlertKind.DEAD]
    assert (found.count, found.newest, found.details) == (1, NOW, ("mail: 1 dead",))
    assert found.summary == "1 delivery was put aside and nobody has decided on it"
    drop(database, list_deliveries(database)[0].id, reason="spam", now=NOW)
    assert find(database) == {}


def test_a_parked_delivery_is_told_when_it_was_parked_a_day_ago(database: Database, take: Take) -> None:
    take("AD-1", "mail", now=NOW)
    park(database, list_deliveries(database)[0].id, reason="later", now=NOW)
    assert find(database, now=NOW + 23 * HOUR) == {}
    trust(database, now=NOW + 25 * HOUR)
    found = find(database, now=NOW + 25 * HOUR)[AlertKind.DEAD]
    assert (found.count, found.details) == (1, ("mail: 1 parked",))


@pytest.mark.parametrize(
    ("channel", "why"), [("mail", ""), ("gone", ", which is not in the routing file"), ("paused", ", which is paused")]
)
def test_a_channel_that_takes_nothing_for_an_hour_is_told(
    database: Database, take: Take, channel: str, why: str
) -> None:
    take("AD-1", channel, now=NOW)
    assert find(database, now=NOW + 59 * MINUTE) == {}
    if channel == "paused":
        pause(database, channel, now=NOW)
    found = find_alerts(
        database, channels=["mail", "paused"], now=NOW + 2 * HOUR, measure=lambda _database: Disk(free=1, total=1)
    )
    assert [(alert.kind, alert.newest, alert.details) for alert in found] == [
        (AlertKind.STALLED, NOW + HOUR, (f"{channel}{why}: 1, the oldest for 2 hours",))
    ]


def test_a_channel_is_stalled_too_where_a_clock_that_was_ahead_wrote_its_deliveries(
    database: Database, take: Take
) -> None:
    take("AD-1", "mail", now=NOW + 8 * HOUR)
    assert find(database)[AlertKind.STALLED].details == ("mail: 1, the oldest for 1 minute",)


def test_a_clock_that_stops_retention_is_told(database: Database, take: Take) -> None:
    take("AD-1", now=NOW)
    found = find(database, now=NOW + 400 * DAY)[AlertKind.CLOCK]
    assert "ticket-form retire --clock-is-right" in found.cure[0]
    assert found.details == ("it says 2027-12-26 12:00 UTC; the last time known is 2026-11-21 12:00 UTC",)


@pytest.mark.parametrize(("free", "is_told"), [(9, True), (10, False)])
def test_a_disk_that_is_nearly_full_is_told(database: Database, free: int, is_told: bool) -> None:
    assert (AlertKind.DISK in find(database, disk=Disk(free=free, total=100))) == is_told


def test_a_disk_that_cannot_be_measured_stops_no_other_alert(database: Database, take: Take) -> None:
    def fail(_database: Database) -> Disk | None:
        raise OSError("gone")

    hold(take, "AD-1")
    (alert,) = find_alerts(database, channels=(), now=NOW, measure=fail)
    assert alert.kind == AlertKind.HELD


def test_no_alert_quotes_a_visitor_or_what_a_channel_said(database: Database, take: Take) -> None:
    hold(take, "AD-1", now=NOW - 5 * HOUR)
    take("AD-2", "mail", now=NOW)
    take("AD-3", "gone", now=NOW - 5 * HOUR)
    kill(database, now=NOW)
    found = find(database, disk=Disk(free=1, total=100), now=NOW + 2 * DAY)
    assert set(found) == set(AlertKind)
    for words in ("kim", "Kim", "VPN", "It drops", "550", "log.txt"):
        assert words not in str(found.values())


def test_every_command_that_an_alert_names_is_there(database: Database, take: Take) -> None:
    hold(take, "AD-1", now=NOW - 5 * HOUR)
    take("AD-2", "mail", now=NOW)
    take("AD-3", "gone", now=NOW - 5 * HOUR)
    kill(database, now=NOW)
    found = find(database, disk=Disk(free=1, total=100), now=NOW + 2 * DAY)
    named = re.findall(r'"ticket-form ([a-z -]+)', " ".join(line for alert in found.values() for line in alert.cure))
    assert len(named) == 13
    for words in named:
        command: Command = main
        for word in words.split():
            if word.startswith("--"):
                assert word in [name for option in command.params for name in option.opts]
            elif isinstance(command, Group) and word in command.commands:
                command = command.commands[word]
        assert not isinstance(command, Group), words


def test_a_database_that_does_not_answer_is_no_good_news(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_values: object, **_more: object) -> None:
        raise StorageUnavailable("gone")

    monkeypatch.setattr(type(database), "reading", fail)
    with pytest.raises(StorageUnavailable):
        find(database)
