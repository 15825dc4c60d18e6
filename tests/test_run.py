"""`./run` says in one line what is wrong, and what to do."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
IS_INSTALLED = (ROOT / ".venv/installed-requirements-dev.lock").is_file()

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Copy what `./run` reads before it installs."""
    for name in ("run", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(folder / "run"), *arguments]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, timeout=120)


def test_another_python_is_named_with_the_cure(clone: Path) -> None:
    old = clone / "python"
    old.write_text("#!/bin/sh\n[ $1 = --version ] && echo Python 3.8.1 && exit\nexit 1\n")
    old.chmod(0o755)
    done = run(clone, PYTHON=str(old))
    assert done.returncode == 1
    assert done.stderr == (
        f"run: Python 3.11 or newer is needed; {old} is Python 3.8.1. Install one, or set PYTHON=/path/to/python3.\n"
    )
    assert not (clone / ".venv").exists()


def test_without_a_network_one_line_says_so(clone: Path) -> None:
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": ""}
    done = run(clone, PIP_CONFIG_FILE=os.devnull, PIP_RETRIES="0", **nowhere)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Check the network" in done.stderr
    assert (clone / ".venv/install.log").read_text("utf-8")


def test_a_folder_that_cannot_be_written_is_named(clone: Path) -> None:
    (clone / ".venv").write_text("a file where the folder should be")
    done = run(clone)
    assert done.returncode == 1
    assert done.stderr == (
        f"run: {clone} cannot be written. Copy it to a folder of your own, or change its permissions.\n"
    )


@pytest.mark.skipif(not IS_INSTALLED, reason="needs the .venv that ./run test makes")
def test_a_taken_port_is_named_before_anything_is_built() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(ROOT, PORT=str(port))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"run: port {port} on 127.0.0.1 is taken or not allowed. "
        "Stop what uses it, or choose another: PORT=8080 ./run\n"
    )


def test_an_unknown_command_shows_what_there_is(clone: Path) -> None:
    done = run(clone, "tset")
    assert done.returncode == 1
    assert "./run test" in done.stderr
    assert "there is no command “tset”" in done.stderr


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_by_hash_and_name_no_host(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pins = [number for number, line in enumerate(lines) if line and line[0] not in " #"]
    assert pins
    assert all("--hash=sha256:" in lines[number + 1] for number in pins)
    assert not [line for line in lines if "://" in line or line.startswith("-")]
