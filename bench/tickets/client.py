"""A small HTTP client that is no bottleneck: connections that ask one after another, in several processes."""

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

PATIENCE = 30.0  # seconds for an answer
PROCESSES = 2
LARGEST = 65_536  # bytes of a header line
fork = multiprocessing.get_context("fork")  # the caller has no threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The head of an answer and its text; no status if the connection broke."""

    status: int = 0
    location: str = ""
    cookies: str = ""
    text: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One request: what it was, how it ended, how long it took. `subject` and `location` are those of a ticket."""

    kind: str
    status: int
    seconds: float
    is_good: bool
    subject: str = ""
    location: str = ""


class Connection:
    """A connection to 127.0.0.1 that is opened again when it breaks."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> Reply:
        """Send a request and read its answer."""
        try:
            return await asyncio.wait_for(self._ask(request), PATIENCE)
        except (OSError, EOFError, ValueError, TimeoutError):
            self.close()
            return Reply()

    def close(self) -> None:
        """Close the connection."""
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _ask(self, request: bytes) -> Reply:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=LARGEST)
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        lines = [line.partition(":") for line in head[1:] if line]
        headers = {name.lower(): value.strip() for name, _, value in lines}
        cookies = [value.strip().split(";")[0] for name, _, value in lines if name.lower() == "set-cookie"]
        length = headers.get("content-length")
        text = await (reader.read() if length is None else reader.readexactly(int(length)))
        if length is None or headers.get("connection", "").lower() == "close":
            self.close()
        status = int(head[0].split()[1])
        return Reply(status=status, location=headers.get("location", ""), cookies="; ".join(cookies), text=text)


class Target(Protocol):
    """A help desk to put under load. Each connection has its own session, of whatever kind the desk needs."""

    name: str
    port: int

    async def begin(self, connection: Connection) -> Any:
        """Return the session of a new visitor."""
        ...

    async def visit(self, connection: Connection, session: Any, kind: str) -> Sample:
        """Make one request of a kind and take its time."""
        ...


@dataclass(slots=True, kw_only=True)
class Load:
    """All samples of a phase, and the seconds it lasted."""

    seconds: float
    samples: list[Sample] = field(default_factory=list)


def keep_busy(
    target: Target, *, connections: int, seconds: float, warm_up: float, choose: Callable[[int], str]
) -> Load:
    """Have each connection ask, wait for the answer, ask again; `choose` tells the kind of each request."""

    async def run(share: int, first: int) -> list[Sample]:
        begin = time.monotonic() + warm_up
        end = begin + seconds
        found: list[Sample] = []

        async def ask(number: int) -> None:
            connection = Connection(target.port)
            session = await target.begin(connection)
            while time.monotonic() < end:
                sample = await target.visit(connection, session, choose(number))
                number += connections
                if begin <= time.monotonic() < end:
                    found.append(sample)
            connection.close()

        await asyncio.gather(*(ask(first + number) for number in range(share)))
        return found

    return Load(seconds=seconds, samples=_in_processes(run, connections))


def keep_coming(target: Target, *, rate: float, seconds: float, connections: int, kind: str) -> Load:
    """Have requests come at a rate, whatever the answers; each takes a connection that is free, if there is one.

    A request's time counts from when it came, so waiting for a connection counts too.
    """

    async def run(share: int, _first: int) -> list[Sample]:
        idle: asyncio.Queue[tuple[Connection, Any]] = asyncio.Queue()
        opened = 0
        found: list[Sample] = []

        async def ask(came: float) -> None:
            nonlocal opened
            if idle.empty() and opened < share:
                opened += 1
                connection = Connection(target.port)
                session = await target.begin(connection)
            else:
                connection, session = await idle.get()
            sample = await target.visit(connection, session, kind)
            idle.put_nowait((connection, session))
            found.append(Sample(**{**_fields(sample), "seconds": time.monotonic() - came}))

        step, begun, running = PROCESSES / rate, time.monotonic(), []
        for number in range(int(seconds / step)):
            await asyncio.sleep(max(0.0, begun + number * step - time.monotonic()))
            running.append(asyncio.create_task(ask(begun + number * step)))
        await asyncio.gather(*running)
        while not idle.empty():
            idle.get_nowait()[0].close()
        return found

    return Load(seconds=seconds, samples=_in_processes(run, connections))


def _fields(sample: Sample) -> dict[str, Any]:
    return {name: getattr(sample, name) for name in Sample.__dataclass_fields__}


def _in_processes(run: Callable[[int, int], Coroutine[Any, Any, list[Sample]]], connections: int) -> list[Sample]:
    """Share connections among processes and put together what they found."""
    shares = [connections // PROCESSES + (number < connections % PROCESSES) for number in range(PROCESSES)]
    ends = []
    for number, share in enumerate(shares):
        ours, theirs = fork.Pipe(duplex=False)

        def work(share: int = share, first: int = sum(shares[:number]), end: Any = theirs) -> None:
            end.send(asyncio.run(run(share, first)))

        process = fork.Process(target=work)
        process.start()
        theirs.close()
        ends.append((process, ours))
    found: list[Sample] = []
    for process, end in ends:
        found += end.recv()
        process.join()
    return found


def count_good(samples: Sequence[Sample]) -> int:
    """Return how many were answered as they should be."""
    return sum(sample.is_good for sample in samples)
