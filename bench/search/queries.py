"""Choose the queries of a collection that engines are asked, and know which of them are which."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

HARD = 0.6  # of a query's wording in the title; below this the words are the reader's own
MISSPELT = "misspelt/"  # before the ids of misspelt queries, which are those of the right ones


class QueryError(Exception):
    """Queries or judgements cannot be read; the message says what to do."""


class Subset(StrEnum):
    """Queries that are scored together."""

    ALL = "all"
    HARD = "hard"  # shares little with the title
    RIGHT = "right"  # the well-spelt originals of the misspelt ones
    MISSPELT = "misspelt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query: the id of its line, its text, how much of it is in the title where that is known."""

    id: str
    text: str
    similarity: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What engines are asked of a collection in one run, and the ids in each subset that is not empty.

    Misspelt queries have MISSPELT before their ids in the run, and nowhere else.
    """

    queries: tuple[Query, ...]
    subsets: dict[Subset, tuple[str, ...]]


def list_collections(data: Path) -> list[Path]:
    """Return the folders of a data folder that are collections.

    Raises:
        QueryError: there are none.
    """
    if found := sorted(path.parent for path in data.glob("*/docs.jsonl.gz")):
        return found
    raise QueryError(f"{data} holds no collections. Name a folder of folders with a docs.jsonl.gz.")


def choose_queries(folder: Path, limit: int) -> Questions:
    """Choose the queries to ask of a collection: `limit` of the right and of the misspelt ones, or all if it is 0.

    Raises:
        QueryError: a file of queries is missing or a line is no query.
    """
    right = _read_queries(folder / "queries.jsonl")
    sample = _spread(right, limit)
    typos = folder / "queries.typos.jsonl"
    misspelt = _spread(_read_queries(typos), limit) if typos.exists() else []
    originals = {query.id for query in misspelt}
    ids = {query.id for query in sample}
    also = [query for query in right if query.id in originals - ids]
    marked = [Query(id=MISSPELT + query.id, text=query.text, similarity=None) for query in misspelt]
    subsets = {
        Subset.ALL: [query.id for query in sample],
        Subset.HARD: [query.id for query in sample if query.similarity is not None and query.similarity < HARD],
        Subset.RIGHT: [query.id for query in right if query.id in originals],
        Subset.MISSPELT: [query.id for query in marked],
    }
    return Questions(
        queries=(*sample, *also, *marked),
        subsets={subset: tuple(chosen) for subset, chosen in subsets.items() if chosen},
    )


def write_queries(questions: Questions, path: Path) -> None:
    """Write queries as engines read them: a JSON object a line."""
    rows = ({"id": query.id, "text": query.text} for query in questions.queries)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def _spread(queries: Sequence[Query], limit: int) -> list[Query]:
    """Return `limit` queries, evenly spread: the ones that the peers' runners take when they are given a limit."""
    if not limit or len(queries) <= limit:
        return list(queries)
    step = len(queries) / limit
    return [queries[int(i * step)] for i in range(limit)]


def _read_queries(path: Path) -> list[Query]:
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return [Query(id=row["id"], text=row["text"], similarity=row.get("sim")) for row in rows]
    except FileNotFoundError as error:
        raise QueryError(f"{path} is missing. Write one query a line into it, or leave the collection out.") from error
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise QueryError(f'{path}: {error!r}. Each line is {{"id": …, "text": …, "sim"?: …}}.') from error
