"""Measure search in the browser, a collection after another: bytes, round trips, seconds, keystrokes, memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser

from bench.search.browser import Fetch, Keys, Search, press_keys, search_once, type_once, weigh_worker
from bench.search.profile import Share, profile_keys
from bench.search.queries import Subset, choose_queries
from bench.search.server import NEAR, SLOW_4G, Server
from bench.search.site import Sample, Site

PRESSED = 30  # queries that are typed for the time a letter takes
FEW = 3  # queries of Material, which fetches the same files for each, and for 6,960 articles a minute long
ASKED = 200  # queries before memory is looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """What was measured of a site; `typed` has for each query all that was fetched for it."""

    site: Site
    searches: tuple[Search, ...]
    typed: tuple[tuple[Fetch, ...], ...] = ()
    keys: Keys | None = None
    shares: tuple[Share, ...] = ()
    memory: dict[str, float] | None = None


def measure_visits(browser: Browser, server: Server, site: Site, queries: int) -> Visits:
    """Measure a site with so many queries; letters and memory are measured for Answerdesk alone.

    Raises:
        QueryError: the queries cannot be read.
    """
    texts = read_texts(site.sample, min(queries, FEW) if site.engine == "material" else queries)
    searches = tuple(search_once(browser, server, site, text, SLOW_4G) for text in texts)
    if site.engine != "answerdesk":
        return Visits(site=site, searches=searches)
    pressed = read_texts(site.sample, PRESSED)
    return Visits(
        site=site,
        searches=searches,
        typed=tuple(tuple(type_once(browser, server, site, text, NEAR)) for text in texts),
        keys=press_keys(browser, server, site, pressed),
        shares=tuple(profile_keys(browser, server, site, pressed)),
        memory=weigh_worker(browser, server, site, read_texts(site.sample, ASKED)),
    )


def read_texts(sample: Sample, limit: int) -> Sequence[str]:
    """Return so many queries of a sample, evenly spread."""
    questions = choose_queries(sample.folder, limit)
    ids = set(questions.subsets[Subset.ALL])
    return [query.text for query in questions.queries if query.id in ids]
