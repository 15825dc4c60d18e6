"""Run `ticket-form` in a folder of its own: start it, kill it, wait until it answers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from answerdesk.build.site_build import build_site

PROJECT = Path(__file__).resolve().parents[2]
COMMAND = str(Path(sys.executable).parent / "ticket-form")
SECRET = b"a secret of the benchmark's desks alone"
# One address posts more here than any person: everything is counted as always, and no limit is reached.
LIMITS = {f"TICKET_FORM_LIMIT_{name}": "9999999" for name in ("MINUTE", "HOUR", "FLOOD", "EVERYONE")}
LIMITS |= {f"TICKET_FORM_{name}": "0" for name in ("FILES_NETWORK_DAY", "FILES_DAY", "DISK_RESERVE")}
NOWHERE = "http://127.0.0.1:9/"  # nothing listens there, so deliveries wait
PATIENCE = 60.0  # seconds until a server must have started or stopped


class DeskError(Exception):
    """A server did not start, or something that a measurement needs is missing; the message says what."""


@dataclass(kw_only=True)
class Desk:
    """A `ticket-form serve` with its settings; `command` is another program that takes the same arguments."""

    folder: Path
    site: Path
    routing: Path
    database: str = ""
    command: Sequence[str] = (COMMAND,)
    arguments: Sequence[str] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[str] | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.database = self.database or str(self.folder / "tickets.sqlite")

    @property
    def environment(self) -> dict[str, str]:
        """Return all settings: those of this program's environment have no say."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TICKET_FORM_")}
        ours = {
            "TICKET_FORM_SITE": str(self.site),
            "TICKET_FORM_DATABASE": self.database,
            "TICKET_FORM_SECRET_KEY": SECRET.decode(),
            "TICKET_FORM_ROUTING": str(self.routing),
            "BENCH_SECRET": "a secret of the benchmark's channels",
        }
        return {**kept, **LIMITS, **ours, **self.more}

    @property
    def pid(self) -> int:
        """Return the number of the running process."""
        if self.process is None:
            raise DeskError("the server does not run")
        return self.process.pid

    def start(self) -> None:
        """Start on a free port, the same one every time, and wait until it answers."""
        with (self.folder / "log.txt").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*self.command, "serve", "--port", str(self.port), *self.arguments],
                env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("Portal"):
                self.port = urlsplit(line.split()[-1]).port or 0
                return
        self.process.wait()
        last = (self.folder / "log.txt").read_text("utf-8").splitlines()[-5:]
        raise DeskError("ticket-form did not start:\n" + "\n".join(last))

    def stop(self, how: signal.Signals = signal.SIGTERM) -> float:
        """End the process with a signal, and return the seconds that took."""
        if self.process is None:
            return 0.0
        begun = time.monotonic()
        children = children_of(self.pid)
        for pid in [self.pid, *children] if how == signal.SIGKILL else [self.pid]:
            os.kill(pid, how)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        while any(is_running(pid) for pid in children) and time.monotonic() < begun + PATIENCE:
            time.sleep(0.01)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None
        return time.monotonic() - begun

    def freeze(self) -> None:
        """Let its processes do nothing more until they are killed."""
        for pid in (self.pid, *children_of(self.pid)):
            os.kill(pid, signal.SIGSTOP)


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []


def is_running(pid: int) -> bool:
    """Tell whether a process is there and not dead already."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return False


def make_site(folder: Path) -> Path:
    """Build the starter content in English."""
    settings = {
        "INHERIT": str(PROJECT / "mkdocs.yml"),
        "docs_dir": str(PROJECT / "content" / "en"),
        "site_dir": str(folder / "site" / "en"),
        "theme": {"custom_dir": str(PROJECT / "portal")},
        "plugins": {"answerdesk/articles": {"languages": ["en"]}, "answerdesk/search": {}},
    }
    config = folder / "mkdocs.yml"
    config.write_text(yaml.safe_dump(settings), "utf-8")
    for outcome in build_site(config, strict=True):
        if not outcome.is_built:
            raise DeskError(f"the site was not built: {'; '.join(map(str, outcome.messages))}")
    return folder / "site"


def write_routing(path: Path, channels: Sequence[Mapping[str, object]] | None = None) -> Path:
    """Write a routing file with one queue, whose tickets go by all channels; the usual one leads nowhere."""
    nowhere = {"id": "nowhere", "kind": "webhook", "url": NOWHERE, "secret_variable": "BENCH_SECRET"}
    declared = [{**nowhere, "allow_private": True}] if channels is None else [dict(channel) for channel in channels]
    queue = {"id": "desk", "name": "Desk", "channels": [channel["id"] for channel in declared]}
    document = {"channels": declared, "queues": [queue], "default": "desk"}
    path.write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    return path


def make_desk(
    folder: Path,
    site: Path,
    *,
    database: str = "",
    command: Sequence[str] = (COMMAND,),
    more: Mapping[str, str] | None = None,
) -> Desk:
    """Make a desk with a routing file of its own; it does not run yet."""
    folder.mkdir(parents=True, exist_ok=True)
    routing = write_routing(folder / "routing.yml")
    return Desk(folder=folder / "desk", site=site, routing=routing, database=database, command=command, more=more or {})
