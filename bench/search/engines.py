"""Ask an engine the queries of a collection. Peers are asked through their runners, Answerdesk by its command line."""

import gzip
import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.collection import language_of
from bench.measure import run_command
from bench.search.peers import PeerError, Peers
from bench.search.queries import Questions, choose_queries, write_queries

TITLES = {
    "answerdesk": "Answerdesk",
    "material": "Material",
    "zensical": "Zensical",
    "pagefind": "Pagefind",
    "minisearch": "MiniSearch",
    "lunrjs": "lunr.js",
}
# What an engine's answers depend on, beside its runner; jieba cuts Material's Chinese.
PACKAGES = {
    "material": ("mkdocs-material", "jieba"),
    "zensical": ("zensical",),
    "pagefind": ("pagefind",),
    "minisearch": ("minisearch",),
    "lunrjs": ("lunr", "lunr-languages"),
}
RUNNERS = {"pagefind": ("peers/pagefind_site.py", "peers/run_pagefind.mjs")}
RUNNER = ("peers/run_peers.cjs",)  # of all others
CUT_CHINESE = Path(__file__).with_name("cut_chinese.py")
LANGUAGES = {"zh": "zh-Hans"}  # codes of collections that Answerdesk writes in another way
LIMIT = 20  # ids a query


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an engine answered: its run, and the seconds that indexing took if they were taken."""

    engine: str
    collection: str
    folder: Path
    questions: Questions
    run: str
    index_seconds: float | None = None
    is_cached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where runners, peers and cached runs are, and whether indexing is timed."""

    tools: Path
    peers: Peers | None
    runs: Path
    is_timed: bool

    def measure(self, folder: Path, engines: Sequence[str], limit: int) -> Iterator[Outcome]:
        """Ask each engine the same queries of a collection, one engine after another.

        Raises:
            CollectionError: its documents cannot be read.
            QueryError: its queries cannot be read.
            PeerError: a runner is missing.
            CommandFailed: an engine ended with an error.
        """
        questions = choose_queries(folder, limit)
        for engine in engines:
            with tempfile.TemporaryDirectory(prefix=f"bench-{engine}-") as name:
                work = Path(name)
                queries = work / "queries.jsonl"
                write_queries(questions, queries)
                run, seconds, is_cached = self._ask(engine, folder, queries, work)
            yield Outcome(
                engine=engine, collection=folder.name, folder=folder, questions=questions,
                run=run, index_seconds=seconds, is_cached=is_cached,
            )  # fmt: skip

    def _ask(self, engine: str, folder: Path, queries: Path, work: Path) -> tuple[str, float | None, bool]:
        """Return the run, the seconds of indexing, and whether the run was in the cache."""
        if engine == "answerdesk":
            seconds = _ask_ours(folder, queries, work)
            return _read_run(work), seconds if self.is_timed else None, False
        kept = self._cached(engine, folder, queries)
        is_cached = kept.exists()
        is_indexed = engine == "pagefind" and (self.is_timed or not is_cached)
        taken = self._index_pagefind(folder, work) if is_indexed else None
        if not is_cached:
            self._ask_peer(engine, folder, queries, work)
            kept.parent.mkdir(parents=True, exist_ok=True)
            half = kept.with_suffix(".half")  # so that a run that was cut short is never taken for a whole one
            half.write_text(_read_run(work), "utf-8")
            half.replace(kept)
        return kept.read_text("utf-8"), taken if self.is_timed else None, is_cached

    def _ask_peer(self, engine: str, folder: Path, queries: Path, work: Path) -> None:
        peers = self._installed()
        if engine == "pagefind":
            arguments = [str(self._tool("peers/run_pagefind.mjs")), str(work / "site")]
        else:
            arguments = [str(self._tool("peers/run_peers.cjs")), engine]
        if _needs_cutting(engine, folder):
            cut = work / folder.name
            run_command([str(peers.python), str(CUT_CHINESE), str(folder), str(cut)], work / "cut.log")
            folder = cut
        variables = [
            f"MATERIAL_JS={peers.material}", f"ZENSICAL_WORKER={peers.zensical}", f"NODE_LIBS={peers.node_modules}"
        ]  # fmt: skip
        files = [str(path.resolve()) for path in (folder, queries, work / "run.tsv")]
        run_command(["env", *variables, "node", *arguments, *files], work / "run.log")

    def _index_pagefind(self, folder: Path, work: Path) -> float:
        """Index a collection with Pagefind into `work`/site and return the seconds, without those of writing pages."""
        python, site = str(self._installed().python), str(work / "site")
        run_command([python, str(self._tool("peers/pagefind_site.py")), str(folder), site], work / "site.log")
        return run_command([python, "-m", "pagefind", "--site", site], work / "index.log").seconds

    def _cached(self, engine: str, folder: Path, queries: Path) -> Path:
        """Return where a peer's run is kept: a name of its own for all that its answers depend on."""
        versions = [f"{name} {self._installed().versions[name]}" for name in PACKAGES[engine]]
        key = hashlib.sha256("\n".join([engine, *versions]).encode())
        for name in RUNNERS.get(engine, RUNNER):
            key.update(self._tool(name).read_bytes())
        if _needs_cutting(engine, folder):
            key.update(CUT_CHINESE.read_bytes())
        key.update(gzip.decompress((folder / "docs.jsonl.gz").read_bytes()))
        key.update(queries.read_bytes())
        return self.runs / f"{folder.name}.{engine}.{key.hexdigest()[:16]}.tsv"

    def _installed(self) -> Peers:
        if not self.peers:
            raise PeerError("--peers is missing. Name the folder that `bench/search peers` installed into.")
        return self.peers

    def _tool(self, name: str) -> Path:
        path = (self.tools / name).resolve()
        if not path.is_file():
            raise PeerError(
                f"{path} is missing. Name with --tools a folder that holds score.py and the peers' runners."
            )
        return path


def _needs_cutting(engine: str, folder: Path) -> bool:
    """Tell whether an engine's build would have cut the collection's texts into words."""
    return engine == "material" and language_of(folder).startswith("zh")


def _ask_ours(folder: Path, queries: Path, work: Path) -> float:
    """Index a collection and ask it; return the seconds of indexing."""
    command = str(Path(sys.executable).with_name("answerdesk"))
    code = language_of(folder)
    documents, index = str(folder / "docs.jsonl.gz"), str(work / "index")
    build = [command, "index", "--jsonl", documents, "--lang", LANGUAGES.get(code, code), "--out", index]
    seconds = run_command(build, work / "index.log").seconds
    ask = [command, "search", "--index", index, "--queries", str(queries), "--run", str(work / "run.tsv")]
    run_command([*ask, "--limit", str(LIMIT)], work / "run.log")
    return seconds


def _read_run(work: Path) -> str:
    return (work / "run.tsv").read_text("utf-8")
