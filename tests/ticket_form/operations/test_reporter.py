"""An operator is told what waits, in the log and by a real mail server. Each on SQLite and on PostgreSQL."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Barrier
from typing import Any, cast

import pytest
from mail_sink import Sink, serving
from servers import free_port

from ticket_form.delivery.channels.email import EmailChannel, open_email
from ticket_form.delivery.outbox import LEASE, pause
from ticket_form.operations import reporter as module
from ticket_form.operations.reporter import Reporter
from ticket_form.spam.quarantine import reject
from ticket_form.storage.database import Database, open_database
from ticket_form.storage.disk import Disk
from ticket_form.storage.models import ClockRow

pytestmark = pytest.mark.usefixtures("free_of_loops")

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PATIENCE = 20.0
OPTIONS = {"from": "Help desk <help@example.com>", "to": "operator@example.org", "host": "localhost"}
Take = Callable[..., str]


class Killed(BaseException):
    """The process dies here."""


class Clock:
    """The time, which tests move on; and how long the process runs, which no jump changes."""

    def __init__(self) -> None:
        self.time = NOW
        self.seconds = 0.0

    def __call__(self) -> datetime:
        return self.time

    def wait(self, span: timedelta) -> None:
        self.time += span
        self.seconds += span.total_seconds()


@pytest.fixture(scope="module")
def shared_sink() -> Iterator[tuple[Sink, int]]:
    sink = Sink()
    with serving(sink) as port:
        yield sink, port


@pytest.fixture
def sink(shared_sink: tuple[Sink, int]) -> Sink:
    shared_sink[0].envelopes.clear()
    return shared_sink[0]


@pytest.fixture
def mail(shared_sink: tuple[Sink, int]) -> EmailChannel:
    return channel_to(shared_sink[1])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(database: Database, mail: EmailChannel, clock: Clock) -> Callable[..., Reporter]:
    """Make what reports; each is a worker of its own."""

    def make_reporter(**changes: Any) -> Reporter:
        options = {"reader": "mail", "mail": mail, "channels": ["mail"], "now": clock, "clock": lambda: clock.seconds}
        return Reporter(database=database, measure=lambda _database: Disk(free=1, total=1), **(options | changes))

    return make_reporter


def channel_to(port: int) -> EmailChannel:
    return open_email("mail", {**OPTIONS, "port": port, "security": "none", "patience": 5}, {})


def hold(take: Take, *numbers: int, now: datetime = NOW) -> None:
    for number in numbers:
        take(f"AD-{number}", "mail", now=now, judge=lambda _session: "quick")


def read(sink: Sink, place: int = -1) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(sink.messages[place], policy=default))


def test_the_first_held_ticket_is_mailed_at_the_first_look(
    make: Callable[..., Reporter], take: Take, sink: Sink
) -> None:
    reporter = make(base_url="https://help.example.com")
    assert not reporter.look()
    hold(take, 1)
    assert reporter.look()
    (envelope,) = sink.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("help@example.com", ["operator@example.org"])
    arrived = read(sink)
    assert arrived["Subject"] == "[Help desk] 1 ticket is held back as suspected spam"
    assert (arrived["Auto-Submitted"], arrived["Precedence"], arrived["Reply-To"]) == ("auto-generated", None, None)
    body = arrived.get_content()
    for words in ("1: sent faster than anybody can write", "In the queue: https://help.example.com/queue/quarantine"):
        assert words in body
    for command in ("quarantine list", "quarantine release REFERENCE", "quarantine reject REFERENCE"):
        assert f'"ticket-form {command}"' in body
    for words in ("kim", "Kim", "VPN", "It drops", "key="):
        assert words not in body


def test_a_look_comes_soon_enough_for_five_minutes_also_after_a_kill() -> None:
    assert module.CHECK_INTERVAL * 2 + LEASE <= 5 * MINUTE


def test_a_burst_is_one_mail_and_then_one_an_hour_at_most_with_the_number(
    make: Callable[..., Reporter], take: Take, sink: Sink, clock: Clock
) -> None:
    reporter = make()
    hold(take, *range(3))
    assert reporter.look()
    for number in range(3, 59):
        clock.wait(MINUTE)
        hold(take, number, now=clock())
        assert not reporter.look()
    clock.wait(4 * MINUTE)
    assert reporter.look()
    assert read(sink)["Subject"].startswith("[Help desk] 59 tickets are held back")
    assert len(sink.messages) == 2


def test_what_nobody_looks_at_is_told_once_a_day_and_what_is_done_no_more(
    make: Callable[..., Reporter], take: Take, sink: Sink, clock: Clock, database: Database
) -> None:
    reporter = make()
    hold(take, 1)
    told = []
    for hour in range(50):
        if reporter.look():
            told.append(hour)
        clock.wait(HOUR)
    assert told == [0, 1, 25, 49]
    reject(database, "AD-1", now=clock())
    clock.wait(2 * DAY)
    make().look()
    assert not any("held back" in read(sink, place).get_content() for place in range(4, len(sink.messages)))


def test_a_new_worker_does_not_tell_what_was_told(make: Callable[..., Reporter], take: Take, sink: Sink) -> None:
    hold(take, 1)
    assert make().look()
    assert not make().look()


@pytest.mark.parametrize("point", ["before send", "after send"])
def test_a_report_survives_a_kill_and_a_second_one_can_be_told_apart(
    make: Callable[..., Reporter], take: Take, sink: Sink, clock: Clock, point: str
) -> None:
    def die(reached: str) -> None:
        if reached == point:
            raise Killed

    hold(take, 1)
    with pytest.raises(Killed):
        make(reach=die).look()
    clock.wait(MINUTE)
    assert not make().look()
    clock.wait(LEASE)
    assert make().look()
    assert not make().look()
    assert len({read(sink, place)["Message-ID"] for place in range(len(sink.messages))}) == 1


def test_several_workers_that_look_at_once_send_one_mail(make: Callable[..., Reporter], take: Take, sink: Sink) -> None:
    hold(take, *range(5))
    at_once = Barrier(4)

    def look(reporter: Reporter) -> bool:
        at_once.wait()
        return reporter.look()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(look, [make() for _ in range(4)])) == 1
    assert len(sink.messages) == 1


def test_machines_whose_clocks_are_days_apart_do_not_answer_each_other_with_mails(
    make: Callable[..., Reporter], take: Take, sink: Sink, clock: Clock
) -> None:
    right, wrong = make(), make(now=lambda: clock() + 2 * DAY)
    hold(take, 1)
    for _ in range(59):
        right.look()
        wrong.look()
        clock.wait(MINUTE)
    assert len(sink.messages) == 2  # and the second says that a clock is wrong


@pytest.mark.parametrize("jump", [timedelta(days=-400), -8 * HOUR, -MINUTE, MINUTE, 8 * HOUR, timedelta(days=400)])
def test_a_clock_that_jumps_silences_nothing(
    make: Callable[..., Reporter], take: Take, sink: Sink, clock: Clock, jump: timedelta
) -> None:
    reporter = make()
    hold(take, 1)
    assert reporter.look()
    clock.time += jump
    hold(take, 2, now=clock())
    told = []
    for _ in range(62):
        clock.wait(MINUTE)
        told.append(reporter.look())
    assert any(told)
    assert "2 tickets are held back" in read(sink)["Subject"]
    assert len(sink.messages) <= 3


def test_a_mail_server_that_is_away_is_tried_again_and_the_log_says_so(
    make: Callable[..., Reporter], take: Take, sink: Sink, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    hold(take, 1)
    away = make(mail=channel_to(free_port()))
    assert not away.look()
    assert "the report could not be sent by mail: localhost:" in caplog.text
    clock.wait(MINUTE)
    assert not make().look()
    clock.wait(LEASE)
    assert make().look()
    assert len(sink.messages) == 1


def test_a_channel_that_is_paused_for_tickets_still_carries_reports(
    make: Callable[..., Reporter], take: Take, sink: Sink, database: Database, clock: Clock
) -> None:
    pause(database, "mail", now=NOW)
    take("AD-1", "mail", now=NOW)
    clock.wait(2 * HOUR)
    assert make().look()
    assert "mail, which is paused: 1, the oldest for 2 hours" in read(sink).get_content()


def test_without_a_channel_the_log_says_it_as_often(
    make: Callable[..., Reporter], take: Take, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    hold(take, 1, 2)
    reporter = make(mail=None, reader="the log")
    with caplog.at_level(logging.WARNING):
        assert reporter.look()
        assert not reporter.look()
    (record,) = [record for record in caplog.records if record.name == module.__name__]
    assert record.levelname == "WARNING"
    assert record.getMessage().startswith("2 tickets are held back as suspected spam, the oldest for 1 minute. ")
    assert record.__dict__["fields"] == {"alert": "held", "count": 2}


def test_a_fault_does_not_end_the_looks(
    make: Callable[..., Reporter], take: Take, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [RuntimeError("a fault")]

    def now() -> datetime:
        if faults:
            raise faults.pop()
        return NOW

    monkeypatch.setattr(module, "CHECK_INTERVAL", timedelta(seconds=0.01))
    hold(take, 1)
    reporter = make(now=now)
    reporter.start()
    wait_for(lambda: sink.messages)
    reporter.stop()
    assert len(sink.messages) == 1


ROUTING = """
channels:
  - {{id: mail, kind: email, host: localhost, port: {port}, security: none, from: help@example.com, to: op@example.org}}
queues: [{{id: a, level: L1}}]
default: a
report_to: mail
"""


def test_two_workers_that_are_killed_and_started_again_have_mailed_once(
    place: Path | str, take: Take, shared_sink: tuple[Sink, int], sink: Sink, tmp_path: Path, built_site: Path
) -> None:
    (tmp_path / "routing.yml").write_text(ROUTING.format(port=shared_sink[1]))
    env = environment(place, tmp_path, built_site)
    hold(take, *range(20), now=datetime.now(UTC))
    command = [sys.executable, "-m", "ticket_form", "worker"]
    with subprocess.Popen(command, env=env) as one, subprocess.Popen(command, env=env) as two:
        wait_for(lambda: is_told(place) or one.poll() is not None)
        one.kill()
        two.kill()
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline().startswith(b"Sending by mail")
        process.terminate()  # which lets its first look end
    subjects = [read(sink, place)["Subject"] for place in range(len(sink.messages))]
    assert [subject.startswith("[Help desk] 20 tickets are held back") for subject in subjects] == [True]


def test_a_server_without_a_worker_logs_that_nothing_is_sent(
    place: Path | str, take: Take, tmp_path: Path, built_site: Path
) -> None:
    (tmp_path / "routing.yml").write_text(ROUTING.format(port=free_port()))
    take("AD-1", "mail", now=datetime.now(UTC) - 2 * HOUR)
    command = [sys.executable, "-m", "ticket_form", "serve", "--port", "0", "--processes", "1", "--no-worker"]
    env = environment(place, tmp_path, built_site)
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            said = next(line for line in process.stderr if "reporter" in line)
        finally:
            process.terminate()
    assert "1 delivery waits for channels that have taken nothing for long" in said


def environment(place: Path | str, folder: Path, site: Path) -> dict[str, str]:
    return os.environ | {
        "TICKET_FORM_ROUTING": str(folder / "routing.yml"), "TICKET_FORM_DATABASE": str(place),
        "TICKET_FORM_SITE": str(site), "TICKET_FORM_SECRET_KEY": "s" * 32,
    }  # fmt: skip


def is_told(place: Path | str) -> bool:
    """Tell whether a worker wrote down that it has reported."""
    database = open_database(place)
    try:
        with database.reading() as session:
            return session.get(ClockRow, "report to mail: held") is not None
    finally:
        database.close()


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
