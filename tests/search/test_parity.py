"""Python and JavaScript agree: on every token of any string, on every result of any query, and on what they refuse."""

import itertools
import json
import os
import random
import runpy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerdesk.search import Document, Searcher, Section, open_index, write_index
from answerdesk.search.analyse import Analyser, analysis_of
from answerdesk.search.builder import build_index
from answerdesk.search.index import Synonym
from answerdesk.search.keyboard import retyped

MAKE_CASES = runpy.run_path(str(Path(__file__).parent / "make_cases.py"))
CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
LANGUAGES = ["en", "zh-Hans", "zh-Hant", "ko", "tr", "ar"]
IS_EXPLORING = os.environ.get("HYPOTHESIS") == "explore"
STRINGS = 2500 if IS_EXPLORING else 800  # a language
QUERIES = 312 if IS_EXPLORING else 208  # a language
OPTIONS = [
    {"limit": 2}, {"limit": 2}, {"limit": 1, "offset": 2}, {"facets": True, "limit": 2},
    {"filters": {"colour": "red"}}, {},
    {"filters": {"category": "account"}, "facets": True, "limit": 2}, {"filters": {"appliesTo": "windows"}, "limit": 2},
]  # fmt: skip
ANALYSE = """
  const { Analyser } = await load("analyse");
  const analyser = new Analyser(argument.analysis);
  const row = ({ form, start, end, terms }) => [form, start, end, terms];
  return argument.texts.map((text) => analyser.tokens(text).map(row));
"""
SEARCH = """
  const { open } = await load("searcher");
  const searcher = await open(argument.url);
  const found = [];
  for (const [text, options] of argument.queries)
    found.push(await searcher.search(text, options).catch((error) => `${error.name}: ${error.message}`));
  return found;
"""
ASK_WORKER = """
  const worker = new Worker(argument.worker, { type: "module" });
  const late = new Promise((resolve) => setTimeout(resolve, 60_000, "late"));
  const reply = (message) => Promise.race([late, new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(message);
  })]);
  const ready = await reply({ type: "load", baseUrl: argument.url });
  const found = [];
  for (const [id, text] of argument.texts.entries()) {
    const answer = await reply({ type: "query", id, text, limit: 5 });
    if (answer === "late") break;
    found.push(answer.error ?? answer.id);
  }
  worker.terminate();
  return [ready.type, found];
"""


def tokens(analyser: Analyser, text: str) -> list[object]:
    return [[t.form, t.start, t.end, [list(term) for term in t.terms]] for t in analyser.tokens(text)]


def halves_apart(text: str) -> str:
    """Return a text without a high surrogate before a low one: Python keeps such a pair apart, JSON makes it one."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if has_pair(text) else text


def has_pair(text: str) -> bool:
    return any("\ud800" <= a <= "\udbff" and "\udc00" <= b <= "\udfff" for a, b in itertools.pairwise(text))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_javascript_has_the_tokens_of_every_case(laboratory, path: Path) -> None:
    file = json.loads(path.read_text("utf-8", "surrogatepass"))
    texts = [text for text, _ in file["cases"]]
    found = laboratory.run(ANALYSE, {"analysis": analysis_of(file["language"]), "texts": texts})
    assert dict(zip(texts, found, strict=True)) == dict(file["cases"])


def many_strings(language: str) -> Iterator[str]:
    """Yield lines of the content, parts of them, and hostile mixes of them; the same ones every time."""
    chance = random.Random(f"strings of {language}")
    own = language if language in LANGUAGES else chance.choice(LANGUAGES)
    lines = sorted(set(MAKE_CASES["content_strings"](own)))
    pieces = MAKE_CASES["PIECES"] + list(MAKE_CASES["hostile_strings"](len(language)))
    yield from chance.sample(lines, min(700, len(lines)))
    while True:
        line, other = chance.choices(lines, k=2)
        start = chance.randrange(len(line))
        part = line[start : chance.randint(start + 1, len(line))]
        yield part
        yield (
            part.upper()
            if chance.random() < 0.5
            else part.replace(" ", chance.choice(["", "-", "'", ".", "_", "\u200d"]))
        )
        yield part + chance.choice(pieces) + other[: chance.randrange(12)]
        yield "".join(chance.choice([chance.choice(line), chr(chance.randrange(0x20, 0x3000))]) for _ in range(12))
        yield "".join(chr(chance.randrange(0x10FFFF)) for _ in range(chance.randrange(9)))


@pytest.mark.parametrize("language", [*LANGUAGES, "ja", "fr", "th"])
def test_javascript_has_the_tokens_of_thousands_of_strings(laboratory, language: str) -> None:
    strings = many_strings(language)
    texts: dict[str, None] = {}
    while len(texts) < STRINGS:
        texts[halves_apart(next(strings))] = None
    analysis = analysis_of(language)
    analyser = Analyser(analysis)
    found = laboratory.run(ANALYSE, {"analysis": analysis, "texts": list(texts)})
    wrong = {
        text: (mine, theirs)
        for text, theirs in zip(texts, found, strict=True)
        if (mine := tokens(analyser, text)) != theirs
    }
    assert not wrong


hostile = st.one_of(
    st.text(st.characters(exclude_categories=[]), max_size=60).map(halves_apart),
    st.lists(st.sampled_from(MAKE_CASES["PIECES"]), max_size=6).map(" ".join),
    st.lists(st.sampled_from(MAKE_CASES["PIECES"] + ['"', "「", "」", "-", "'", "."]), max_size=6).map("".join),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(hostile, min_size=1, max_size=25), language=st.sampled_from([*LANGUAGES, "ja", "th"]))
def test_javascript_has_the_tokens_of_any_string(laboratory, texts: Sequence[str], language: str) -> None:
    analysis = analysis_of(language)
    analyser = Analyser(analysis)
    assert laboratory.run(ANALYSE, {"analysis": analysis, "texts": texts}) == [tokens(analyser, text) for text in texts]


def answer(searcher: Searcher, text: str, options: dict) -> object:
    options = {"with_facets" if name == "facets" else name: value for name, value in options.items()}
    return json.loads(json.dumps(asdict(searcher.search(text, **options))))


def misspell(word: str, chance: random.Random) -> str:
    """Return a word with a letter left out, doubled, changed or swapped with the next."""
    at = chance.randrange(len(word))
    ways = [word[:at] + word[at + 1 :], word[: at + 1] + word[at:], word[:at] + chance.choice(word) + word[at + 1 :]]
    return chance.choice([*ways, word[:at] + word[at : at + 2][::-1] + word[at + 2 :]])


def make_queries(language: str, documents: Sequence[Document], synonyms: Sequence[Synonym]) -> list[tuple[str, dict]]:
    """Return queries as people type them: titles, words, cut off, misspelt, quoted, with another keyboard."""
    chance = random.Random(f"queries of {language}")
    rules = analysis_of("ko")["rules"]
    titles = [document.title for document in documents] + [q for document in documents for q in document.questions]
    words = sorted({word for d in documents for section in d.sections for word in section.text.split()})
    typed = [phrase for synonym in synonyms for phrase in synonym.typed]
    codes = [code for document in documents for code in document.codes] or ["0x80070005"]

    def some() -> str:
        return " ".join(chance.sample(words, chance.randint(1, 4)))

    kinds: list[Callable[[], str]] = [
        lambda: chance.choice(titles),
        lambda: chance.choice(titles)[: chance.randint(1, 12)],
        some,
        lambda: some()[: chance.randint(1, 12)],
        lambda: misspell(chance.choice(words), chance) + " ",
        lambda: misspell(misspell(chance.choice(titles), chance), chance),
        lambda: misspell(chance.choice(words), chance) + " " + misspell(chance.choice(words), chance),
        lambda: chance.choice(['"{}"', "“{}”", "「{}」", "«{}» x", 'x "{}']).format(
            chance.choice(titles)[: chance.randint(2, 14)]
        ),
        lambda: chance.choice([*retyped(chance.choice(words), rules), ""]),
        lambda: chance.choice(typed) + chance.choice(["", " ", " " + chance.choice(words)]),
        lambda: chance.choice(codes) + chance.choice(["", "x", " 1", " " + chance.choice(words)]),
        lambda: "".join(chance.sample(words, 2)),
    ]
    queries = [(kinds[number % len(kinds)](), chance.choice(OPTIONS)) for number in range(QUERIES)]
    return [(text + (" " if chance.random() < 0.2 else ""), options) for text, options in queries]


@pytest.mark.parametrize("language", LANGUAGES)
def test_javascript_gives_the_results_of_python_and_shards_those_of_one_file(
    laboratory, starter, starter_index, language: str
) -> None:
    index = starter_index(language)
    queries = make_queries(language, index.documents, index.synonyms)
    searcher = open_index(starter(language, "bundle"))
    wanted = [answer(searcher, text, options) for text, options in queries]
    url = laboratory.publish(f"shards-{language}", starter(language, "shards"))
    found = laboratory.run(SEARCH, {"url": url, "queries": queries})
    wrong = [
        (query, mine, theirs) for query, mine, theirs in zip(queries, wanted, found, strict=True) if mine != theirs
    ]
    assert not wrong
    for field in ("total", "corrected", "also", "facets"):  # the queries do ask for all there is
        assert sum(bool(row[field]) for row in wanted) >= 3, field


@pytest.fixture(scope="module")
def babel(tmp_path_factory) -> tuple[Path, Searcher]:
    """Return a small index of everything, in shards, and its searcher."""
    titles = [
        *MAKE_CASES["PIECES"],
        "Reset a password",
        "Voice mail",
        "voice mail",
        "비밀번호 재설정",
        "忘记密码",
        "الطابعة",
    ]
    documents = [
        Document(
            url=f"{i}/",
            title=title,
            applies_to=("x",),
            sections=(Section(heading=title[::-1], anchor="a", text=title * 2),),
        )
        for i, title in enumerate(titles)
    ]
    synonyms = [Synonym(typed=("wifi", "印表機", "비밀번호"), found=("vpn", "wi-fi", "忘记密码"))]
    folder = tmp_path_factory.mktemp("babel")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("answerdesk.search.store.ONE_FILE", 0)
        patch.setattr("answerdesk.search.shards.SHARD", 1500)
        write_index(build_index(documents, "ko", synonyms), folder)
    return folder, open_index(folder)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(hostile, min_size=1, max_size=20))
def test_no_query_throws_and_both_answer_the_same(laboratory, babel, texts: list[str]) -> None:
    folder, searcher = babel
    queries = [(text, {"facets": True, "limit": 3}) for text in texts]
    found = laboratory.run(SEARCH, {"url": laboratory.publish("babel", folder), "queries": queries})
    assert found == [answer(searcher, text, options) for text, options in queries]


@pytest.mark.parametrize("name", ["colour", "constructor", "toString", "__proto__"])
def test_a_filter_that_there_is_not_leaves_nothing_in_both(laboratory, babel, name: str) -> None:
    folder, searcher = babel
    options = {"filters": {name: "x"}}
    queries = json.loads(json.dumps([("vpn", options)]))
    found = laboratory.run(SEARCH, {"url": laboratory.publish("babel", folder), "queries": queries})
    assert found == [answer(searcher, "vpn", options)]
    assert found[0]["total"] == 0


ENDLESS = [
    *(char * 10_000 for char in ['"', "'", "-", "a", "비", "网", "ㅂ", "\u0300", "\u1107", "𠮷", "\ud800"]),
    *(char * 10_000 for char in [" ", "٠", "ـ", "ﷲ", "0"]),
    *(pair * 5000 for pair in ["a-", "a.", "a'", "0x", "v1", "비 ", "ال", '"a', "「」", "\u1107\u1175", "a\u0301"]),
    *(word * 2000 for word in ["voicemail", "İı", "ab "]),
]  # fmt: skip


def test_strings_of_ten_thousand_characters_are_all_answered(laboratory, babel) -> None:
    folder, _ = babel
    chance = random.Random("hangs")
    mixes = ["".join(chance.choices(MAKE_CASES["PIECES"], k=2000))[:10_000] for _ in range(10)]
    texts = [halves_apart(text) for text in [*ENDLESS, *mixes]]
    url = laboratory.publish("babel", folder)
    argument = {"url": url, "texts": texts, "worker": url.replace("babel/", "runtime/worker.js")}
    assert laboratory.run(ASK_WORKER, argument) == ["ready", list(range(len(texts)))]


def test_a_worker_answers_the_last_of_queries_that_overtake_each_other(laboratory, babel) -> None:
    folder, _ = babel
    script = """
      const worker = new Worker(argument.worker, { type: "module" });
      const ids = [];
      const last = new Promise((resolve) => {
        worker.onmessage = ({ data }) => {
          if (data.type === "results") ids.push(data.id);
          if (data.id === 9) resolve();
        };
      });
      worker.postMessage({ type: "load", baseUrl: argument.url });
      for (let id = 0; id < 10; id++)
        worker.postMessage({ type: "query", id, text: "password".slice(0, id), limit: 5 });
      await last;
      worker.terminate();
      return ids;
    """
    url = laboratory.publish("babel", folder)
    found = laboratory.run(script, {"url": url, "worker": url.replace("babel/", "runtime/worker.js")})
    assert found[-1] == 9
    assert len(found) == len(set(found)) < 10


def test_a_query_that_is_given_up_says_so_and_the_next_one_is_answered(laboratory, babel) -> None:
    folder, _ = babel
    script = """
      const { open } = await load("searcher");
      const searcher = await open(argument);
      const stop = new AbortController();
      const asked = searcher.search("reset password", { signal: stop.signal });
      const told = asked.then(() => "answered", (error) => error.name);
      stop.abort();
      return [await told, (await searcher.search("reset password")).total > 0];
    """
    assert laboratory.run(script, laboratory.publish("babel", folder)) == ["AbortError", True]
