"""Tickets outlive what happens to machines: the quick form of what bench/tickets does at length."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

BENCH = "bench.tickets"
Figures = dict[str, str]


@pytest.fixture
def measure(site: Path) -> Callable[..., list[Figures]]:
    """Run a measurement and read its table; the last, if there are more."""

    def run(*arguments: str) -> list[Figures]:
        command = [sys.executable, "-m", BENCH, "--site", str(site), *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert ended.returncode == 0, ended.stderr
        columns, _rule, *rows = [line.strip("| ").split(" | ") for line in ended.stdout.split("\n\n")[-1].splitlines()]
        return [dict(zip(columns, row, strict=True)) for row in rows]

    return run


def demand_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a disk of its own needs root")


def assert_whole(figures: Figures) -> None:
    """What was acknowledged is there, once, with all that belongs to it."""
    assert {name: figures[name] for name in ("lost", "doubled", "torn")} == {"lost": "0", "doubled": "0", "torn": "0"}


@pytest.mark.parametrize(("command", "rounds"), [("kill", "1"), ("sigterm", "1")])
def test_a_server_that_is_stopped_in_the_middle_of_posts_loses_and_doubles_nothing(
    measure: Callable[..., list[Figures]], command: str, rounds: str
) -> None:
    (figures,) = measure(command, "--rounds", rounds, "--clients", "4")
    assert_whole(figures)
    assert int(figures["acknowledged"]) > 0
    assert int(figures["stored"]) == int(figures["acknowledged"])  # what had no answer was posted again
    assert figures["integrity"] == "ok"
    # Visitors who go on posting do not keep it up until its patience of ten seconds ends.
    assert float(figures["slowest exit, s"]) < 9


def test_a_worker_that_is_killed_at_any_point_sends_everything_and_doubles_only_what_it_cannot_look_up(
    measure: Callable[..., list[Figures]],
) -> None:
    rows = measure("worker-kill", "--rounds", "1")
    assert len(rows) == 8
    for figures in rows:
        assert figures["killed indeed"] == figures["rounds"]
        assert [figures[name] for name in ("stuck", "lost", "doubled")] == ["0", "0", "0"], figures["killed"]
    unsure = {figures["killed"] for figures in rows if figures["doubled without a look-up"] != "0"}
    assert unsure == {"in send", "after send", "in mark"}


def test_a_power_cut_loses_nothing_but_does_with_the_usual_setting_of_sqlite(
    measure: Callable[..., list[Figures]],
) -> None:
    demand_root()
    ours, control = measure("power-cut", "--rounds", "1", "--control-rounds", "2", "--clients", "4")
    assert_whole(ours)
    assert int(ours["acknowledged"]) > 0
    assert ours["corrupt"] == "0"
    assert int(control["lost"]) > 0  # or this test would show nothing


def test_a_full_disk_refuses_keeps_the_text_and_takes_tickets_again_without_a_restart(
    measure: Callable[..., list[Figures]],
) -> None:
    demand_root()
    (figures,) = measure("disk-full", "--refusals", "5")
    assert_whole(figures)
    assert figures["acknowledged meanwhile"] == "0"
    assert int(figures["refused"]) >= 5
    assert figures["refused with the text kept"] == figures["refused"]
    # Everything that was refused was posted again, and thirty more.
    assert int(figures["acknowledged after"]) == int(figures["refused"]) + 30
    assert figures["integrity"] == "ok"


def test_many_processes_write_at_once_and_none_is_turned_away(measure: Callable[..., list[Figures]]) -> None:
    (figures,) = measure("writers", "--processes", "12", "--tickets", "10")
    assert_whole(figures)
    assert (figures["stored"], figures["errors"]) == ("132", "0")


def test_what_is_refused_does_not_keep_its_neighbours_waiting(measure: Callable[..., list[Figures]]) -> None:
    rows = measure("poison", "--tickets", "10")
    assert [figures["channel"] for figures in rows] == ["webhook", "email", "broken"]
    for figures in rows:
        assert figures["delivered"] == figures["neighbours"] == "10"
        assert float(figures["p95 delay, s"]) < 5
