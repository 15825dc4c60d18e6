"""Python and JavaScript agree: on every case, on any string, on every result and score."""

import json
import random
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerdesk.search import open_index
from answerdesk.search.analyse import Analyser, analysis_of
from answerdesk.search.index import read_index

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
LANGUAGES = ["en", "zh-Hans", "zh-Hant", "ko", "tr", "ar"]
QUERIES = 300
ANALYSE = """
  const { Analyser } = await load("analyse");
  const analyser = new Analyser(argument.analysis);
  return argument.texts.map((points) => analyser.tokens(String.fromCodePoint(...points))
    .map(({ form, start, end, terms }) => [Array.from(form, (char) => char.codePointAt(0)), start, end, terms]));
"""
SEARCH = """
  const { open } = await load("searcher");
  const searcher = await open(argument.url);
  const found = [];
  for (const text of argument.queries) found.push(await searcher.search(text, { limit: 5 }));
  return found;
"""


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_javascript_has_the_tokens_of_every_case(laboratory, path: Path) -> None:
    file = json.loads(path.read_text("utf-8"))
    texts = [[ord(char) for char in text] for text, _ in file["cases"]]
    found = laboratory.run(ANALYSE, {"analysis": analysis_of(file["language"]), "texts": texts})
    wanted = [[[[ord(c) for c in form], s, e, terms] for form, s, e, terms in tokens] for _, tokens in file["cases"]]
    assert found == wanted


# Lone surrogates too, but never a high one before a low one: Python keeps the two apart, JavaScript makes them one.
hostile = st.text(
    st.characters(exclude_characters=[chr(p) for p in range(0xDC00, 0xE000)], exclude_categories=[]), max_size=60
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(hostile, min_size=1, max_size=25), language=st.sampled_from(LANGUAGES))
def test_javascript_has_the_tokens_of_any_string(laboratory, texts: Sequence[str], language: str) -> None:
    analysis = analysis_of(language)
    analyser = Analyser(analysis)
    points = [[ord(char) for char in text] for text in texts]
    found = laboratory.run(ANALYSE, {"analysis": analysis, "texts": points})
    wanted = [
        [[[ord(c) for c in t.form], t.start, t.end, [list(term) for term in t.terms]] for t in analyser.tokens(text)]
        for text in texts
    ]
    assert found == wanted


def make_queries(folder: Path) -> list[str]:
    """Return queries as people type them: titles, words of the text, words cut off, words joined from two articles."""
    chance = random.Random(1)
    articles = read_index(folder).articles
    texts = [article.title for article in articles] + [section.heading for a in articles for section in a.sections]
    words = sorted({word for a in articles for section in a.sections for word in section.text.split()})
    queries = chance.sample(texts, min(len(texts), 100))
    while len(queries) < QUERIES:
        chosen = " ".join(chance.sample(words, chance.randint(1, 4)))
        queries.append(chosen[: chance.randint(1, len(chosen))] + chance.choice(["", "", " "]))
    return queries


@pytest.mark.parametrize("language", LANGUAGES)
def test_javascript_returns_the_results_and_scores_of_python(laboratory, real_site: Path, language: str) -> None:
    folder = real_site / language / "search"
    queries = make_queries(folder)
    searcher = open_index(folder)
    wanted = [json.loads(json.dumps(asdict(searcher.search(query, limit=5)))) for query in queries]
    found = laboratory.run(SEARCH, {"url": laboratory.publish(language, folder), "queries": queries})
    assert len(queries) >= QUERIES
    assert found == wanted


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "missing"),
        (lambda folder: (folder / "manifest.json").write_text('{"format": 99}'), "format"),
        (lambda folder: (folder / "manifest.json").write_text("no JSON"), "damaged"),
        (lambda folder: next(folder.glob("index-*.json")).unlink(), "missing"),
        (lambda folder: next(folder.glob("index-*.json")).write_text('{"terms": "a'), "damaged"),
        (lambda folder: next(folder.glob("index-*.json")).write_text('{"terms": "a"}'), "damaged"),
    ],
    ids=["no manifest", "other format", "manifest cut off", "no index", "index cut off", "index without postings"],
)
def test_a_bad_index_is_named_and_never_searched(laboratory, small_index: Path, spoil, reason: str) -> None:
    spoil(small_index)
    url = laboratory.publish(small_index.parent.name, small_index)
    script = (
        'const { open } = await load("searcher"); return open(argument).then(() => "opened", (error) => error.reason);'
    )
    assert laboratory.run(script, url) == reason
