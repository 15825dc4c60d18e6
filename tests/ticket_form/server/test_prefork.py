"""Several processes that answer visitors, as real processes."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import URLError

import pytest

from ticket_form.operations.health import VERDICT_CACHE_SECONDS
from ticket_form.server.prefork import RemoteWorker, Shared, default_number
from ticket_form.settings import Settings

COMMAND = (sys.executable, "-c", "from ticket_form.cli import main; main()", "serve", "--port", "0")
ROUTING = """
channels:
  - {id: nowhere, kind: webhook, url: "http://127.0.0.1:9/", secret_variable: DESK_SECRET, allow_private: true}
queues: [{id: desk, name: Desk, channels: [nowhere]}]
default: desk
"""


@pytest.fixture
def env(settings: Settings, tmp_path: Path) -> dict[str, str]:
    """Give the environment of a desk with one channel."""
    (tmp_path / "routing.yml").write_text(ROUTING, "utf-8")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "TICKET_FORM_SITE": str(settings.site),
        "TICKET_FORM_DATABASE": str(settings.database),
        "TICKET_FORM_ROUTING": str(tmp_path / "routing.yml"),
        "TICKET_FORM_SECRET_KEY": "s" * 32,
        "DESK_SECRET": "a secret of the desk",
    }


@contextmanager
def serving(env: dict[str, str], number: int, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start so many processes, and give the first of all and the port."""
    command = [*COMMAND, "--processes", str(number), *options]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        try:
            assert process.stdout is not None
            found = re.search(r":(\d+)/", process.stdout.readline())
            assert found
            wait_for(lambda: len(children(process.pid)) == number)
            yield process, int(found[1])
        finally:
            process.kill()


def children(pid: int) -> list[int]:
    """Return the processes that a process started, in order."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return sorted(int(child) for child in path.read_text("ascii").split()) if path.exists() else []


def wait_for(condition: object, seconds: float = 20.0) -> None:
    ends = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < ends
        time.sleep(0.05)


def ask(port: int, path: str = "/ticket") -> int:
    """Ask on a connection of its own, and return the status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("ascii")
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_all_answer_and_all_end_together(env: dict[str, str], stop: signal.Signals) -> None:
    with serving(env, 3) as (process, port):
        pids = children(process.pid)
        assert {ask(port) for _ in range(12)} == {200}
        process.send_signal(stop)
        assert process.wait(30) == 0
        assert not any(is_alive(pid) for pid in pids)


def test_when_the_process_that_started_them_is_killed_the_others_end(env: dict[str, str]) -> None:
    with serving(env, 2) as (process, port):
        pids = children(process.pid)
        process.kill()
        process.wait()
        wait_for(lambda: not any(is_alive(pid) for pid in pids))
        with pytest.raises(ConnectionRefusedError):
            ask(port)


@contextmanager
def begun(folder: Path, program: str, number: int = 2) -> Iterator[subprocess.Popen[str]]:
    """Start a program that starts so many processes, and wait until each has said that it is begun."""
    (folder / "program.py").write_text(program, "utf-8")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = (sys.executable, str(folder / "program.py"))
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            for _ in range(number):
                assert process.stdout.readline() == "begun\n"
            yield process
        finally:
            process.kill()


def test_a_process_that_was_only_just_begun_ends_when_it_is_asked(tmp_path: Path) -> None:
    program = (
        "import os, socket, sys, time\n"
        "from ticket_form.server.prefork import run_processes\n"
        "def slowly():\n"
        "    os.write(1, b'begun\\n')\n"
        "    time.sleep(1)\n"
        "def run(place, shared, ready):\n"
        "    ready()\n"
        "    time.sleep(60)\n"
        "os.register_at_fork(after_in_child=slowly)\n"
        "run_processes([socket.socket(), socket.socket()], run)\n"
    )
    with begun(tmp_path, program) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=50) != 128 + signal.SIGKILL  # nobody had to end it after a while


def test_a_process_that_does_not_end_is_killed_after_a_while_and_that_is_told(tmp_path: Path) -> None:
    program = (
        "import os, signal, socket, time\n"
        "from ticket_form.server import prefork\n"
        "prefork.STOP_TIMEOUT = 1\n"
        "def run(place, shared, ready):\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    ready()\n"
        "    os.write(1, b'begun\\n')\n"
        "    time.sleep(60)\n"
        "prefork.run_processes([socket.socket(), socket.socket()], run)\n"
    )
    with begun(tmp_path, program) as process:
        pids = children(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 128 + signal.SIGKILL  # how the first of them ended
        assert not any(is_alive(pid) for pid in pids)


@pytest.mark.parametrize("place", [0, 1])
def test_one_that_dies_is_started_again(env: dict[str, str], place: int) -> None:
    with serving(env, 2) as (process, port):
        before = children(process.pid)
        os.kill(before[place], signal.SIGKILL)
        wait_for(lambda: before[place] not in children(process.pid) and len(children(process.pid)) == 2)
        assert {ask(port) for _ in range(8)} == {200}
        wait_for(lambda: {ask(port, "/healthz") for _ in range(8)} == {200})


def test_while_the_first_process_is_away_the_others_say_that_nothing_is_sent(env: dict[str, str]) -> None:
    with serving(env, 2) as (process, port), ThreadPoolExecutor(8) as pool:
        first = children(process.pid)[0]
        wait_for(lambda: {ask(port, "/healthz") for _ in range(8)} == {200})
        time.sleep(VERDICT_CACHE_SECONDS)
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: first not in children(process.pid))
        # Some of them wait in line for the first process, and hear from the one that is started in its place.
        assert 503 in set(pool.map(lambda _: ask(port, "/healthz"), range(8)))


def test_others_know_whether_the_first_process_sends() -> None:
    shared = Shared()
    worker = RemoteWorker(shared=shared)
    assert not worker.is_alive
    shared.publish_state(lambda: True)
    wait_for(lambda: worker.is_alive)


def test_the_first_process_is_woken_by_the_others() -> None:
    shared = Shared()
    woken = threading.Event()
    shared.listen(wake=woken.set, observers=[])
    RemoteWorker(shared=shared).wake()
    assert woken.wait(10)


def test_what_is_wrong_with_the_settings_is_told_once(env: dict[str, str]) -> None:
    command = [*COMMAND, "--processes", "3"]
    found = subprocess.run(
        command, env=env | {"DESK_SECRET": ""}, capture_output=True, text=True, timeout=60, check=False
    )
    assert found.returncode != 0
    assert found.stderr.count("DESK_SECRET") == 1
    assert "Traceback" not in found.stderr


def test_two_programs_do_not_share_a_port(env: dict[str, str]) -> None:
    with serving(env, 2) as (_, port):
        command = [*COMMAND[:-1], str(port), "--processes", "2"]
        found = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
        assert f":{port}: cannot be opened" in found.stderr


def test_requests_of_all_processes_are_measured(env: dict[str, str]) -> None:
    with serving(env | {"TICKET_FORM_METRICS": "127.0.0.1:0"}, 3) as (process, port):
        assert process.stdout is not None
        url = next(line.split()[1] for line in process.stdout if line.startswith("Metrics"))
        for _ in range(20):
            ask(port)

        def measured() -> bool:
            try:
                text = urllib.request.urlopen(url, timeout=10).read().decode()
            except URLError:
                return False
            found = re.search(r'request_seconds_count\{method="GET",route="/ticket",status="2xx"\} (\d+)', text)
            return bool(found and int(found[1]) == 20)

        wait_for(measured)


def test_what_cannot_be_told_is_lost_and_nobody_waits() -> None:
    shared = Shared()
    for _ in range(100_000):
        shared.report(b"wake")


def test_there_are_as_many_processes_as_cores_but_not_more_than_four() -> None:
    assert 1 <= default_number() <= 4
