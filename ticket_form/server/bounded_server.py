"""A waitress server with a bound on connections: it closes late ones, and the slowest when there are too many."""

import heapq
import shutil
import tempfile
import time
from collections.abc import Callable
from typing import Any

from waitress.server import TcpWSGIServer
from waitress.utilities import Error

from ticket_form.server.pace import Stage

ACCEPTED_PER_TURN = 32  # connections in one turn of the loop; waitress accepts one, and each turn polls all connections
LATE_CHECK_SECONDS = 1.0  # between two checks for late connections
MAX_SPOOLED_BYTES = 1 << 30  # of all uploads together
SPOOLED_SHARE = 0.5  # of the free disk space without them: the database may be on the same disk


class BoundedServer(TcpWSGIServer):
    """Accepts every connection, and closes the slowest ones beyond the bound.

    A connection whose request is complete is never closed before its response.
    """

    active_channels: Any  # by descriptor; typed too narrowly in the stubs
    max_connections = 1000
    _checked_at = 0.0
    explain: Callable[[int, str, str], Error]
    """Takes status, query string and Accept-Language of a request that the app never sees; returns its error page."""

    def handle_accept(self) -> None:
        """Accept waiting connections, then close the slowest of those beyond the bound."""
        # Few in comparison with the bound, so that everyone's first bytes are read before he can be the slowest.
        for _ in range(min(ACCEPTED_PER_TURN, max(1, self.max_connections // 4))):
            known = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) == known:
                break
        self.close_slowest(len(self.active_channels) - self.max_connections)

    def maintenance(self, _now: float) -> None:
        """Do nothing: waitress calls this while it holds the results of a poll.

        A new connection could then get the descriptor, and the events, of one that was just closed.
        """

    def close_late(self) -> None:
        """Close late connections, at most once a second; call it between turns of the loop."""
        now = time.monotonic()
        if now < self._checked_at + LATE_CHECK_SECONDS:
            return
        self._checked_at = now
        for channel in self._channels():
            channel.note_pace(now)
            if channel.pace.is_late(now):
                channel.end_late()
        self._bound_uploads()

    def _bound_uploads(self) -> None:
        """Close unfinished uploads, the slowest first, while all uploads take too much disk space."""
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

    def close_slowest(self, number: int) -> None:
        """Close a number of connections, those first that have waited longest for their clients."""
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
    """Return the free bytes on the disk of the temporary folder; 0 if that cannot be read."""
    try:
        return shutil.disk_usage(tempfile.gettempdir()).free
    except OSError:
        return 0
