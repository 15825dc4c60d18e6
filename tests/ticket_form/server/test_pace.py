"""How long a client may take, by a clock of the test's own."""

import pytest

from ticket_form.server.pace import ALLOWED_SECONDS, BLOCK_BYTES, MAX_BODY_SECONDS, Pace, Stage


def test_a_head_has_its_time_however_often_a_byte_comes() -> None:
    pace = Pace(since=0.0)
    for now in range(0, 20, 3):
        pace.note(Stage.HEAD, turn=0, moved=now, now=float(now))
        assert not pace.is_late(float(now))
    assert pace.is_late(ALLOWED_SECONDS[Stage.HEAD] + 1)


@pytest.mark.parametrize("stage", [Stage.BODY, Stage.REPLY])
def test_who_trickles_is_late_and_who_is_merely_slow_is_not(stage: Stage) -> None:
    trickling, slow = Pace(since=0.0), Pace(since=0.0)
    for now in range(120):
        trickling.note(stage, turn=0, moved=100 * now, now=float(now))
        slow.note(stage, turn=0, moved=2000 * now, now=float(now))
        assert not slow.is_late(float(now))
    assert trickling.is_late(120.0)


def test_what_came_quickly_earns_no_time_to_stop() -> None:
    pace = Pace(since=0.0)
    pace.note(Stage.BODY, turn=0, moved=0, now=0.0)
    pace.note(Stage.BODY, turn=0, moved=1000 * BLOCK_BYTES, now=1.0)
    assert not pace.is_late(30.0)
    assert pace.is_late(32.0)


def test_no_body_takes_more_than_an_hour() -> None:
    pace = Pace(since=0.0)
    for now in range(0, int(MAX_BODY_SECONDS) + 20, 10):
        pace.note(Stage.BODY, turn=0, moved=now * BLOCK_BYTES, now=float(now))
    assert pace.is_late(MAX_BODY_SECONDS + 10)


def test_each_request_has_its_own_time_and_who_waits_for_us_is_never_late() -> None:
    pace = Pace(since=0.0)
    pace.note(Stage.HEAD, turn=1, moved=0, now=100.0)
    assert not pace.is_late(110.0)
    pace.note(Stage.WORK, turn=1, moved=0, now=111.0)
    assert not pace.is_late(1e9)


def test_a_body_is_as_old_as_its_head() -> None:
    stalled, newcomer = Pace(since=0.0), Pace(since=1.0)
    stalled.note(Stage.BODY, turn=0, moved=0, now=2.0)
    newcomer.note(Stage.HEAD, turn=0, moved=0, now=2.0)
    assert stalled.waiting_since < newcomer.waiting_since
    stalled.note(Stage.BODY, turn=0, moved=BLOCK_BYTES, now=3.0)
    assert stalled.waiting_since > newcomer.waiting_since
