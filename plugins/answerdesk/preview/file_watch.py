"""Notice which files changed, some at a time: editors write a file in several steps."""

import os
import queue
import time
from collections.abc import Iterable
from pathlib import Path

from watchdog.events import (
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from answerdesk.support.content_files import is_stray

QUIET = 0.04  # seconds
MAX_QUIET_SECONDS = 0.5  # seconds that they are held back at most
# Not that files are opened and read: a build reads thousands, and a queue that runs over loses what authors change.
CHANGES = [FileClosedEvent, FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent]
IGNORED = (".git", ".answerdesk-cache", "__pycache__")


class Watch(FileSystemEventHandler):
    """Collects the changes below some folders, which need not be there yet."""

    def __init__(
        self,
        folders: Iterable[Path],
        *,
        files: Iterable[Path] = (),
        quiet: float = QUIET,
    ) -> None:
        """`quiet` is for how many seconds nothing more has to change before anything is told."""
        self._found: queue.Queue[Path] = queue.Queue()
        self._quiet = quiet
        self._folders = tuple(str(folder) for folder in folders)
        self._files = {str(file) for file in files}
        self._observer = Observer()
        for folder in filter(os.path.isdir, self._folders):
            self._observer.schedule(self, folder, recursive=True, event_filter=CHANGES)
        for folder in {os.path.dirname(file) for file in self._files}:
            self._observer.schedule(self, folder, recursive=False, event_filter=CHANGES)

    def __enter__(self) -> "Watch":
        self._observer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._observer.stop()
        self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Take a change from the system."""
        if event.is_directory:
            return
        for name in (event.src_path, event.dest_path):
            path = Path(str(name))
            is_ours = str(path) in self._files or str(path).startswith(tuple(f"{at}{os.sep}" for at in self._folders))
            if is_ours and not is_noise(path):
                self._found.put(path)

    def wait(self, seconds: float) -> set[Path]:
        """Return what changed, once nothing more does; nothing if that long nothing changes at all."""
        try:
            changed = {self._found.get(timeout=seconds)}
        except queue.Empty:
            return set()
        ends = time.monotonic() + MAX_QUIET_SECONDS
        while time.monotonic() < ends:
            try:
                changed.add(self._found.get(timeout=self._quiet))
            except queue.Empty:
                if not any(map(_is_being_saved, changed)):
                    break
        return changed


def _is_being_saved(path: Path) -> bool:
    """Tell whether a file is empty or away, as for a moment while an editor saves it."""
    try:
        return path.stat().st_size == 0
    except OSError:
        return True


def is_noise(path: Path) -> bool:
    """Tell whether a file is none of its author's: editors put some beside those they write."""
    return is_stray(path.name) or any(part in IGNORED for part in path.parts)
