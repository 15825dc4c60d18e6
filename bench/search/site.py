"""Make what a browser is given to search a collection: Answerdesk's index and worker, and what its peers publish."""

import gzip
import html
import json
import shutil
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from answerdesk.search.runtime_modules import read_runtime
from answerdesk.support.js_bundle import join_modules
from bench.collection import CollectionError, language_of, read_collection
from bench.measure import Usage, run_command
from bench.search.engines import LANGUAGES
from bench.search.peers import Peers

PAGE = "bench.html"
SCRIPT = "bench.js"
SCRIPTS = (".js", ".css")  # which are the same for every index
ENGINES = ("answerdesk", "pagefind", "material")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Documents to index: a folder with a docs.jsonl.gz, and how many of them."""

    name: str
    folder: Path
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What was made for an engine; `usage` is that of indexing alone, None if it took no command."""

    engine: str
    sample: Sample
    folder: Path
    usage: Usage | None
    size: int
    files: int


def make_site(engine: str, sample: Sample, folder: Path, peers: Peers | None) -> Site:
    """Make the files of an engine for a sample, with the page that asks it.

    Raises:
        CollectionError: the documents cannot be read.
        CommandFailed: the engine ended with an error.
    """
    language = language_of(sample.folder)
    folder.mkdir(parents=True)
    if engine == "answerdesk":
        usage, index = _make_ours(sample, folder)
    elif not peers:
        raise CollectionError(f"{engine} is not installed. Name with --peers where the command `peers` installed it.")
    elif engine == "pagefind":
        usage, index = _make_pagefind(sample, folder, peers)
    else:
        usage, index = _make_material(sample, folder, peers)
    files = [file for file in index.rglob("*") if file.is_file() and file.suffix not in SCRIPTS]
    if engine == "answerdesk":
        script = join_modules(read_runtime(), "worker")
        (index / "worker.js").write_text(script, "utf-8")
    page = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><link rel="icon" href="data:,"><title>{engine}'
    )
    (folder / PAGE).write_text(f'{page}</title><script type="module" src="{SCRIPT}"></script></html>', "utf-8")
    shutil.copyfile(Path(__file__).with_name("page.js"), folder / SCRIPT)
    return Site(
        engine=engine,
        sample=sample,
        folder=folder,
        usage=usage,
        size=sum(file.stat().st_size for file in files),
        files=len(files),
    )


def _make_ours(sample: Sample, folder: Path) -> tuple[Usage, Path]:
    documents = folder / "documents.jsonl.gz"
    with gzip.open(sample.folder / "docs.jsonl.gz") as source, gzip.open(documents, "wb", compresslevel=1) as target:
        target.writelines(islice(source, sample.articles))
    code = language_of(sample.folder)
    command = [str(Path(sys.executable).with_name("answerdesk")), "index", "--jsonl", str(documents)]
    command += ["--lang", LANGUAGES.get(code, code), "--out", str(folder / "search")]
    return run_command(command, folder / "index.log"), folder / "search"


def _make_pagefind(sample: Sample, folder: Path, peers: Peers) -> tuple[Usage, Path]:
    for number, entry in enumerate(read_collection(sample.folder, sample.articles)):
        paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in entry.text.split("\n") if line.strip())
        title = html.escape(entry.title)
        head = f'<!doctype html><html lang="{entry.language}"><meta charset="utf-8"><title>{title}</title>'
        body = f"<main data-pagefind-body><h1>{title}</h1>{paragraphs}</main>"
        (folder / f"{number}.html").write_text(f"{head}{body}</html>", "utf-8")
    usage = run_command([str(peers.python), "-m", "pagefind", "--site", str(folder)], folder / "index.log")
    return usage, folder / "pagefind"


def _make_material(sample: Sample, folder: Path, peers: Peers) -> tuple[None, Path]:
    """Write what Material's plugin does: all documents as JSON, which its worker indexes in the browser."""
    language = language_of(sample.folder)
    entries = read_collection(sample.folder, sample.articles)
    docs = [
        {"location": f"{number}/", "title": html.escape(entry.title), "text": f"<p>{html.escape(entry.text)}</p>"}
        for number, entry in enumerate(entries)
    ]
    fields = {"title": {"boost": 1000.0}, "text": {"boost": 1.0}, "tags": {"boost": 1_000_000.0}}
    pipeline = [] if language in ("ko", "ar") else ["stopWordFilter"]
    config = {"lang": [language], "separator": "[\\s\\-]+", "pipeline": pipeline, "fields": fields}
    index = folder / "search"
    index.mkdir()
    (index / "search_index.json").write_text(json.dumps({"config": config, "docs": docs}, ensure_ascii=False), "utf-8")
    scripts = folder / "assets" / "javascripts"
    shutil.copytree(peers.material / "lunr", scripts / "lunr")
    (scripts / "workers").mkdir()
    worker = next(iter(sorted((peers.material / "workers").glob("search.*.min.js"))))
    shutil.copyfile(worker, scripts / "workers" / "search.js")
    return None, index
