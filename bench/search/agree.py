"""Ask the Python and the JavaScript reader of one index the same, and compare all that they answer."""

import json
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from answerdesk.search import Document, Section, build_index, open_index, read_synonyms, write_index
from answerdesk.search.runtime_modules import read_runtime
from answerdesk.support.js_bundle import join_modules
from bench.collection import language_of, read_collection
from bench.search.engines import LANGUAGES
from bench.search.queries import choose_queries
from bench.search.server import LOCAL, Server
from bench.table import as_markdown

SYNONYMS = Path("content/synonyms")
LIMIT = 10  # results a query
LONGEST = 10_000  # characters
AT_ONCE = 50  # queries, so that no message grows large
BLOCKS = (
    (0x00, 0x1F), (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x600, 0x6FF), (0x1100, 0x11FF), (0x2000, 0x206F),
    (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xD800, 0xDFFF), (0xFB50, 0xFEFF), (0xFF00, 0xFFFF),
    (0x1F300, 0x1F6FF), (0x20000, 0x2A6DF), (0, 0x10FFFF),
)  # fmt: skip
JOINTS = ("", "", " ", " ", "-", ".", "'", '"', "_", "0x", "\u200b", "\u0000", "\n")
PAGE = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>agree</title>'
# Texts go over as code units and come back as JSON: halves of characters survive neither as they are.
ASK = """async ({ base, texts, limit }) => {
  globalThis.searcher ??= await (await import(`${base}searcher.js`)).open(`${base}search/`);
  const found = [];
  for (const units of texts) {
    const text = units.map((unit) => String.fromCharCode(unit)).join("");
    const times = [];
    let answer;
    for (let round = 0; round < 3; round++) {
      const began = performance.now();
      answer = await searcher.search(text, { limit }).catch((error) => String(error));
      times.push(performance.now() - began);
    }
    found.push([JSON.stringify(answer), Math.min(times[1], times[2])]);
  }
  return found;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What came of a collection: texts asked, those answered in two ways, and the milliseconds in the browser."""

    collection: str
    queries: int
    strings: int
    differences: tuple[str, ...]
    times: tuple[float, ...]


def compare_readers(browser: Browser, server: Server, folder: Path, strings: int, seed: int) -> Agreement:
    """Ask both readers every query of a collection and so many strings of any characters, made of its words and not.

    The time of an answer is that of the second or third asking, the faster, when all files are at hand.

    Raises:
        CollectionError: its documents cannot be read.
        QueryError: its queries cannot be read.
    """
    documents = [
        Document(url=entry.name, title=entry.title, sections=(Section(text=entry.text),))
        for entry in read_collection(folder)
    ]
    questions = choose_queries(folder, 0)
    queries = list(dict.fromkeys(query.text for query in questions.queries))
    texts = [*queries, *hostile_strings(queries, strings, seed)]
    code = language_of(folder)
    language = LANGUAGES.get(code, code)
    with tempfile.TemporaryDirectory(prefix="bench-agree-") as name:
        site = Path(name)
        write_index(build_index(documents, language, read_synonyms(SYNONYMS / f"{language}.yml")), site / "search")
        (site / "searcher.js").write_text(join_modules(read_runtime(), "searcher", exports=("open",)), "utf-8")
        (site / "index.html").write_text(PAGE, "utf-8")
        searcher = open_index(site / "search")
        visit = server.open_visit(site, LOCAL)
        page = browser.new_page()
        page.goto(f"{visit.base}index.html")
        differences, times = [], []
        for text, answer, took in _ask(page, visit.base, texts):
            expected = json.loads(json.dumps(asdict(searcher.search(text, limit=LIMIT))))
            times.append(took)
            if answer != expected:
                differences.append(text)
        page.close()
    return Agreement(
        collection=folder.name, queries=len(queries), strings=strings,
        differences=tuple(differences), times=tuple(times),
    )  # fmt: skip


def hostile_strings(queries: Sequence[str], count: int, seed: int) -> Iterator[str]:
    """Yield strings of any code points, halves of characters among them, bare and mixed with the words of queries.

    One in ten has 10,000 characters.
    """
    chance = random.Random(seed)
    words = sorted({word for query in queries for word in query.split()})
    makers: tuple[Callable[[], str], ...] = (
        lambda: chr(chance.randint(*chance.choice(BLOCKS))),
        lambda: chance.choice(words),
        lambda: _misspell(chance.choice(words), chance),
        lambda: chance.choice(words)[: chance.randint(1, 4)],
    )
    for number in range(count):
        longest = LONGEST if number % 10 == 0 else chance.choice((5, 20, 100, 1_000))
        used = chance.sample(makers, chance.randint(1, len(makers)))
        joint = chance.choice(JOINTS)
        text = ""
        while len(text) < longest and chance.random() > (0 if number % 10 == 0 else 0.1):
            text += chance.choice(used)() + (joint if chance.random() < 0.7 else chance.choice(JOINTS))
        yield _whole(text[:longest])


def write_agreements(agreements: Sequence[Agreement]) -> str:
    """Return a table, and below it what was answered in two ways."""
    rows = [
        [
            one.collection, f"{one.queries:,}", f"{one.strings:,}", str(len(one.differences)),
            f"{statistics.median(one.times):.1f}", f"{sorted(one.times)[len(one.times) * 99 // 100]:.1f}",
            f"{max(one.times):.1f}",
        ]
        for one in agreements
    ]  # fmt: skip
    heads = ["collection", "queries", "strings", "differences", "median, ms", "p99", "worst"]
    lines = [f"{one.collection}: {text[:200]!a}" for one in agreements for text in one.differences]
    return "\n".join([as_markdown(heads, rows), "", *lines])


def _ask(page: Page, base: str, texts: Sequence[str]) -> Iterator[tuple[str, Any, float]]:
    for start in range(0, len(texts), AT_ONCE):
        some = texts[start : start + AT_ONCE]
        found = page.evaluate(ASK, {"base": base, "texts": [_units(text) for text in some], "limit": LIMIT})
        for text, (answer, took) in zip(some, found, strict=True):
            yield text, json.loads(answer), took


def _misspell(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + chance.choice(("", word[at] * 2, chr(ord(word[at]) ^ 1))) + word[at + 1 :]


def _units(text: str) -> list[int]:
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[i] | data[i + 1] << 8 for i in range(0, len(data), 2)]


def _whole(text: str) -> str:
    """Return a text in which two halves that stand together are one character, as JavaScript has it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
