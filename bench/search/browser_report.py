"""Write what was measured in the browser as Markdown tables."""

import statistics
from collections.abc import Callable, Iterable, Sequence

from bench.search.browser import PARTS, Fetch, Search, count_waves
from bench.search.engines import TITLES
from bench.search.site import Site
from bench.search.visits import ASKED, Visits
from bench.table import as_markdown

SLOWEST = 5  # letters shown
LARGEST = 12  # functions shown
LEGEND = f"""\
kB: 1,000 bytes, all that a server sends: status, headers, body. Each query has an empty cache and gets a first page of
ten results. Warmed: what starts the engine was there before the query, as when it starts on focus. Round trips: files
that were asked for at once count as one. Slow 4G: 150 ms until an answer begins, 1.6 Mbit/s for all; HTTP/1.1, so no
more than six files at once. Typed: a letter every 120 ms, seven results at each letter and ten at the end, 20 ms until
an answer begins. Letters: from the page to the worker and back, the second time that a query is typed; idle: a worker
that sends back what it gets. Where the time goes: both times. Memory: the heap of the worker and its buffers after
{ASKED} queries (Runtime.getHeapUsage), the same after a garbage collection, and what V8 had reserved before. Pagefind
and Material search with the code they ship; Pagefind has read the texts of its ten results, Material needs no more than
its list."""


def write_browser_report(measured: Sequence[Visits], notes: Sequence[str]) -> str:
    """Return all tables, each with its heading; a table that would be empty is left out."""
    tables = [
        _table("Bytes of a first page of results, cold, kB", ("median", "p95", "worst", *PARTS), measured, _bytes),
        _table("The same, warmed, kB", ("median", "p95", "worst"), measured, _warmed),
        _table("Files and round trips", ("files", "cold", "worst", "warmed", "worst"), measured, _trip),
        _table("Bytes typed letter by letter, kB", ("median", "p95", "worst", "files"), measured, _typed),
        _table("Seconds to a first page of results, slow 4G",
               ("cold", "p95", "worst", "warmed", "p95", "worst"), measured, _second),
        _table("Letter to results, ms",
               ("letters", "median", "p95", "p99", "worst", "idle median", "idle p95", "idle worst"), measured, _key),
        _table("Slowest letters, ms", ("text", "took"), measured, _slowest),
        _table("Where the worker's time goes, %", ("function", "alone", "with what it calls"), measured, _largest),
        _table("Memory of the worker, MB", ("used", "collected", "reserved"), measured, _memory),
        write_builds([visits.site for visits in measured]),
    ]  # fmt: skip
    return "\n\n".join([*filter(None, notes), *filter(None, tables), LEGEND])


def write_builds(sites: Sequence[Site]) -> str:
    """Return the table of what indexing took."""
    rows = [
        [*_label(site), f"{site.usage.seconds:.1f}", f"{site.usage.largest / 1e6:,.0f}", f"{site.size / 1e6:.1f}",
         f"{site.files:,}"]
        for site in sites if site.usage
    ]  # fmt: skip
    columns = ["engine", "collection", "articles", "seconds", "largest process, MB", "index, MB", "files"]
    return f"### Indexing, one run\n\n{as_markdown(columns, rows)}" if rows else ""


def percentile(numbers: Iterable[float], share: float) -> float:
    """Return the number below which that share of the numbers is."""
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _table(
    heading: str, columns: Sequence[str], measured: Sequence[Visits], rows_of: Callable[[Visits], list[list[str]]]
) -> str:
    rows = [[*_label(visits.site), *row] for visits in measured for row in rows_of(visits)]
    return f"### {heading}\n\n{as_markdown(['engine', 'collection', 'articles', *columns], rows)}" if rows else ""


def _label(site: Site) -> list[str]:
    return [TITLES[site.engine], site.sample.name, f"{site.sample.articles:,}"]


def _all(search: Search) -> tuple[Fetch, ...]:
    return search.start + search.answer


def _size(fetches: Sequence[Fetch]) -> float:
    return sum(fetch.size for fetch in fetches) / 1000


def _spread(numbers: Sequence[float], digits: int = 1) -> list[str]:
    """Return median, 95th percentile and worst."""
    return [f"{figure:,.{digits}f}" for figure in (statistics.median(numbers), percentile(numbers, 0.95), max(numbers))]


def _bytes(visits: Visits) -> list[list[str]]:
    parts = [
        statistics.median(_size([fetch for fetch in _all(search) if fetch.part == part]) for search in visits.searches)
        for part in PARTS
    ]
    return [[*_spread([_size(_all(search)) for search in visits.searches]), *(f"{part:,.1f}" for part in parts)]]


def _warmed(visits: Visits) -> list[list[str]]:
    return [_spread([_size(search.answer) for search in visits.searches])]


def _trip(visits: Visits) -> list[list[str]]:
    cold = [count_waves(_all(search)) for search in visits.searches]
    warmed = [count_waves(search.answer) for search in visits.searches]
    files = statistics.median(len(_all(search)) for search in visits.searches)
    figures = (files, statistics.median(cold), max(cold), statistics.median(warmed), max(warmed))
    return [[f"{figure:.0f}" for figure in figures]]


def _typed(visits: Visits) -> list[list[str]]:
    if not visits.typed:
        return []
    files = statistics.median(len(fetches) for fetches in visits.typed)
    return [[*_spread([_size(fetches) for fetches in visits.typed]), f"{files:.0f}"]]


def _second(visits: Visits) -> list[list[str]]:
    cold = [search.start_seconds + search.answer_seconds for search in visits.searches]
    return [[*_spread(cold, 2), *_spread([search.answer_seconds for search in visits.searches], 2)]]


def _key(visits: Visits) -> list[list[str]]:
    if not visits.keys:
        return []
    times = [took for _, took in visits.keys.keys]
    median, high, worst = _spread(times)
    return [[f"{len(times):,}", median, high, f"{percentile(times, 0.99):.1f}", worst, *_spread(visits.keys.echoes)]]


def _slowest(visits: Visits) -> list[list[str]]:
    keys = sorted(visits.keys.keys if visits.keys else (), key=lambda key: key[1], reverse=True)
    return [[text.replace("|", "\\|"), f"{took:.1f}"] for text, took in keys[:SLOWEST]]


def _largest(visits: Visits) -> list[list[str]]:
    return [
        [f"`{share.function}`", f"{100 * share.alone:.1f}", f"{100 * share.within:.1f}"]
        for share in visits.shares[:LARGEST]
    ]


def _memory(visits: Visits) -> list[list[str]]:
    if not visits.memory:
        return []
    return [[f"{visits.memory[name] / 1e6:.1f}" for name in ("before", "after", "reserved")]]
