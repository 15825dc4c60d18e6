"""Crash PostgreSQL again and again while two servers take tickets and two workers send them."""

import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.tickets.balance import compare
from bench.tickets.channels import SECRETS
from bench.tickets.desk import COMMAND, Desk, DeskError, make_desk, write_routing
from bench.tickets.post import Crowd, Ledger, post_again, write_letters
from bench.tickets.receivers import Arrivals, receive_webhooks
from ticket_form.delivery.channels.registry import open_channels
from ticket_form.delivery.outbox import LEASE, list_deliveries
from ticket_form.delivery.worker import Worker
from ticket_form.storage.database import open_database
from ticket_form.tickets.routing import load_routing

USER = "answerdesk"
COLUMNS = (
    "crashes", "servers left of 2", "workers left of 2", "acknowledged", "no answer", "refused", "stored", "lost",
    "doubled", "torn", "delivered", "not delivered", "arrived twice", "claimed twice at once",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A PostgreSQL of our own, as durable as it is by itself."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Return the address of its database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start, and recover first if it crashed."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self.control("start", "-w", "-l", str(self.folder / "log"), "-o", options)

    def control(self, *arguments: str) -> None:
        """Run pg_ctl."""
        _run(str(self.programs / "pg_ctl"), "-D", str(self.folder / "data"), *arguments)


def crash_in_rounds(folder: Path, site: Path, *, rounds: int, clients: int) -> list[str]:
    """Return a row of the table."""
    with _cluster() as cluster, receive_webhooks() as (port, arrivals):
        desk = make_desk(folder, site, database=cluster.url)
        hook = {"id": "hook", "kind": "webhook", "url": f"http://127.0.0.1:{port}/", "secret_variable": "BENCH_SECRET"}
        write_routing(desk.routing, [{**hook, "allow_private": True}])
        desk.arguments = ("--no-worker",)
        other = Desk(
            folder=folder / "other", site=desk.site, routing=desk.routing, database=desk.database,
            arguments=desk.arguments,
        )  # fmt: skip
        ledger = Ledger()
        with _running(desk), _running(other), _workers(desk, 2) as workers:
            crowds = [Crowd(each.port, ledger, write_letters, size=clients // 2) for each in (desk, other)]
            for _ in range(rounds):
                time.sleep(random.uniform(0.5, 1.5))
                cluster.control("stop", "-m", "immediate")
                time.sleep(random.uniform(0.0, 1.0))
                cluster.start()
            time.sleep(1)
            for crowd in crowds:
                crowd.join()
            post_again(desk.port, ledger)
            time.sleep(3)
            left = [_count_running(each.process for each in (desk, other)), _count_running(workers)]
        return [str(rounds), *map(str, left), *_figures(desk, ledger, arrivals)]


def _figures(desk: Desk, ledger: Ledger, arrivals: Arrivals) -> list[str]:
    balance = compare(desk.database, ledger.acknowledged)
    _send_rest(desk)
    database = open_database(desk.database)
    deliveries = list_deliveries(database)
    database.close()
    attempts = {delivery.reference: delivery.attempts for delivery in deliveries}
    delivered = sum(delivery.delivered_at is not None for delivery in deliveries)
    at_once = sum(len(times) > attempts.get(name, 0) for name, times in arrivals.times.items())
    return [
        str(balance.acknowledged), str(ledger.broken), str(ledger.refused.total()),
        str(balance.stored), str(balance.lost), str(balance.doubled + ledger.changed), str(balance.torn),
        str(delivered), str(len(deliveries) - delivered), str(arrivals.doubled), str(at_once),
    ]  # fmt: skip


def _send_rest(desk: Desk) -> None:
    """Send what a crash left in a lease, with the clock put on."""
    database = open_database(desk.database)
    routing = load_routing(desk.routing, categories=None, languages=None)
    later = 2 * LEASE
    for _ in range(50):
        shift = later
        worker = Worker(
            database=database,
            channels=open_channels(routing.channels, SECRETS),
            now=lambda shift=shift: datetime.now(UTC) + shift,  # type: ignore[misc]
        )
        while worker.send_one("hook"):
            pass
        if not list_deliveries(database, only="waiting", limit=1):
            break
        later += timedelta(minutes=10)
    database.close()


@contextmanager
def _cluster() -> Iterator[Cluster]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found:
        raise DeskError("PostgreSQL is missing: install Debian's postgresql")
    folder = Path(tempfile.mkdtemp(prefix="bench-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", pwd.getpwnam("postgres").pw_gid)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    cluster = Cluster(programs=found[-1].parent, folder=folder, port=port)
    try:
        _run(str(found[-1]), "-D", str(folder / "data"), "-A", "trust", "-U", USER, "-E", "UTF8", "--no-locale")
        cluster.start()
        yield cluster
        cluster.control("stop", "-m", "fast")
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            cluster.control("stop", "-m", "immediate")
        shutil.rmtree(folder)


@contextmanager
def _running(desk: Desk) -> Iterator[Desk]:
    desk.start()
    try:
        yield desk
    finally:
        desk.stop()


@contextmanager
def _workers(desk: Desk, number: int) -> Iterator[list[subprocess.Popen[str]]]:
    with (desk.folder / "workers.txt").open("a", encoding="utf-8") as log, ExitStack() as stack:
        workers = []
        for _ in range(number):
            worker = subprocess.Popen(
                [COMMAND, "worker"], env=desk.environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
            workers.append(stack.enter_context(worker))
            stack.callback(worker.terminate)
        for worker in workers:
            assert worker.stdout is not None
            worker.stdout.readline()  # it has opened the database
        yield workers


def _count_running(processes: Iterable[subprocess.Popen[Any] | None]) -> int:
    return sum(process is not None and process.poll() is None for process in processes)


def _run(*command: str) -> None:
    """Run a program of PostgreSQL, which refuses root."""
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    # Its output goes to a file: the server that pg_ctl leaves running would keep a pipe open.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        ended = subprocess.run([*as_user, *command], stdout=output, stderr=subprocess.STDOUT, cwd="/")
        if ended.returncode:
            output.seek(0)
            raise DeskError(f"{' '.join(command)}: {output.read().strip()}")
