"""Measure `answerdesk serve`: from the saved edit of an article to the browser that shows it."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bench.build.edits import Edit, Editor, Kind
from bench.build.figures import Changes
from bench.build.tools import Site, answerdesk
from bench.measure import CommandFailed, Watcher, find_largest

if TYPE_CHECKING:  # it is no dependency of the project, only of its tests
    from playwright.sync_api import Browser

NEWS = "_preview/events?after=999999999"  # nothing of what was told before, but the problems that there are
LONGEST = 120  # seconds that one edit is waited for
SHOWN = "mark => document.readyState === 'complete' && document.body.innerText.includes(mark)"
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the preview took: until it answered, and for edits."""

    start: float
    changes: tuple[Changes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A preview that runs: its address, and its process, which leads a session of its own."""

    address: str
    process: "subprocess.Popen[str]"
    watcher: Watcher
    start: float


def is_browser_there() -> bool:
    """Tell whether there is a browser to look with."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return False
    return bool(_chromium())


def measure_serve(site: Site, editor: Editor, counts: dict[Kind, int]) -> Served:
    """Serve a site's preview, and edit so many articles of each kind, each with its page open.

    Raises:
        CommandFailed: the preview ended, or an open page did not follow.
    """
    from playwright.sync_api import Error

    shown: dict[Kind, list[float]] = {}
    followed: list[float] = []
    with _preview(site) as preview, _browser() as browser:
        for kind, count in counts.items():
            for _ in range(count):
                edit = editor.think(kind)
                try:
                    until_shown, until_all = _follow(preview, browser, edit)
                except (Error, OSError) as error:  # a browser that waits too long, a preview that is gone
                    raise CommandFailed(f"The page of {edit.file} does not follow its edit: {error}") from error
                shown.setdefault(kind, []).append(until_shown)
                followed.append(until_all)
        preview.watcher.end()
        largest = find_largest(preview.process.pid)
    rows = [(f"{kind}, serve to browser", seconds) for kind, seconds in shown.items()]
    rows.append(("serve, until all of the site follows", followed))
    changes = tuple(
        Changes(site=site, what=what, seconds=tuple(seconds), largest=largest, together=preview.watcher.peak)
        for what, seconds in rows
    )
    return Served(start=preview.start, changes=changes)


def _follow(preview: Preview, browser: "Browser", edit: Edit) -> tuple[float, float]:
    """Open an article's page and edit the article; return the seconds until the page shows it and until nothing more
    is to be built.
    """
    article = edit.article
    page = browser.new_page()  # another each time: one that is still being loaded anew would not let itself be led away
    page.goto(f"{preview.address}{article.language}/{quote(article.path)}/", wait_until="load")
    with urllib.request.urlopen(f"{preview.address}{NEWS}", timeout=LONGEST) as news:
        _read_until_built(news)  # what is known at the start
        begin = time.monotonic()
        edit.save()
        page.wait_for_function(SHOWN, arg=edit.mark, timeout=LONGEST * 1000)
        shown = time.monotonic() - begin
        _read_until_built(news)
        all_followed = time.monotonic() - begin
    page.close()
    return shown, all_followed


def _read_until_built(news: Iterator[bytes]) -> None:
    """Read what open pages are told until they are told of problems, or that there are none: that ends each build."""
    for line in news:
        if line.startswith(b"data: ") and json.loads(line[len(b"data: ") :])["kind"] == "problems":
            return
    raise CommandFailed("The preview ended.")


@contextmanager
def _preview(site: Site) -> Iterator[Preview]:
    words = [answerdesk(), "serve", "--port", "0", "-f", str(site.config)]
    begin = time.monotonic()
    with site.log.open("wb") as log, subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
    ) as process:  # fmt: skip
        watcher = Watcher(process.pid)
        watcher.start()
        try:
            assert process.stdout
            line = process.stdout.readline()
            found = re.search(r"http://\S+", line)
            if not found:
                raise CommandFailed(f"{' '.join(words)} said no address but {line!r}; {site.log} is what it said else.")
            yield Preview(address=found[0], process=process, watcher=watcher, start=time.monotonic() - begin)
        finally:
            watcher.end()
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def _browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=_chromium(), args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


def _chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium")
