"""Measure how well search finds, beside the search that peers ship, on the same documents and queries.

    python -m bench.search peers --into PEERS
    python -m bench.search relevance --data DATA --tools TOOLS --peers PEERS --cache RUNS
    python -m bench.search browser --data DATA --peers PEERS
    python -m bench.search change DATA/COLLECTION
    python -m bench.search agree --data DATA --strings 1000

DATA is a folder of collections, TOOLS a folder with score.py and the peers' runners. Prints figures and asserts
nothing. Run it from an environment that has the project installed.
"""

import platform
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import click
from playwright.sync_api import Error as BrowserError

from bench.collection import CollectionError
from bench.measure import CommandFailed
from bench.search.agree import compare_readers, write_agreements
from bench.search.browser import open_chromium
from bench.search.browser_report import write_browser_report
from bench.search.change import measure_changes
from bench.search.engines import TITLES, Bench, Outcome
from bench.search.peers import PeerError, find_peers, install_peers
from bench.search.queries import QueryError, list_collections
from bench.search.report import write_report
from bench.search.samples import REAL, SAMPLES, make_sample
from bench.search.score import Result, load_score, score_run
from bench.search.server import run_server
from bench.search.site import ENGINES, make_site
from bench.search.visits import measure_visits


@click.group()
def main() -> None:
    """Measure Answerdesk's search beside its peers'."""


@main.command()
@click.option("--into", type=click.Path(path_type=Path), required=True, help="The folder to install into.")
def peers(into: Path) -> None:
    """Install Material for MkDocs, Zensical, Pagefind, MiniSearch and lunr.js in a folder of their own."""
    try:
        install_peers(into)
        for name, version in find_peers(into).versions.items():
            click.echo(f"{name} {version}")
    except (CommandFailed, PeerError) as error:
        sys.exit(str(error))


@main.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="A folder of collections.")
@click.option("--tools", type=click.Path(path_type=Path), required=True, help="A folder with score.py and peers/.")
@click.option("--peers", "peer_folder", type=click.Path(path_type=Path), help="What the command `peers` installed.")
@click.option("--engines", default=",".join(TITLES), show_default=True, help="Which engines, by comma.")
@click.option("--collections", help="Which collections, by comma; all when left out.")
@click.option(
    "--limit", default=150, show_default=True, type=click.IntRange(0),
    help="Ask N queries of each file, evenly spread; 0 asks all.",
)  # fmt: skip
@click.option("--cache", type=click.Path(path_type=Path), help="Keep peers' runs here, and take those that are.")
@click.option(
    "--timing/--no-timing", default=True, show_default=True,
    help="Time indexing, which means to index with Pagefind though its run is in the cache.",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Write the tables to this file as well.")
def relevance(
    data: Path, tools: Path, peer_folder: Path | None, engines: str, collections: str | None, limit: int,
    cache: Path | None, timing: bool, out: Path | None,
) -> None:  # fmt: skip
    """Ask every engine the same queries and print how high it ranks what answers them, as Markdown tables."""
    names = _choose("--engines", engines, list(TITLES))
    try:
        known = {folder.name: folder for folder in list_collections(data)}
        chosen = _choose("--collections", collections or ",".join(known), list(known))
        score = load_score(tools)
        installed = find_peers(peer_folder) if set(names) != {"answerdesk"} else None
        results: list[Result] = []
        with nullcontext(cache) if cache else tempfile.TemporaryDirectory(prefix="bench-runs-") as runs:
            bench = Bench(tools=tools, peers=installed, runs=Path(runs), is_timed=timing)
            for name in chosen:
                for outcome in bench.measure(known[name], names, limit):
                    results.append(score_run(outcome, score))
                    click.echo(_progress(outcome, results[-1]), err=True)
    except (CollectionError, CommandFailed, PeerError, QueryError) as error:
        sys.exit(str(error))
    extent = f"{limit} queries of each file, evenly spread" if limit else "all queries"
    versions = ", ".join(f"{name} {version}" for name, version in installed.versions.items()) if installed else ""
    machine = f"{platform.platform()}, Python {platform.python_version()}"
    report = write_report(results, names, [f"{machine}; {extent}", versions])
    click.echo(report)
    if out:
        out.write_text(f"{report}\n", "utf-8")


@main.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="A folder of collections.")
@click.option(
    "--peers", "peer_folder", type=click.Path(path_type=Path), help="What `peers` installed: compare with it."
)
@click.option(
    "--articles", default=",".join(map(str, SAMPLES)), show_default=True, help="How large collections, by comma."
)
@click.option("--engines", default=",".join(ENGINES), show_default=True, help="Which engines, by comma.")
@click.option("--queries", default=40, show_default=True, type=click.IntRange(1), help="Queries of each collection.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the tables to this file as well.")
def browser(
    data: Path, peer_folder: Path | None, articles: str, engines: str, queries: int, out: Path | None
) -> None:  # fmt: skip
    """Search in Chromium and print bytes, round trips, seconds and memory, as Markdown tables."""
    sizes = _choose("--articles", articles, [str(size) for size in SAMPLES])
    names = _choose("--engines", engines, ENGINES)
    try:
        installed = find_peers(peer_folder) if peer_folder else None
        measured = []
        with (
            tempfile.TemporaryDirectory(prefix="bench-browser-") as folder,
            run_server() as server,
            open_chromium() as chromium,
        ):
            for size in map(int, sizes):
                sample = make_sample(size, data, Path(folder))
                for name in names:
                    if name != "answerdesk" and (not installed or size > REAL):
                        continue
                    site = make_site(name, sample, Path(folder) / f"{size}-{name}", installed)
                    measured.append(measure_visits(chromium, server, site, queries))
                    click.echo(f"{sample.name} {name}: measured", err=True)
            version = f"Chromium {chromium.version}"
    except (BrowserError, CollectionError, CommandFailed, PeerError, QueryError) as error:
        sys.exit(str(error))
    versions = ", ".join(f"{name} {version}" for name, version in installed.versions.items()) if installed else ""
    machine = f"{platform.platform()}, Python {platform.python_version()}, {version}"
    report = write_browser_report(measured, [f"{machine}; {queries} queries a collection, evenly spread", versions])
    click.echo(report)
    if out:
        out.write_text(f"{report}\n", "utf-8")


@main.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="A folder of collections.")
@click.option("--collections", help="Which collections, by comma; all when left out.")
@click.option("--strings", default=200, show_default=True, type=click.IntRange(0), help="How many strings of any kind.")
@click.option("--seed", default=1, show_default=True, help="Of the strings.")
def agree(data: Path, collections: str | None, strings: int, seed: int) -> None:
    """Ask the Python and the JavaScript reader every query, and strings of any characters; print where they differ."""
    try:
        known = {folder.name: folder for folder in list_collections(data)}
        found = []
        with run_server() as server, open_chromium() as chromium:
            for name in _choose("--collections", collections or ",".join(known), list(known)):
                found.append(compare_readers(chromium, server, known[name], strings, seed))
                click.echo(f"{name}: {len(found[-1].differences)} differences", err=True)
    except (BrowserError, CollectionError, QueryError) as error:
        sys.exit(str(error))
    click.echo(write_agreements(found))
    if any(one.differences for one in found):
        sys.exit(1)


@main.command()
@click.argument("collection", type=click.Path(path_type=Path))
@click.option("--changes", default=20, show_default=True, type=click.IntRange(1), help="How many articles to change.")
def change(collection: Path, changes: int) -> None:
    """Change articles of an index that is kept in memory, one at a time, and print what each costs."""
    try:
        click.echo(measure_changes(collection, changes))
    except CollectionError as error:
        sys.exit(str(error))


def _choose(option: str, text: str, known: Sequence[str]) -> list[str]:
    """Return the names in `text`, in the order of `known`."""
    names = [name.strip() for name in text.split(",")]
    if wrong := [name for name in names if name not in known]:
        raise click.BadParameter(f"{', '.join(wrong)} is unknown. Choose from {', '.join(known)}.", param_hint=option)
    return [name for name in known if name in names]


def _progress(outcome: Outcome, result: Result) -> str:
    figures = ", ".join(f"{subset} {score.mrr:.3f}" for subset, score in result.scores.items())
    took = "" if outcome.index_seconds is None else f", indexed in {outcome.index_seconds:.1f} s"
    return f"{outcome.collection} {outcome.engine}: {figures}{took}{', from the cache' if outcome.is_cached else ''}"


if __name__ == "__main__":
    main()
