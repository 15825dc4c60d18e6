"""Slow clients: thousands of connections that never end what they began, while honest visitors come and go."""

import asyncio
import multiprocessing
import resource
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any

from bench.tickets.client import Connection, Sample, Target
from bench.tickets.writers import milliseconds

HEAD = b"POST /ticket HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
BODY = HEAD + b"Content-Length: 100000\r\n\r\n--x\r\n"
KINDS = {
    "heads": (HEAD[:40],),
    "bodies": (BODY,),
    "mixed": (HEAD[:40], BODY, b""),
}
TRICKLE_SECONDS = 3.0
PAUSE = 0.2  # seconds before a slow client that was cut off comes again
COLUMNS = (
    "slow clients", "trickle", "connections", "held", "cut off and back", "honest requests", "not answered 200 or 303",
    "p50, ms", "p95, ms", "slowest, ms",
)  # fmt: skip
_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What slow clients do: each keeps one connection, sends its beginning, then nothing or a byte now and then."""

    name: str
    connections: int
    is_trickling: bool


def measure_slow(target: Target, attack: Attack, *, seconds: float, visitors: float) -> list[str]:
    """Return a row: honest visitors come at a rate, each on a new connection, half for the form, half with a ticket."""
    ours, theirs = _fork.Pipe()
    process = _fork.Process(target=_attack, args=(target.port, attack, theirs))
    process.start()
    try:
        samples = asyncio.run(_visit(target, seconds=seconds, visitors=visitors))
        ours.send("end")
        held, cut = ours.recv()
    finally:
        process.terminate()
        process.join()
    wrong = Counter(str(sample.status or "no answer") for sample in samples if not sample.is_good)
    times = sorted(sample.seconds for sample in samples)
    p95 = times[int(len(times) * 0.95)] * 1000
    return [
        attack.name, "yes" if attack.is_trickling else "no", str(attack.connections), str(held), str(cut),
        str(len(samples)), ", ".join(f"{number} × {status}" for status, number in wrong.items()) or "0",
        milliseconds(times)[0], f"{p95:.0f}", f"{times[-1] * 1000:.0f}",
    ]  # fmt: skip


async def _visit(target: Target, *, seconds: float, visitors: float) -> Sequence[Sample]:
    samples: list[Sample] = []

    async def visit(number: int) -> None:
        connection = Connection(target.port)
        session = await target.begin(connection)
        samples.append(await target.visit(connection, session, "ticket" if number % 2 else "form"))
        connection.close()

    began, tasks = time.monotonic(), []
    for number in range(int(seconds * visitors)):
        await asyncio.sleep(max(0.0, began + number / visitors - time.monotonic()))
        tasks.append(asyncio.create_task(visit(number)))
    await asyncio.gather(*tasks)
    return samples


def _attack(port: int, attack: Attack, end: Pipe) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(_hold(port, attack, end))


async def _hold(port: int, attack: Attack, end: Pipe) -> None:
    state: Counter[str] = Counter()
    beginnings = KINDS[attack.name]

    async def one(number: int) -> None:
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                state["held"] += 1
                try:
                    await _go_slowly(reader, writer, beginnings[number % len(beginnings)], attack)
                finally:
                    state["held"] -= 1
                    writer.close()
            state["cut"] += 1
            await asyncio.sleep(PAUSE)

    tasks = [asyncio.create_task(one(number)) for number in range(attack.connections)]
    await asyncio.get_running_loop().run_in_executor(None, end.recv)
    end.send((state["held"], state["cut"]))
    for task in tasks:
        task.cancel()


async def _go_slowly(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, beginning: bytes, attack: Attack
) -> Any:
    writer.write(beginning)
    while attack.is_trickling:
        try:
            return await asyncio.wait_for(reader.read(), TRICKLE_SECONDS)
        except TimeoutError:
            writer.write(b"a")
    return await reader.read()
