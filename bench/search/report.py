"""Write what was measured of search as Markdown tables: a row a collection, a column an engine, means below."""

import statistics
from collections.abc import Callable, Mapping, Sequence

from bench.search.engines import TITLES
from bench.search.queries import Subset
from bench.search.score import Result
from bench.table import as_markdown

OURS = "answerdesk"
NONE = "–"
LEGEND = """\
MRR@10 is the mean of 1/rank of the first document that answers, 0 below rank 10; it is between 0 and 1. Peers search
with the code and the defaults they ship. "Best peer" is the best of the row."""

Row = Mapping[str, Result]  # by engine
Figure = Callable[[Result], float | None]


def write_report(results: Sequence[Result], engines: Sequence[str], notes: Sequence[str]) -> str:
    """Return all tables, each with its heading; a table that would be empty is left out."""
    rows: dict[str, dict[str, Result]] = {}
    for result in results:
        rows.setdefault(result.collection, {})[result.engine] = result
    tables = [
        _ranking("MRR@10", rows, engines, Subset.ALL),
        _ranking("MRR@10, less than 0.6 of the query's wording in the title", rows, engines, Subset.HARD),
        _ranking("MRR@10, misspelt (change against spelt right)", rows, engines, Subset.MISSPELT, Subset.RIGHT),
        _plain("Queries without any result, %", rows, engines, lambda result: result.scores[Subset.ALL].empty),
        _plain("Seconds to index, one run, side by side", rows, engines, lambda result: result.index_seconds),
    ]
    return "\n\n".join([*filter(None, notes), *filter(None, tables), LEGEND])


def _ranking(
    heading: str, rows: Mapping[str, Row], engines: Sequence[str], subset: Subset, against: Subset | None = None
) -> str:
    """Return a table of MRR@10, with the best peer and how far we are ahead of it."""
    having = {name: row for name, row in rows.items() if all(subset in result.scores for result in row.values())}
    if not having:
        return ""
    figures = {name: {engine: row[engine].scores[subset].mrr for engine in engines} for name, row in having.items()}
    figures["**mean**"] = _means(figures, engines)
    before: dict[str, dict[str, float]] = {}
    if against:
        before = {name: {engine: row[engine].scores[against].mrr for engine in engines} for name, row in having.items()}
        before["**mean**"] = _means(before, engines)
    counts = {name: f"{next(iter(row.values())).scores[subset].queries:,}" for name, row in having.items()}
    lines = [
        [name, counts.get(name, ""), *(_shown(row[engine], before.get(name, {}).get(engine)) for engine in engines),
         *_best_peer(row)]
        for name, row in figures.items()
    ]  # fmt: skip
    columns = ["collection", "queries", *(TITLES[engine] for engine in engines), "best peer", "ours against it"]
    return f"### {heading}\n\n{as_markdown(columns, lines)}"


def _means(figures: Mapping[str, Mapping[str, float]], engines: Sequence[str]) -> dict[str, float]:
    """Return each engine's mean over collections, every collection counting the same."""
    return {engine: statistics.fmean(row[engine] for row in figures.values()) for engine in engines}


def _shown(mrr: float, right: float | None) -> str:
    if right is None:
        return f"{mrr:.3f}"
    return f"{mrr:.3f} ({100 * (mrr / right - 1):+.0f}%)" if right else f"{mrr:.3f} ({NONE})"


def _best_peer(row: Mapping[str, float]) -> tuple[str, str]:
    """Return the best peer with its figure, and how far ours is ahead of it."""
    peers = {engine: mrr for engine, mrr in row.items() if engine != OURS}
    if not peers:
        return NONE, NONE
    best = max(peers, key=lambda engine: peers[engine])
    ahead = f"{row[OURS] - peers[best]:+.3f}" if OURS in row else NONE
    return f"{TITLES[best]} {peers[best]:.3f}", ahead


def _plain(heading: str, rows: Mapping[str, Row], engines: Sequence[str], figure: Figure) -> str:
    """Return a table of one figure, for the engines that have it."""
    having = [engine for engine in engines if all(figure(row[engine]) is not None for row in rows.values())]
    if not having:
        return ""
    values = {name: [figure(row[engine]) or 0.0 for engine in having] for name, row in rows.items()}
    values["**mean**"] = [statistics.fmean(column) for column in zip(*values.values(), strict=True)]
    lines = [[name, *(f"{value:.1f}" for value in line)] for name, line in values.items()]
    return f"### {heading}\n\n{as_markdown(['collection', *(TITLES[engine] for engine in having)], lines)}"
