"""The worker: sends what is due, survives its channels, and begins again where it died."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ticket_form.delivery import worker as module
from ticket_form.delivery.outbox import LEASE, list_deliveries
from ticket_form.delivery.worker import Worker
from ticket_form.errors import PermanentFailure, StorageUnavailable, TemporaryFailure, Unreachable
from ticket_form.storage.database import Database
from ticket_form.tickets.delivery_contract import OutboundMessage, Promise, Purpose

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PATIENCE = 10.0
Take = Callable[..., str]


class Recorder:
    """A channel that keeps what it is given, or raises what it is told."""

    promise = Promise.AT_LEAST_ONCE
    acknowledges = False

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.parcels: list[OutboundMessage] = []
        self.arrived = threading.Event()

    def send(self, message: OutboundMessage) -> str:
        self.parcels.append(message)
        if self.failures:
            raise self.failures.pop(0)
        self.arrived.set()
        return f"remote {len(self.parcels)}"

    def check(self) -> str:
        return "here"


class Slow(Recorder):
    """A channel that takes its time until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.released = threading.Event(), threading.Event()

    def send(self, message: OutboundMessage) -> str:
        self.begun.set()
        self.released.wait(PATIENCE)
        return super().send(message)


class Killed(BaseException):
    """The process dies here."""


class Clock:
    """The time, which tests move on."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def start(database: Database) -> Iterator[Callable[..., Worker]]:
    """Start a worker with some channels, and stop it in the end."""
    workers: list[Worker] = []

    def start_worker(**channels: Recorder) -> Worker:
        workers.append(Worker(database=database, channels=channels))
        workers[-1].start()
        return workers[-1]

    yield start_worker
    for worker in workers:
        worker.stop()


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_one_delivery_is_sent_and_marked(database: Database, take: Take, clock: Clock) -> None:
    take("AD-1", "mail")
    mail = Recorder()
    worker = Worker(database=database, channels={"mail": mail}, now=clock)
    assert worker.send_one("mail")
    assert not worker.send_one("mail")
    (delivery,) = list_deliveries(database, only="delivered")
    assert (delivery.reference, delivery.remote, delivery.delivered_at) == ("AD-1", "remote 1", NOW)
    assert [message.ticket.reference for message in mail.parcels] == ["AD-1"]


def test_only_the_acknowledgement_knows_the_status_page(database: Database, take: Take, clock: Clock) -> None:
    take("AD-1", "mail", acknowledge_by="mail")
    mail = Recorder()
    worker = Worker(
        database=database, channels={"mail": mail}, now=clock, status_url=lambda key: f"https://help.example.com/{key}"
    )
    while worker.send_one("mail"):
        pass
    told = {message.purpose: message.status_url for message in mail.parcels}
    assert told == {Purpose.TICKET: "", Purpose.ACKNOWLEDGEMENT: "https://help.example.com/key of AD-1"}


def test_any_exception_of_a_channel_counts_as_a_failed_attempt(database: Database, take: Take, clock: Clock) -> None:
    take("AD-1", "mail")
    mail = Recorder(ZeroDivisionError("private words"))
    worker = Worker(database=database, channels={"mail": mail}, now=clock)
    assert worker.send_one("mail")
    (delivery,) = list_deliveries(database, only="waiting")
    assert delivery.error == "ZeroDivisionError in channel mail"
    assert delivery.due_at is not None
    clock.time = delivery.due_at
    assert worker.send_one("mail")
    assert list_deliveries(database, only="waiting") == ()


@pytest.mark.parametrize(
    "failure", [Unreachable("say kim@example.com"), TemporaryFailure("say kim"), PermanentFailure("say kim")]
)
def test_the_operator_finds_the_reason_with_the_delivery_and_not_in_the_log(
    database: Database, take: Take, clock: Clock, caplog: pytest.LogCaptureFixture, failure: Exception
) -> None:
    take("AD-1", "mail")
    with caplog.at_level(logging.INFO):
        Worker(database=database, channels={"mail": Recorder(failure)}, now=clock).send_one("mail")
    (delivery,) = list_deliveries(database)
    assert delivery.error == str(failure)
    (record,) = [record for record in caplog.records if record.name.startswith("ticket_form")]
    assert type(failure).__name__ in record.getMessage()
    assert "kim" not in record.getMessage()


@pytest.mark.parametrize("point", ["before claim", "after claim", "before send", "after send", "after mark"])
def test_what_a_dying_worker_leaves_is_sent_after_its_lease_under_the_same_key(
    database: Database, take: Take, clock: Clock, point: str
) -> None:
    take("AD-1", "mail")
    mail = Recorder()

    def die(reached: str) -> None:
        if reached == point:
            raise Killed

    with pytest.raises(Killed):
        Worker(database=database, channels={"mail": mail}, now=clock, reach=die).send_one("mail")
    sent_before = len(mail.parcels)
    assert sent_before == (point in ("after send", "after mark"))
    survivor = Worker(database=database, channels={"mail": mail}, now=clock)
    is_leased = point in ("after claim", "before send", "after send")
    assert survivor.send_one("mail") == (point == "before claim")
    clock.time += LEASE
    assert survivor.send_one("mail") == is_leased
    assert not survivor.send_one("mail")
    assert [delivery.reference for delivery in list_deliveries(database, only="delivered")] == ["AD-1"]
    assert len({message.key for message in mail.parcels}) == 1
    assert len(mail.parcels) == (2 if point == "after send" else 1)  # twice only where the answer was lost
    assert mail.parcels[-1].is_retry == is_leased


def test_a_started_worker_sends_what_is_there_and_what_comes(
    take: Take, start: Callable[..., Worker], database: Database
) -> None:
    take("AD-1", "mail")
    mail = Recorder()
    worker = start(mail=mail)
    wait_for(mail.arrived.is_set)
    mail.arrived.clear()
    take("AD-2", "mail")
    worker.wake()
    wait_for(mail.arrived.is_set)
    wait_for(lambda: not list_deliveries(database, only="waiting"))
    assert [message.ticket.reference for message in mail.parcels] == ["AD-1", "AD-2"]


def test_a_woken_worker_does_not_wait_for_its_next_look(
    take: Take, start: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", 3600.0)
    mail = Recorder()
    worker = start(mail=mail)
    time.sleep(0.2)  # it has looked and found nothing
    take("AD-1", "mail")
    worker.wake()
    assert mail.arrived.wait(PATIENCE)


def test_a_broken_or_slow_channel_stops_no_other(take: Take, start: Callable[..., Worker]) -> None:
    for number in range(4):
        take(f"AD-{number}", "broken", "slow", "mail")
    slow, mail = Slow(), Recorder()
    start(broken=Recorder(*[RuntimeError()] * 4), slow=slow, mail=mail)
    wait_for(lambda: len(mail.parcels) == 4)
    assert slow.parcels == []
    slow.released.set()


def test_stopping_finishes_what_is_being_sent_and_begins_nothing(
    database: Database, take: Take, start: Callable[..., Worker]
) -> None:
    for number in range(6):
        take(f"AD-{number}", "slow")
    slow = Slow()
    worker = start(slow=slow)
    wait_for(slow.begun.is_set)
    threading.Timer(0.3, slow.released.set).start()
    worker.stop()
    assert not worker.is_alive
    delivered = list_deliveries(database, only="delivered")
    assert 1 <= len(delivered) <= module.THREADS_PER_CHANNEL
    assert len(delivered) == len(slow.parcels)
    assert all(delivery.attempts == 0 for delivery in list_deliveries(database, only="waiting"))


def test_stopping_does_not_wait_for_ever(take: Take, start: Callable[..., Worker]) -> None:
    take("AD-1", "slow")
    slow = Slow()
    worker = start(slow=slow)
    wait_for(slow.begun.is_set)
    worker.stop(patience=0.3)  # returns, though what it sends has no end yet
    slow.released.set()


@pytest.mark.parametrize("failure", [StorageUnavailable("disk full"), RuntimeError("a fault of ours")])
def test_a_worker_goes_on_after_a_fault_around_the_channel(
    take: Take, start: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", 0.05)
    real, failures = module.claim, [failure] * module.THREADS_PER_CHANNEL

    def fail_first(*given: object, **options: object) -> object:
        if failures:
            raise failures.pop()
        return real(*given, **options)

    monkeypatch.setattr(module, "claim", fail_first)
    take("AD-1", "mail")
    mail = Recorder()
    worker = start(mail=mail)
    assert mail.arrived.wait(PATIENCE)
    assert worker.is_alive


def test_an_address_that_cannot_be_made_is_a_failed_attempt(database: Database, take: Take, clock: Clock) -> None:
    take("AD-1", acknowledge_by="mail")

    def fail(_key: str) -> str:
        raise ValueError

    worker = Worker(database=database, channels={"mail": Recorder()}, now=clock, status_url=fail)
    assert worker.send_one("mail")
    (delivery,) = list_deliveries(database, only="waiting")
    assert delivery.due_at is not None
    assert delivery.due_at - NOW < timedelta(minutes=1)
