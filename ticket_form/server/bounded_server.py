"""A waitress server that bounds its connections: the slowest go when there are too many, late ones in any case."""

import heapq
import shutil
import tempfile
import time
from collections.abc import Callable
from typing import Any

from waitress.server import TcpWSGIServer
from waitress.utilities import Error

from ticket_form.server.pace import Stage

ACCEPTED_PER_TURN = 32  # waitress takes one: each turn looks at all connections, so newcomers would wait long
TENDING_SECONDS = 1.0
MAX_SPOOLED_BYTES = 1 << 30  # of all uploads together
SPOOLED_SHARE = 0.5  # of the room that temporary files would have without them: the database may be on the same disk


class BoundedServer(TcpWSGIServer):
    """Accepts whoever comes, and closes the connection whose client took longest instead.

    A connection whose request is complete waits for its answer and is never closed for others.
    """

    active_channels: Any  # by descriptor; the stubs know one channel
    max_connections = 1000
    _tended_at = 0.0
    explain: Callable[[int, str, str], Error]
    """Takes status, query and Accept-Language of a request that the app never sees."""

    def handle_accept(self) -> None:
        """Accept those who wait, then close as many of the slowest as there are too many."""
        # Few beside all that there is room for, so that everyone's first bytes are read before he can be the slowest.
        for _ in range(min(ACCEPTED_PER_TURN, max(1, self.max_connections // 4))):
            known = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) == known:
                break
        self.shed(len(self.active_channels) - self.max_connections)

    def maintenance(self, _now: float) -> None:
        """Leave it to `tend`: waitress calls this while it asks the system what happened to each connection.

        A newcomer could then get the descriptor of one that was just closed, and the news of its end.
        """

    def tend(self) -> None:
        """Close what is late; to be called between the turns of the loop, and it looks once a second."""
        now = time.monotonic()
        if now < self._tended_at + TENDING_SECONDS:
            return
        self._tended_at = now
        for channel in self._channels():
            channel.note_pace(now)
            if channel.pace.is_late(now):
                channel.end_late()
        self._bound_uploads()

    def _bound_uploads(self) -> None:
        """Close unfinished uploads while all of them take too much room, those first whose clients are slowest."""
        channels = self._channels()
        spooled = sum(channel.spooled for channel in channels)
        if not spooled:
            return
        too_much = spooled - min(MAX_SPOOLED_BYTES, int(SPOOLED_SHARE * (free_for_uploads() + spooled)))
        uploads = [channel for channel in channels if channel.pace.stage is Stage.BODY and channel.spooled]
        for channel in sorted(uploads, key=lambda channel: channel.pace.waiting_since):
            if too_much <= 0:
                break
            too_much -= channel.spooled
            channel.end_late()

    def shed(self, number: int) -> None:
        """Close so many connections, those first that have waited longest for their clients."""
        if number <= 0:
            return
        now = time.monotonic()
        waiting = []
        for channel in self._channels():
            channel.note_pace(now)
            if channel.pace.stage is not Stage.WORK:
                waiting.append(channel)
        for channel in heapq.nsmallest(number, waiting, key=lambda channel: channel.pace.waiting_since):
            channel.handle_close()

    def _channels(self) -> list[Any]:
        return list(self.active_channels.values())


def free_for_uploads() -> int:
    """Return the free bytes of the disk that takes temporary files; none if it does not answer."""
    try:
        return shutil.disk_usage(tempfile.gettempdir()).free
    except OSError:
        return 0
