"""A long build says how far it has come: on a terminal, and nowhere else."""

import multiprocessing
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from answerdesk.support.progress_counter import ProgressCounter, ProgressCounters, Reached

ROOT = Path(__file__).parents[2]
BUILD = (
    "import answerdesk.commands.progress_bar as bar; bar.SHOW_AFTER_SECONDS = bar.REFRESH_SECONDS = 0.01; "
    "from answerdesk.cli import main; main()"
)
DRAWN = re.compile(r"Building  \[([#-]{24})\] +(\d+)%  (\d) of 2 languages, (\d+) pages")
CLEAR = "\r\x1b[2K"


@pytest.fixture
def made(request: pytest.FixtureRequest, tree: Callable[..., Any]) -> Any:
    """Write a site of 20 articles in two languages."""
    shared: ModuleType = request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))  # type: ignore[assignment]
    files = {f"{code}/account/a{n}.md": shared.article(f"A {n}") for code in ("en", "ko") for n in range(20)}
    return tree(files, languages=["en", "ko"])


def on_terminal(made: Any, *arguments: str, **variables: str) -> str:
    """Return what a terminal gets of a build."""
    ours, theirs = pty.openpty()
    command = (sys.executable, "-c", BUILD, "build", "-f", str(made.config), *arguments)
    surroundings = {name: value for name, value in os.environ.items() if name != "CI"}
    env = surroundings | {"TERM": "xterm", "COLUMNS": "100", **variables}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        said = b""
        while data := _read(ours):
            said += data
    os.close(ours)
    assert process.returncode == 0, said
    return said.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def seen(said: str) -> str:
    """Return what is left on a terminal, where lines are cleared."""
    return "\n".join(line.rpartition(CLEAR)[2] for line in said.split("\n"))


def test_a_terminal_shows_languages_and_pages_and_then_the_outcome_alone(made: Any) -> None:
    said = on_terminal(made)
    drawn = DRAWN.findall(said)
    parts = [int(part) for _, part, _, _ in drawn]
    assert parts == sorted(parts)
    assert 0 < max(parts) <= 100
    assert max(int(pages) for *_, pages in drawn) > 20
    assert re.fullmatch(r"(en|ko)       built in [\d.]+ s\n(en|ko)       built in [\d.]+ s\n", seen(said))


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [(["-q"], {}), ([], {"CI": "true"}), ([], {"TERM": "dumb"})],
    ids=["quiet", "CI", "dumb"],
)
def test_where_nobody_wants_it_there_is_none(made: Any, arguments: list[str], variables: dict[str, str]) -> None:
    said = on_terminal(made, *arguments, **variables)
    assert "Building" not in said
    assert CLEAR not in said
    assert ("built in" in said) == (not arguments)


def test_a_pipe_gets_lines_alone(made: Any) -> None:
    command = (sys.executable, "-c", BUILD, "build", "-f", str(made.config))
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"(?:(?:en|ko)       built in [\d.]+ s\n){2}", done.stdout)
    assert done.stderr == ""


def test_quiet_still_says_what_is_wrong(made: Any, request: pytest.FixtureRequest) -> None:
    made.write({"en/account/a1.md": made.text("en/account/a1.md") + "\n[x](none.md)\n"})
    command = (sys.executable, "-c", BUILD, "build", "-q", "-f", str(made.config))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "content/en/account/a1.md:12: " in done.stderr
    assert done.stdout == "en       FAILED by 1 warning\n"


def _count(counter: ProgressCounter) -> None:
    counter.expect(2)
    counter.step()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_what_another_process_counts_is_seen_here(method: Any) -> None:
    with ProgressCounters() as tally:
        counters = tally.begin(["en", "ko"])
        process = multiprocessing.get_context(method).Process(target=_count, args=(counters["ko"],))
        process.start()
        process.join()
        assert tally.read() == [Reached(), Reached(done=1, expected=4)]
        assert [reached.part for reached in tally.read()] == [0, 0.25]
