"""The collections that search in the browser is measured on, by their number of articles."""

import gzip
import json
import shutil
from pathlib import Path

from bench.collection import recombine
from bench.search.site import Sample

SAMPLES = {1_000: "alchemy_tr", 3_014: "alchemy_ko", 6_960: "m365_en", 100_000: "m365_en, recombined"}
REAL = 10_000  # above so many articles, none are real as they are


def make_sample(articles: int, data: Path, work: Path) -> Sample:
    """Return a collection of so many articles; one that is larger than any real one is made in `work`.

    Raises:
        CollectionError: a collection cannot be read.
    """
    name = SAMPLES[articles]
    source = data / name.partition(",")[0]
    if articles <= REAL:
        return Sample(name=name, folder=source, articles=articles)
    folder = work / f"recombined-{articles}"
    folder.mkdir()
    with gzip.open(folder / "docs.jsonl.gz", "wt", compresslevel=1, encoding="utf-8", errors="replace") as file:
        for entry in recombine([source], articles):
            row = {"id": entry.name, "lang": entry.language, "title": entry.title, "text": entry.text}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    shutil.copyfile(source / "queries.jsonl", folder / "queries.jsonl")
    return Sample(name=name, folder=folder, articles=articles)
