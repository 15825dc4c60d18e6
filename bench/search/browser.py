"""Search in Chromium as a visitor does: what comes over the line, how long it takes, what memory it needs."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, Request, sync_playwright

from bench.search.server import LOCAL, Line, Server, Visit
from bench.search.site import PAGE, SCRIPT, Site

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
LONGEST = 120_000  # milliseconds that a page may take
PAGE_OF_RESULTS = 10
BOX = 7  # results while typing
BETWEEN = 120  # milliseconds between two letters
PARTS = {  # by the first pattern that is in a path
    "script": re.compile(r"\.m?js$|/wasm\."),
    "terms": re.compile(r"/terms/|/index/|search_index\.json$"),
    "texts": re.compile(r"/texts/|/fragment/"),
    "head": re.compile(""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """A file that was fetched: when it was asked for and when it had come, in milliseconds."""

    path: str
    size: int
    asked: float
    ended: float

    @property
    def part(self) -> str:
        """Return what kind of file it is."""
        return next(part for part, pattern in PARTS.items() if pattern.search(f"/{self.path}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search with an empty cache: what was fetched to start and to answer, and the seconds that each took."""

    text: str
    start: tuple[Fetch, ...]
    answer: tuple[Fetch, ...]
    start_seconds: float
    answer_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Milliseconds from keystroke to results, and from a word to its echo by a worker that does nothing."""

    keys: tuple[tuple[str, float], ...]
    echoes: tuple[float, ...]


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Run Chromium as long as the context lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


def search_once(browser: Browser, server: Server, site: Site, text: str, line: Line) -> Search:
    """Start an engine in a fresh browser context, ask it once, and return what that took."""
    visit = server.open_visit(site.folder, line)
    with open_page(browser, visit) as (page, requests):
        began, ready = page.evaluate("engine => bench.start(engine)", site.engine)
        first = set(visit.sent)
        shown = page.evaluate("([text, limit]) => bench.ask(text, limit)", [text, PAGE_OF_RESULTS])
        fetches = _fetches(visit, page, requests)
    return Search(
        text=text,
        start=tuple(fetch for fetch in fetches if fetch.path in first),
        answer=tuple(fetch for fetch in fetches if fetch.path not in first),
        start_seconds=(ready - began) / 1000,
        answer_seconds=(shown - ready) / 1000,
    )


def type_once(browser: Browser, server: Server, site: Site, text: str, line: Line) -> list[Fetch]:
    """Type a query letter by letter in a fresh browser context, and return what was fetched."""
    visit = server.open_visit(site.folder, line)
    options = {"limit": BOX, "page": PAGE_OF_RESULTS, "between": BETWEEN}
    with open_page(browser, visit) as (page, requests):
        page.evaluate("engine => bench.start(engine)", site.engine)
        page.evaluate("([text, options]) => bench.type(text, options)", [text, options])
        return _fetches(visit, page, requests)


def press_keys(browser: Browser, server: Server, site: Site, texts: Sequence[str]) -> Keys:
    """Type each text twice, all files at hand the second time, and return what each letter took then."""
    visit = server.open_visit(site.folder, LOCAL)
    with open_page(browser, visit) as (page, _):
        page.evaluate("engine => bench.start(engine)", site.engine)
        found = page.evaluate("([texts, limit]) => bench.press(texts, limit)", [list(texts), BOX])
    return Keys(keys=tuple((text, took) for text, took in found["keys"]), echoes=tuple(found["echoes"]))


def weigh_worker(browser: Browser, server: Server, site: Site, texts: Sequence[str]) -> dict[str, float]:
    """Return the worker's bytes after it has answered: as they are, and after what is no longer used was collected."""
    visit = server.open_visit(site.folder, LOCAL)
    with open_page(browser, visit) as (page, _):
        page.evaluate("engine => bench.start(engine)", site.engine)
        for text in texts:
            page.evaluate("([text, limit]) => bench.ask(text, limit)", [text, PAGE_OF_RESULTS])
        worker = WorkerTools(page)
        before = worker.call("Runtime.getHeapUsage")
        worker.call("HeapProfiler.collectGarbage")
        after = worker.call("Runtime.getHeapUsage")
    return {"before": _bytes_of(before), "after": _bytes_of(after), "reserved": before["totalSize"]}


class WorkerTools:
    """The developer tools of a page's first worker."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._tools: CDPSession = page.context.new_cdp_session(page)
        self._session = ""
        self._last = 0
        self._replies: dict[int, Any] = {}
        self._tools.on("Target.attachedToTarget", self._attach)
        self._tools.on("Target.receivedMessageFromTarget", self._receive)
        # Not flattened, since Playwright's session speaks with its own target alone: messages go as text inside others.
        attach = {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False}
        self._tools.send("Target.setAutoAttach", attach)

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a method of the worker's tools and return its result."""
        self._last += 1
        message = json.dumps({"id": self._last, "method": method, "params": parameters})
        self._tools.send("Target.sendMessageToTarget", {"sessionId": self._session, "message": message})
        while self._last not in self._replies:
            self._page.wait_for_timeout(10)
        result: dict[str, Any] = self._replies.pop(self._last)
        return result

    def _attach(self, event: dict[str, Any]) -> None:
        self._session = self._session or event["sessionId"]

    def _receive(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        if "id" in message:
            self._replies[message["id"]] = message.get("result", {})


def count_waves(fetches: Sequence[Fetch]) -> int:
    """Return how many round trips followed one another: a file comes after those that were there when it was asked for.

    Files that wait for one of the six connections of HTTP/1.1 were asked for all the same: HTTP/2 would not wait.
    """
    depths: list[tuple[float, int]] = []
    for fetch in sorted(fetches, key=lambda fetch: fetch.asked):
        before = max((depth for ended, depth in depths if ended <= fetch.asked), default=0)
        depths.append((fetch.ended, before + 1))
    return max((depth for _, depth in depths), default=0)


@contextmanager
def open_page(browser: Browser, visit: Visit) -> Iterator[tuple[Page, list[Request]]]:
    """Open the page of a visit in a context of its own, with the list that its finished requests go to."""
    context = browser.new_context()
    context.set_default_timeout(LONGEST)
    page = context.new_page()
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))  # wants a function of Python
    page.goto(visit.base + PAGE)
    page.wait_for_function("() => globalThis.bench")
    yield page, requests
    context.close()


def _fetches(visit: Visit, page: Page, requests: Sequence[Request]) -> list[Fetch]:
    """Return what was fetched, without the page itself; the browser may tell of the last files a little later."""
    for _ in range(100):
        if len({request.url for request in requests}) >= len(visit.sent):
            break
        page.wait_for_timeout(10)
    found = []
    sent = {path: size for path, size in visit.sent.items() if path not in (PAGE, SCRIPT)}
    for request in requests:
        path = request.url.removeprefix(visit.base).partition("?")[0]
        if path not in sent:
            continue  # the page itself, or a file that was asked for twice: its bytes are those of both
        asked, took = request.timing["startTime"], request.timing["responseEnd"]
        found.append(Fetch(path=path, size=sent.pop(path), asked=asked, ended=asked + max(0.0, took)))
    return found


def _bytes_of(usage: dict[str, Any]) -> float:
    """Return the bytes of a worker's objects and of the buffers behind its typed arrays."""
    return float(usage["usedSize"] + usage.get("embedderHeapUsedSize", 0) + usage.get("backingStorageSize", 0))
