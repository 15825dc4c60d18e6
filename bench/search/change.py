"""Time what a changed article costs an index that is kept in memory, beside building all of it."""

import random
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from answerdesk.search import Builder, Document, Section, Writer
from bench.collection import language_of, read_collection
from bench.table import as_markdown


def measure_changes(folder: Path, changes: int, seed: int = 1) -> str:
    """Return a table: seconds to index a collection, and to replace one article and write the index again.

    Half of the changes add a sentence, half replace the title.
    """
    chance = random.Random(seed)
    documents = [
        Document(url=entry.name, title=entry.title, sections=(Section(text=entry.text),))
        for entry in read_collection(folder)
    ]
    with tempfile.TemporaryDirectory(prefix="bench-change-") as target:
        began = time.perf_counter()
        builder, writer = Builder(language_of(folder)), Writer(Path(target))
        for document in documents:
            builder.add(document)
        writer.write(builder.index())
        whole = time.perf_counter() - began
        took = []
        for change in range(changes):
            one, other = chance.sample(range(len(documents)), 2)
            text = documents[one].sections[0].text + " " + documents[other].sections[0].text[:80]
            changed = {"sections": (Section(text=text),)} if change % 2 else {"title": documents[other].title}
            documents[one] = replace(documents[one], **changed)
            began = time.perf_counter()
            builder.put(documents[one])
            writer.write(builder.index())
            took.append(time.perf_counter() - began)
    row = [folder.name, f"{len(documents):,}", f"{whole:.1f}", f"{statistics.median(took):.2f}", f"{max(took):.2f}"]
    return as_markdown(["collection", "articles", "all, s", "one changed, s", "worst"], [row])
