"""Make a collection as large as one wants, of parts of real articles, to measure how an index grows with its articles.

    python -m bench.recombine /data/m365_en --articles 100000 --out /tmp/large
    answerdesk index --jsonl /tmp/large/docs.jsonl.gz --lang en --out /tmp/index

The same folders and seed make the same collection.
"""

import gzip
import json
import sys
from pathlib import Path

import click

from bench.collection import CollectionError, recombine


@click.command()
@click.argument("collections", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--articles", default=100_000, show_default=True, type=click.IntRange(1), help="How many to make.")
@click.option("--seed", default=1, show_default=True, help="Another seed makes other articles.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for docs.jsonl.gz.")
def main(collections: tuple[Path, ...], articles: int, seed: int, out: Path) -> None:
    """Recombine COLLECTIONS (folders with docs.jsonl.gz) of one language into OUT/docs.jsonl.gz."""
    out.mkdir(parents=True, exist_ok=True)
    try:
        with gzip.open(out / "docs.jsonl.gz", "wt", compresslevel=1, encoding="utf-8", errors="replace") as file:
            for entry in recombine(collections, articles, seed):
                row = {"id": entry.name, "lang": entry.language, "title": entry.title, "text": entry.text}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    except CollectionError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
