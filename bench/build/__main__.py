"""Measure how long a site takes to build and how soon a change is there, beside other tools on the same pages.

    python -m bench.build /data/alchemy_ko /data/alchemy_zh_hans --repeat 3 --zensical ~/zensical/bin/zensical

Prints figures and asserts nothing but that pages and edits are there. Run it from an environment that has the project
installed; for `answerdesk serve` it needs playwright and Chromium ($CHROMIUM, or `chromium` on the path). It reaches no
network. Material and MkDocs are there already; Zensical (of PyPI, in an environment of its own) and Hugo (a package of
Debian's) are measured where they are found.
"""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import click

from bench.build.edits import Editor, Kind
from bench.build.figures import Changes, Cold, measure_changes, measure_cold
from bench.build.report import CHANGES, COLD, LEGEND, changes_row, cold_row
from bench.build.sample import Sample, write_sample
from bench.build.serve import is_browser_there, measure_serve
from bench.build.tools import Site, set_up_answerdesk, set_up_bare, set_up_hugo, set_up_material, set_up_zensical
from bench.collection import CollectionError
from bench.measure import CommandFailed
from bench.table import as_markdown, as_text

TODAY = "2026-11-20"  # no article of the collections is out of date on it
Setup = Callable[[Sample], Site]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured."""

    repeat: int
    edits: int
    titles: int
    peer_edits: int
    is_served: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """The other tools: those that any sample is built with, and those whose pages all list all pages."""

    bare: tuple[Setup, ...] = ()
    listing: tuple[Setup, ...] = ()


class Report:
    """Collects rows, and tells each as it is known."""

    def __init__(self) -> None:
        self.cold: list[tuple[str, ...]] = []
        self.changes: list[tuple[str, ...]] = []
        self.notes: list[str] = []

    def note(self, note: str) -> None:
        """Say something that stands above the tables."""
        self.notes.append(note)
        click.echo(note, err=True)

    def add(self, *figures: Cold | Changes) -> None:
        """Add a row."""
        for one in figures:
            table, row = (self.cold, cold_row(one)) if isinstance(one, Cold) else (self.changes, changes_row(one))
            table.append(row)
            click.echo("  ".join(row), err=True)

    def tables(self, layout: Callable[[Sequence[str], Sequence[Sequence[str]]], str]) -> Iterator[str]:
        """Yield the tables that have rows."""
        for columns, rows in ((COLD, self.cold), (CHANGES, self.changes)):
            if rows:
                yield layout(columns, rows)


@click.command()
@click.argument("collections", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--limit", type=click.IntRange(1), help="Take the first N documents of each collection only.")
@click.option("--repeat", default=1, show_default=True, type=click.IntRange(1), help="Cold builds: median seconds.")
@click.option("--edits", default=10, show_default=True, type=click.IntRange(0), help="Edits of texts.")
@click.option("--titles", default=5, show_default=True, type=click.IntRange(0), help="Edits of titles.")
@click.option("--serve/--no-serve", default=True, show_default=True, help="Measure the preview in a browser as well.")
@click.option("--peer/--no-peer", default=True, show_default=True, help="Build with the other tools as well.")
@click.option("--peer-edits", default=3, show_default=True, type=click.IntRange(0), help="Edits for each other tool.")
@click.option(
    "--peer-limit", default=500, show_default=True, type=click.IntRange(0),
    help="Material and Zensical with their navigation build the first N documents of each collection; 0 means all.",
)  # fmt: skip
@click.option("--zensical", help="Zensical's program; without it that on the path, if there is one.")
@click.option("--hugo", help="Hugo's program; without it that on the path, if there is one.")
@click.option("--markdown", "is_markdown", is_flag=True, help="Print the tables as Markdown as well.")
@click.option("--keep", type=click.Path(path_type=Path), help="Build in this new folder and keep it.")
def main(
    collections: tuple[Path, ...], limit: int | None, repeat: int, edits: int, titles: int, serve: bool, peer: bool,
    peer_edits: int, peer_limit: int, zensical: str | None, hugo: str | None, is_markdown: bool, keep: Path | None,
) -> None:  # fmt: skip
    """Build COLLECTIONS (folders with docs.jsonl.gz), one language each, as one site, and print what it took."""
    os.environ.setdefault("ANSWERDESK_TODAY", TODAY)
    report = Report()
    report.note(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    plan = Plan(repeat=repeat, edits=edits, titles=titles, peer_edits=peer_edits, is_served=serve)
    peers = _find_peers(zensical, hugo, report) if peer else Peers()
    try:
        if keep:
            keep.mkdir(parents=True)
        with nullcontext(keep) if keep else tempfile.TemporaryDirectory(prefix="bench-build-") as folder:
            _measure_all(collections, Path(folder), limit, peer_limit, peers, plan, report)
    except FileExistsError:
        sys.exit(f"{keep} is there already. Name a new folder.")
    except (CollectionError, CommandFailed) as error:
        sys.exit(str(error))
    parts = ["\n".join(report.notes), *report.tables(as_text), LEGEND]
    click.echo("\n\n".join(parts + [*report.tables(as_markdown)] * is_markdown))


def _find_peers(zensical: str | None, hugo: str | None, report: Report) -> Peers:
    """Return the tools that are there; what is missing is left out, and noted."""
    bare: list[Setup] = [set_up_bare]
    listing: list[Setup] = [set_up_material]
    if program := shutil.which(zensical or "zensical"):
        path = str(Path(program).absolute())
        bare.append(lambda sample: set_up_zensical(sample, path, has_navigation=False))
        listing.append(lambda sample: set_up_zensical(sample, path, has_navigation=True))
    else:
        report.note(f"Zensical is left out: there is no {zensical or 'zensical'}. Name its program with --zensical.")
    if found := shutil.which(hugo or "hugo"):
        bare.append(lambda sample: set_up_hugo(sample, found))
    else:
        report.note(f"Hugo is left out: there is no {hugo or 'hugo'}. Name its program with --hugo.")
    return Peers(bare=tuple(bare), listing=tuple(listing))


def _measure_all(
    collections: Sequence[Path],
    folder: Path,
    limit: int | None,
    peer_limit: int,
    peers: Peers,
    plan: Plan,
    report: Report,
) -> None:
    """Measure all pages with what can build them, and fewer of them with every tool if the rest is to build fewer."""
    whole = write_sample(collections, folder / "all", limit, "all" if limit is None else f"first {limit} of each")
    report.note(f"{whole.pages:,} articles in {', '.join(whole.languages)}; {plan.repeat} cold build(s) a row")
    if whole.as_code:
        report.note(
            f"{whole.as_code} articles hold what the portal refuses (scripts, forms …) and are written as code."
        )
    is_cut = bool(peers.listing and peer_limit) and any(part.articles > peer_limit for part in whole.written)
    _measure_ours(whole, plan, report, is_served=plan.is_served)
    _measure_peers(whole, peers.bare if is_cut else (*peers.bare, *peers.listing), plan, report)
    if is_cut:
        report.note(
            f"Tools whose pages list all pages take time and bytes that grow with the square of the pages: they build "
            f"the FIRST {peer_limit} of each collection, and every other tool beside them (--peer-limit 0 builds all)."
        )
        fewer = write_sample(collections, folder / "fewer", peer_limit, f"first {peer_limit} of each")
        _measure_ours(fewer, plan, report, is_served=False)
        _measure_peers(fewer, (*peers.bare, *peers.listing), plan, report)


def _measure_ours(sample: Sample, plan: Plan, report: Report, *, is_served: bool) -> None:
    site = set_up_answerdesk(sample)
    editor = Editor(sample.articles, site.source)
    report.add(measure_cold(site, plan.repeat))
    counts = {kind: count for kind, count in ((Kind.TEXT, plan.edits), (Kind.TITLE, plan.titles)) if count}
    for kind, count in counts.items():
        report.add(measure_changes(site, editor, kind, count))
    if not is_served or not counts:
        return
    if not is_browser_there():
        report.note("`answerdesk serve` is left out: it needs playwright, and Chromium ($CHROMIUM or on the path).")
        return
    served = measure_serve(site, editor, counts)
    report.note(f"`answerdesk serve` was ready after {served.start:.1f} s.")
    report.add(*served.changes)


def _measure_peers(sample: Sample, setups: Sequence[Setup], plan: Plan, report: Report) -> None:
    for set_up in setups:
        site = set_up(sample)
        report.add(measure_cold(site, plan.repeat))
        if plan.peer_edits:
            report.add(measure_changes(site, Editor(sample.articles, site.source), Kind.TEXT, plan.peer_edits))
        for folder in site.outputs:
            shutil.rmtree(folder)  # a site with all pages in every page takes gigabytes


if __name__ == "__main__":
    main()
