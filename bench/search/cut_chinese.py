"""Copy a collection with its Chinese cut into words, as Material's build does for its index.

usage: cut_chinese.py COLLECTION OUT     (needs jieba: runs in the peers' environment, which has no more of ours)
"""

import gzip
import json
import logging
import re
import sys
from pathlib import Path

import jieba

# The Han script's blocks: `re` knows no scripts, and the peers' environment need not have a module that does.
HAN = re.compile(
    "[\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufad9\U00020000-\U000323af]+"
)
ZERO_WIDTH_SPACE = "\u200b"


def main(collection: Path, out: Path) -> None:
    """Write the collection's documents to `out`, titles and texts cut."""
    jieba.setLogLevel(logging.WARNING)
    out.mkdir(parents=True)
    with (
        gzip.open(collection / "docs.jsonl.gz", "rt", encoding="utf-8") as lines,
        gzip.open(out / "docs.jsonl.gz", "wt", encoding="utf-8", compresslevel=1) as copy,
    ):
        for line in lines:
            row = json.loads(line)
            row |= {"title": cut(row.get("title") or ""), "text": cut(row["text"])}
            copy.write(json.dumps(row, ensure_ascii=False) + "\n")


def cut(text: str) -> str:
    """Return a text with a zero-width space around every Chinese word."""
    return HAN.sub(_cut_run, text).strip(ZERO_WIDTH_SPACE)


def _cut_run(match: re.Match[str]) -> str:
    return ZERO_WIDTH_SPACE.join(["", *jieba.cut(match.group()), ""])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
