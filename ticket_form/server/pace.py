"""Judge how fast a client sends or reads: a pure clock for each connection."""

from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

BLOCK_BYTES = 32 * 1024  # progress that earns a new block of time: about 1 kB a second at the slowest
MAX_BODY_SECONDS = 3600.0  # 20 MB over a line of 64 kbit/s take 43 minutes


class Stage(StrEnum):
    """What a connection waits for."""

    IDLE = "idle"
    HEAD = "head"
    BODY = "body"
    REPLY = "reply"
    WORK = "work"


ALLOWED_SECONDS = {Stage.IDLE: 60.0, Stage.HEAD: 20.0, Stage.BODY: 30.0, Stage.REPLY: 30.0, Stage.WORK: inf}
"""A head must be whole within its time; bodies and replies must move one block within theirs."""


@dataclass(slots=True, kw_only=True)
class Pace:
    """When the stage of a connection began, and when its last block was moved; seconds of a monotonic clock.

    `waiting_since` tells who has kept us waiting longest: a head that is whole does not make its body young.
    """

    since: float
    stage: Stage = Stage.HEAD
    began: float = 0.0
    waiting_since: float = field(init=False)
    _turn: int = 0
    _mark: int = 0

    def __post_init__(self) -> None:
        """Let the wait begin with the stage."""
        self.waiting_since = self.since

    def note(self, stage: Stage, *, turn: int, moved: int, now: float) -> None:
        """Take what was seen: the stage, the number of the request, the bytes that it moved so far."""
        if (stage, turn) != (self.stage, self._turn):
            if (self.stage, stage, self._turn) != (Stage.HEAD, Stage.BODY, turn):
                self.waiting_since = now
            self.stage, self._turn, self._mark, self.since, self.began = stage, turn, moved, now, now
        elif stage in (Stage.BODY, Stage.REPLY) and moved >= self._mark + BLOCK_BYTES:
            self._mark, self.since, self.waiting_since = moved, now, now

    def is_late(self, now: float) -> bool:
        """Tell whether the client had more time than it may take."""
        is_long = self.stage is Stage.BODY and now - self.began > MAX_BODY_SECONDS
        return is_long or now - self.since > ALLOWED_SECONDS[self.stage]
