"""Measure how long a site takes to build, beside stock Material for MkDocs on the same pages.

    python bench/build.py /data/alchemy_ko /data/alchemy_zh_hans --peer-limit 500 --repeat 3

Prints figures and asserts nothing. Run it from an environment that has the project installed.
"""

import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import click
from collection import CollectionError, Written, language_of, write_articles
from measure import CommandFailed, Usage, count_bytes, count_index, run_command
from sites import WORDS, write_catalogue, write_material_config, write_our_config
from table import as_markdown, as_text

COLUMNS = ("build", "pages", "seconds", "pages/s", "largest MB", "together MB", "output MB", "index MB")
LEGEND = """\
seconds: wall time of the whole command, from an empty folder. largest: peak resident memory of the largest process
(ru_maxrss of wait4). together: peak of the proportional memory (PSS) of all processes, looked at twice a second. index:
bytes of its search index; output: bytes of all files of the site, index included. MB: 1,000,000 bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A folder of articles to build, and how many it has."""

    folder: Path
    written: tuple[Written, ...]

    @property
    def languages(self) -> list[str]:
        """Return the codes of its languages."""
        return [part.language for part in self.written]

    @property
    def pages(self) -> int:
        """Return how many articles it has."""
        return sum(part.articles for part in self.written)


@click.command()
@click.argument("collections", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--peer/--no-peer", default=True, show_default=True, help="Build with stock Material as well.")
@click.option("--limit", type=click.IntRange(1), help="Take the first N documents of each collection only.")
@click.option(
    "--peer-limit", default=500, show_default=True, type=click.IntRange(0),
    help="Compare with Material on the first N documents of each collection; 0 means all.",
)  # fmt: skip
@click.option("--repeat", default=1, show_default=True, type=click.IntRange(1), help="Build N times: median seconds.")
@click.option("--markdown", "is_markdown", is_flag=True, help="Print the table as Markdown as well.")
@click.option("--keep", type=click.Path(path_type=Path), help="Build in this new folder and keep it.")
def main(
    collections: tuple[Path, ...], peer: bool, limit: int | None, peer_limit: int, repeat: int,
    is_markdown: bool, keep: Path | None,
) -> None:  # fmt: skip
    """Build COLLECTIONS (folders with docs.jsonl.gz), one language each, as one site, and print what it took."""
    try:
        if keep:
            keep.mkdir(parents=True)
        with nullcontext(keep) if keep else tempfile.TemporaryDirectory(prefix="bench-build-") as folder:
            rows, notes = _measure_all(collections, Path(folder), limit, peer_limit if peer else None, repeat)
    except FileExistsError:
        sys.exit(f"{keep} is there already. Name a new folder.")
    except (CollectionError, CommandFailed) as error:
        sys.exit(str(error))
    click.echo("\n".join([*notes, "", as_text(COLUMNS, rows), "", LEGEND]))
    if is_markdown:
        click.echo("\n" + as_markdown(COLUMNS, rows))


def _measure_all(
    collections: Sequence[Path], folder: Path, limit: int | None, peer_limit: int | None, repeat: int
) -> tuple[list[tuple[str, ...]], list[str]]:
    """Build all that was asked for; return the table's rows and what to say above it.

    `peer_limit` None leaves Material out, 0 takes all pages.
    """
    _check_languages(collections)
    whole = _write_sample(collections, folder / "all", limit)
    notes = [f"{platform.platform()}, Python {platform.python_version()}; {repeat} build(s) a row", *_notes(whole)]
    rows = [_measure_ours(whole, f"Answerdesk, {', '.join(whole.languages)}", repeat)]
    if peer_limit is None:
        return rows, notes
    same, extent = whole, "all pages"
    if peer_limit and any(part.articles > peer_limit for part in whole.written):
        same, extent = _write_sample(collections, folder / "first", peer_limit), f"first {peer_limit} of each"
        rows.append(_measure_ours(same, f"Answerdesk, {extent}", repeat))
        notes.append(
            f"Material is compared on the FIRST {peer_limit} PAGES of each collection only, where both were built in "
            "this run; its time grows with the square of the pages (--peer-limit 0 builds all)."
        )
    rows.append(_measure_material(same, f"Material, {extent}", repeat))
    notes.append("Material builds one language after another: seconds are the sum, memory the largest of them.")
    return rows, notes


def _check_languages(collections: Sequence[Path]) -> None:
    seen: dict[str, Path] = {}
    for collection in collections:
        code = language_of(collection)
        if not (WORDS / f"{code}.yml").is_file():
            raise CollectionError(f"{collection}: the portal has no words for {code}. See {WORDS}.")
        if code in seen:
            raise CollectionError(f"{seen[code]} and {collection} are both in {code}. Build them one at a time.")
        seen[code] = collection


def _write_sample(collections: Sequence[Path], folder: Path, limit: int | None) -> Sample:
    content = folder / "content"
    written = tuple(write_articles(collection, content, limit) for collection in collections)
    write_catalogue(content, [part.language for part in written])
    return Sample(folder=folder, written=written)


def _notes(sample: Sample) -> list[str]:
    as_code = sum(part.as_code for part in sample.written)
    return [f"{as_code} pages hold what the portal refuses (scripts, forms …) and are written as code."] * bool(as_code)


def _measure_ours(sample: Sample, label: str, repeat: int) -> tuple[str, ...]:
    folder = sample.folder / "answerdesk"
    config = write_our_config(folder, sample.folder / "content", sample.languages)
    command = [str(Path(sys.executable).with_name("answerdesk")), "build", "--no-strict", "--force", "-f", str(config)]
    usages = []
    for _ in range(repeat):
        shutil.rmtree(folder / "site", ignore_errors=True)
        usages.append(run_command(command, folder / "log.txt"))
    return _row(label, sample, usages, folder / "site")


def _measure_material(sample: Sample, label: str, repeat: int) -> tuple[str, ...]:
    folder = sample.folder / "material"
    configs = [write_material_config(folder, sample.folder / "content", code) for code in sample.languages]
    usages = []
    for _ in range(repeat):
        shutil.rmtree(folder / "site", ignore_errors=True)
        commands = [[sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config)] for config in configs]
        usages.append(_in_turn([run_command(command, folder / "log.txt") for command in commands]))
    return _row(label, sample, usages, folder / "site")


def _in_turn(usages: Sequence[Usage]) -> Usage:
    """Return what commands used that ran one after another."""
    together = [usage.together for usage in usages if usage.together]
    return Usage(
        seconds=sum(usage.seconds for usage in usages),
        largest=max(usage.largest for usage in usages),
        together=max(together, default=None),
    )


def _row(label: str, sample: Sample, usages: Sequence[Usage], site: Path) -> tuple[str, ...]:
    """Return a line of the table: median seconds, largest memory, the last build's bytes."""
    seconds = statistics.median(usage.seconds for usage in usages)
    largest = max(usage.largest for usage in usages)
    together = max((usage.together for usage in usages if usage.together), default=None)
    sizes = [largest, together, count_bytes(site), count_index(site)]
    shown = ["–" if size is None else f"{size / 1e6:,.1f}" for size in sizes]
    return (label, f"{sample.pages:,}", f"{seconds:.1f}", f"{sample.pages / seconds:,.0f}", *shown)


if __name__ == "__main__":
    main()
