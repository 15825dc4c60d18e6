"""Find where the search worker's time goes while letters are typed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

from bench.search.browser import BOX, WorkerTools, open_page
from bench.search.server import LOCAL, Server
from bench.search.site import Site

INTERVAL = 200  # microseconds between two looks at what runs
IDLE = {"(idle)", "(program)", "(root)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A function's share of the worker's time: alone, and with all that it calls."""

    function: str
    alone: float
    within: float


def profile_keys(browser: Browser, server: Server, site: Site, texts: Sequence[str]) -> list[Share]:
    """Return the shares of the worker's functions while texts are typed, the largest first."""
    visit = server.open_visit(site.folder, LOCAL)
    with open_page(browser, visit) as (page, _):
        page.evaluate("engine => bench.start(engine)", site.engine)
        worker = WorkerTools(page)
        worker.call("Profiler.enable")
        worker.call("Profiler.setSamplingInterval", interval=INTERVAL)
        worker.call("Profiler.start")
        page.evaluate("([texts, limit]) => bench.press(texts, limit)", [list(texts), BOX])
        profile = worker.call("Profiler.stop")["profile"]
    return sorted(_shares(profile["nodes"]), key=lambda share: share.alone, reverse=True)


def _shares(nodes: Sequence[dict[str, Any]]) -> Iterator[Share]:
    """Yield the shares of a tree of calls; nodes without a name count as part of what called them."""
    parents = {child: node["id"] for node in nodes for child in node.get("children", [])}
    names: dict[int, str] = {}
    for node in nodes:  # callers come before what they call
        names[node["id"]] = node["callFrame"]["functionName"] or names[parents[node["id"]]]
    alone: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for node in nodes:
        if names[node["id"]] in IDLE:
            continue
        hits = node.get("hitCount", 0)
        alone[names[node["id"]]] += hits
        within.update(dict.fromkeys(_callers(node["id"], names, parents), hits))
    total = alone.total() or 1
    for name in alone:
        yield Share(function=name, alone=alone[name] / total, within=within[name] / total)


def _callers(node: int, names: dict[int, str], parents: dict[int, int]) -> set[str]:
    """Return the names of a function and of all that called it."""
    found = {names[node]}
    while node in parents:
        node = parents[node]
        found.add(names[node])
    return found
