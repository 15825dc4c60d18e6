"""Score a run: each subset of its queries by itself."""

import runpy
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.search.engines import Outcome
from bench.search.peers import PeerError
from bench.search.queries import MISSPELT, QueryError, Subset

ScoreFile = Callable[[Path, Path], dict[str, Any]]  # a run, judgements


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How good the answers to some queries are. `empty` is the share of them without any, in percent."""

    queries: int
    mrr: float
    empty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The scores of an engine on a collection, and the seconds that indexing took if they were taken."""

    engine: str
    collection: str
    scores: dict[Subset, Score]
    index_seconds: float | None


def load_score(tools: Path) -> ScoreFile:
    """Return the function that scores a run's file by a file of judgements.

    Raises:
        PeerError: the tools have none.
    """
    path = tools / "score.py"
    if not path.is_file():
        raise PeerError(f"{path} is missing. Name with --tools a folder that holds score.py and the peers' runners.")
    score: ScoreFile = runpy.run_path(str(path))["score"]
    return score


def score_run(outcome: Outcome, score: ScoreFile) -> Result:
    """Score what an engine answered.

    Raises:
        QueryError: an answer or the judgements are missing.
    """
    answers = {line.partition("\t")[0]: line for line in outcome.run.splitlines()}
    scores = {}
    with tempfile.TemporaryDirectory(prefix="bench-score-") as folder:
        run = Path(folder) / "run.tsv"
        for subset, ids in outcome.questions.subsets.items():
            if missing := [name for name in ids if name not in answers]:
                raise QueryError(
                    f"{outcome.collection}: {outcome.engine} left out {len(missing)} queries, the first is "
                    f"{missing[0]}. A run has a line for every query, also for one without results."
                )
            # Judgements know a misspelt query by the id of the right one.
            run.write_text("".join(answers[name].removeprefix(MISSPELT) + "\n" for name in ids), "utf-8")
            scores[subset] = _score(run, outcome.folder / "qrels.tsv", score)
    return Result(
        engine=outcome.engine, collection=outcome.collection, scores=scores, index_seconds=outcome.index_seconds
    )


def _score(run: Path, judgements: Path, score: ScoreFile) -> Score:
    try:
        figures = score(run, judgements)
    except FileNotFoundError as error:
        raise QueryError(f"{judgements} is missing. Write query id, document id and grade a line, by tab.") from error
    except ZeroDivisionError as error:
        raise QueryError(f"{judgements} judges none of the queries. It needs the ids of the queries' lines.") from error
    return Score(queries=figures["n"], mrr=figures["mrr"], empty=figures["zero"])
