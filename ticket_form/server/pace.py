"""Judge whether a client sends or reads too slowly; pure functions of time and bytes."""

from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

BLOCK_BYTES = 32 * 1024  # progress that restarts the time-out: about 1 kB a second at least
MAX_BODY_SECONDS = 3600.0  # 20 MB over a line of 64 kbit/s take 43 minutes


class Stage(StrEnum):
    """What a connection is waiting for."""

    IDLE = "idle"
    HEAD = "head"
    BODY = "body"
    REPLY = "reply"
    WORK = "work"


ALLOWED_SECONDS = {Stage.IDLE: 60.0, Stage.HEAD: 20.0, Stage.BODY: 30.0, Stage.REPLY: 30.0, Stage.WORK: inf}
"""Seconds by stage: a head must be complete within its time; bodies and replies must move one block within theirs."""


@dataclass(slots=True, kw_only=True)
class Pace:
    """The timing of a connection: when its stage began and its last block moved, in seconds of a monotonic clock.

    `waiting_since` is when the client's request began: a complete head does not reset it.
    """

    since: float
    stage: Stage = Stage.HEAD
    began: float = 0.0
    waiting_since: float = field(init=False)
    _turn: int = 0
    _mark: int = 0

    def __post_init__(self) -> None:
        """Start the wait with the stage."""
        self.waiting_since = self.since

    def note(self, stage: Stage, *, turn: int, moved: int, now: float) -> None:
        """Record an observation: the stage, the number of the request, and the bytes moved so far."""
        if (stage, turn) != (self.stage, self._turn):
            if (self.stage, stage, self._turn) != (Stage.HEAD, Stage.BODY, turn):
                self.waiting_since = now
            self.stage, self._turn, self._mark, self.since, self.began = stage, turn, moved, now, now
        elif stage in (Stage.BODY, Stage.REPLY) and moved >= self._mark + BLOCK_BYTES:
            self._mark, self.since, self.waiting_since = moved, now, now

    def is_late(self, now: float) -> bool:
        """Return whether the client exceeded its time."""
        is_long = self.stage is Stage.BODY and now - self.began > MAX_BODY_SECONDS
        return is_long or now - self.since > ALLOWED_SECONDS[self.stage]
