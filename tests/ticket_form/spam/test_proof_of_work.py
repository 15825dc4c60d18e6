"""Proof of work."""

import hashlib
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page

import ticket_form
from ticket_form.secrets.signing import FormKey
from ticket_form.spam.proof_of_work import is_solved

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KEY = FormKey(key="abcdefghijklmnopqrstuvwx", shown_at=NOON)
BITS = 10


def solve(key: str, bits: int) -> str:
    return next(
        str(nonce)
        for nonce in range(1 << 24)
        if f"{int(hashlib.sha256(f'{key}.{nonce}'.encode()).hexdigest(), 16):0256b}".startswith("0" * bits)
    )


SOLUTION = solve(KEY.key, BITS)


def test_a_solution_is_accepted() -> None:
    assert is_solved(KEY, SOLUTION, bits=BITS, now=NOON)


def test_more_work_than_was_done_is_not_solved() -> None:
    digest = hashlib.sha256(f"{KEY.key}.{SOLUTION}".encode()).digest()
    done = 256 - int.from_bytes(digest).bit_length()
    assert is_solved(KEY, SOLUTION, bits=done, now=NOON)
    assert not is_solved(KEY, SOLUTION, bits=done + 1, now=NOON)


def test_a_solution_of_another_form_is_none() -> None:
    other = FormKey(key="x" * 24, shown_at=NOON)
    assert not is_solved(other, SOLUTION, bits=BITS, now=NOON)


def test_solutions_cannot_be_kept_for_longer_than_a_day() -> None:
    assert is_solved(KEY, SOLUTION, bits=BITS, now=NOON + timedelta(days=1))
    assert not is_solved(KEY, SOLUTION, bits=BITS, now=NOON + timedelta(days=1, seconds=1))


@pytest.mark.parametrize(
    "nonce",
    ["", " ", "-1", f" {SOLUTION}", f"{SOLUTION}\n", f"{SOLUTION}.0", "1" * 16, "٣", "1e3", "0x10", "\0", "n" * 9999],
)
def test_what_is_no_number_solves_nothing(nonce: str) -> None:
    assert not is_solved(KEY, nonce, bits=0, now=NOON)


@pytest.fixture
def static(tmp_path: Path) -> Iterator[str]:
    """Serve the form's scripts, beside an empty page."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    shutil.copytree(Path(ticket_form.__file__).parent / "web/static", tmp_path, dirs_exist_ok=True)
    (tmp_path / "index.html").write_text('<!doctype html><link rel="icon" href="data:,">', "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_browser_hashes_as_everybody_does(page: Page, static: str) -> None:
    texts = ["x" * length for length in range(56)] + [f"{KEY.key}.{number}" for number in range(50)]
    page.goto(static)
    found = page.evaluate(
        """async (texts) => {
          const { hash } = await import("/work-worker.js");
          const digits = (word) => (word >>> 0).toString(16).padStart(8, "0");
          return texts.map((text) => [...hash(text)].map(digits).join(""));
        }""",
        texts,
    )
    assert found == [hashlib.sha256(text.encode()).hexdigest() for text in texts]


def test_the_browser_finds_the_solution_that_we_accept_while_the_page_goes_on(page: Page, static: str) -> None:
    page.goto(static)
    nonce, longest = page.evaluate(
        """async (key) => {
          const { solve } = await import("/work.js");
          let longest = 0, last = performance.now(), isDone = false;
          const tick = () => {
            longest = Math.max(longest, performance.now() - last);
            last = performance.now();
            if (!isDone) setTimeout(tick);
          };
          tick();
          const nonce = await solve(key, 14);
          isDone = true;
          return [nonce, longest];
        }""",
        KEY.key,
    )
    assert is_solved(KEY, nonce, bits=14, now=NOON)
    assert nonce == solve(KEY.key, 14)
    assert longest < 250  # milliseconds for which typing would have to wait, on a busy machine
