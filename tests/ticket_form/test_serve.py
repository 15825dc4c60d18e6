"""The server as a real process."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from ticket_form.serve import address
from ticket_form.settings import Settings

COMMAND = (sys.executable, "-c", "from ticket_form.cli import main; main()", "serve")


@pytest.fixture
def env(settings: Settings) -> dict[str, str]:
    """Give the environment of a desk."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "TICKET_FORM_SITE": str(settings.site),
        "TICKET_FORM_DATABASE": str(settings.database),
        "TICKET_FORM_SECRET_KEY": "s" * 32,
        "TICKET_FORM_QUEUE_KEY": "the key of the agents",
    }


@contextmanager
def serving(env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start a server and read its three addresses."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout is not None
            yield process, [process.stdout.readline().strip() for _ in range(3)]
        finally:
            process.kill()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_tells_its_addresses_serves_and_stops_cleanly(env: dict[str, str], stop: signal.Signals) -> None:
    with serving(env) as (process, lines):
        base = re.fullmatch(r"Portal +(http://127\.0\.0\.1:(\d+))/", lines[0])
        assert base
        assert re.fullmatch(rf"Form +{base[1]}/ticket", lines[1])
        assert re.fullmatch(rf"Queue +{base[1]}/queue\?key=the key of the agents", lines[2])
        connection = HTTPConnection("127.0.0.1", int(base[2]), timeout=10)
        connection.request("GET", "/ticket?lang=ko", headers={"X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        assert answer.status == 200
        assert "문의 등록" in answer.read().decode()
        assert answer.headers["Server"] is None
        assert answer.headers["Strict-Transport-Security"] is None
        connection.close()
        process.send_signal(stop)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


def test_proxies_are_heard_when_configured(env: dict[str, str]) -> None:
    with serving({**env, "TICKET_FORM_PROXIES": "1"}) as (_process, lines):
        connection = HTTPConnection("127.0.0.1", int(lines[0].split(":")[-1].strip("/")), timeout=10)
        connection.request("GET", "/ticket", headers={"X-Forwarded-Proto": "https"})
        assert connection.getresponse().headers["Strict-Transport-Security"] is not None
        connection.close()


def test_the_configured_address_is_the_one_that_is_told(env: dict[str, str]) -> None:
    with serving({**env, "TICKET_FORM_BASE_URL": "https://help.example.com"}) as (_process, lines):
        assert [line.split()[1] for line in lines[:2]] == [
            "https://help.example.com/",
            "https://help.example.com/ticket",
        ]


def test_a_taken_port_is_one_line(env: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = subprocess.run(
            [*COMMAND, "--port", port], env=env, capture_output=True, text=True, timeout=30, check=False
        )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert port in result.stderr
    assert "--port" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TICKET_FORM_SITE", "{tmp}/none", "answerdesk build"),
        ("TICKET_FORM_DATABASE", "{tmp}/secret.txt/tickets.sqlite", "TICKET_FORM_DATABASE"),
        ("TICKET_FORM_ROUTING", "{tmp}/none.yml", "TICKET_FORM_ROUTING"),
    ],
)
def test_what_cannot_be_opened_is_one_line(
    env: dict[str, str], tmp_path: Path, name: str, value: str, said: str
) -> None:
    broken = {**env, name: value.format(tmp=tmp_path)}
    result = subprocess.run(
        [*COMMAND, "--port", "0"], env=broken, capture_output=True, text=True, timeout=30, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert said in result.stderr


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("fe80::1", "http://[fe80::1]:80"),
    ],
)
def test_the_address_can_be_opened_in_a_browser(host: str, url: str) -> None:
    assert address(host, 80) == url
