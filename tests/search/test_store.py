"""The files of an index: one or many, under names that change with their content, and never read when spoilt."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.search import (
    DamagedIndex,
    Document,
    MissingIndex,
    Searcher,
    SearchError,
    Section,
    WrongFormat,
    build_index,
    open_index,
    store,
    write_index,
)
from answerdesk.search.binary_codec import compress, expand, prefixed, varint
from answerdesk.search.shards import dump, load
from answerdesk.search.store import Store

WORDS = [a + b + c for a in ("pass", "prin", "net", "mail", "lock") for b in ("wo", "te", "la", "ri") for c in "rdnskm"]
SEARCH = """
  const { open } = await load("searcher");
  try {
    const searcher = await open(argument.url);
    const found = [];
    for (const query of argument.queries) {
      const { results } = await searcher.search(query, { limit: 3, facets: argument.facets });
      found.push(results.map(({ url }) => url));
    }
    return found;
  } catch (error) {
    return `${error.name}: ${error.reason}: ${error.message}`;
  }
"""
TWICE = """
  const { open } = await load("searcher");
  globalThis.searcher ??= await open(argument);
  const asked = searcher.search("password printer", { limit: 3 });
  return asked.then(({ results }) => results.map(({ url }) => url), (error) => error.reason);
"""
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def write(documents: list[Document], folder: Path, language: str = "en") -> dict:
    return json.loads(write_index(build_index(documents, language), folder).read_text("utf-8"))


def many(count: int = 149) -> list[Document]:
    """Return articles of words that are all over the alphabet, so that their terms lie in several shards."""
    return [
        Document(
            url=f"{number}/",
            title=f"{WORDS[number % len(WORDS)]} number{number}",
            breadcrumb=(f"Category {number % 3}",),
            applies_to=("windows",) if number % 2 else (),
            sections=(Section(text=" ".join(f"{word}{(number * 31 + i) % 29}x" for i, word in enumerate(WORDS))),),
        )
        for number in range(count)
    ]


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return the files of an index with their bytes and times."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


def titles(searcher: Searcher, *queries: str) -> list[list[str]]:
    return [[result.url for result in searcher.search(query, limit=3).results] for query in queries]


@given(st.lists(st.tuples(words, words, words), max_size=5), st.sampled_from(["en", "ko", "ar", "zh-Hans", "fr"]))
def test_an_index_of_anything_is_written_and_searched(tmp_path_factory, rows, language: str) -> None:
    documents = [
        Document(url=f"{i}/", title=title, sections=(Section(heading=heading, anchor="a", text=text),))
        for i, (title, heading, text) in enumerate(rows)
    ]
    folder = tmp_path_factory.mktemp("index")
    write(documents, folder, language)
    searcher = open_index(folder)
    assert [searcher.title_of(document.url) for document in documents] == [title for title, _, _ in rows]
    for title, heading, text in rows:
        searcher.search(f"{title} {heading} {text}")


def test_an_index_without_articles_finds_nothing_and_fails_nowhere(laboratory, tmp_path: Path) -> None:
    write([], tmp_path)
    assert open_index(tmp_path).search("password", with_facets=True).total == 0
    url = laboratory.publish("nothing", tmp_path)
    assert laboratory.run(SEARCH, {"url": url, "queries": ["password", ""], "facets": True}) == [[], []]


def test_a_small_index_is_one_file_beside_its_manifest(small_index: Path) -> None:
    manifest = json.loads((small_index / "manifest.json").read_text("utf-8"))
    assert set(files(small_index)) == {"manifest.json", f"{manifest['bundle']}.bin", "index.js"}
    assert manifest["format"] == 2
    assert manifest["language"] == "en"


def test_a_large_index_is_a_head_shards_blocks_and_facets(sharded: Path) -> None:
    manifest = json.loads((sharded / "manifest.json").read_text("utf-8"))
    assert set(manifest) == {"format", "language", "head"}
    head = json.loads(expand((sharded / f"{manifest['head']}.bin").read_bytes()))
    assert {path.name for path in (sharded / "terms").iterdir()} == set(head["terms"])
    assert {path.name for path in (sharded / "texts").iterdir()} == set(head["texts"])
    assert (sharded / f"{head['facets']}.bin").is_file()
    assert len(list((sharded / "terms").rglob("*.bin"))) > 3
    assert max(len(data) for data, _ in files(sharded / "terms").values()) < 12_000


def test_the_threshold_decides_between_one_file_and_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = (tmp_path / "a" / f"{write(many(9), tmp_path / 'a')['bundle']}.bin").stat().st_size
    monkeypatch.setattr(store, "ONE_FILE", size)
    assert "bundle" in write(many(9), tmp_path / "a")
    monkeypatch.setattr(store, "ONE_FILE", size - 1)
    assert "head" in write(many(9), tmp_path / "a")


def test_one_file_and_many_give_the_same_results(tmp_path: Path, laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    queries = ["passwor number7", "prinla", "mailte12x", "lockwor", "nothing"]
    found = []
    for name, limit in (("one", 10**9), ("many", 0)):
        monkeypatch.setattr(store, "ONE_FILE", limit)
        write(many(), tmp_path / name)
        found.append(titles(open_index(tmp_path / name), *queries))
        url = laboratory.publish(f"same-{name}", tmp_path / name)
        found.append(laboratory.run(SEARCH, {"url": url, "queries": queries}))
    assert found[0] == found[1] == found[2] == found[3]
    assert all(found[0][:4])


def test_a_query_fetches_few_of_many_files(sharded: Path, laboratory) -> None:
    url = laboratory.publish("few", sharded)
    laboratory.requests.clear()
    laboratory.run(SEARCH, {"url": url, "queries": ["passwor "]})
    asked = [request for request in laboratory.requests if request.startswith(url) and request.endswith(".bin")]
    assert len(asked) <= 5
    assert len(asked) == len(set(asked))
    assert len(list(sharded.rglob("*.bin"))) > 15


def test_a_shard_is_fetched_once_however_often_it_is_needed(sharded: Path, laboratory) -> None:
    url = laboratory.publish("once", sharded)
    laboratory.requests.clear()
    laboratory.run(SEARCH, {"url": url, "queries": ["passwor ", "passwor prinla", "passwor "]})
    assert len(laboratory.requests) == len(set(laboratory.requests))


@pytest.mark.parametrize("limit", [0, 10**9])
def test_the_same_documents_make_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(store, "ONE_FILE", limit)
    for name in ("one", "two"):
        write(many(60), tmp_path / name)
    one, two = (files(tmp_path / name) for name in ("one", "two"))
    assert {path: data for path, (data, _) in one.items()} == {path: data for path, (data, _) in two.items()}


@pytest.mark.parametrize("limit", [0, 10**9])
def test_writing_the_same_again_touches_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(store, "ONE_FILE", limit)
    write(many(60), tmp_path)
    before = files(tmp_path)
    write(many(60), tmp_path)
    assert files(tmp_path) == before


def test_the_name_changes_with_the_content(small_index: Path) -> None:
    [before] = small_index.glob("*.bin")
    write([Document(url="a/", title="Other")], small_index)
    [after] = small_index.glob("*.bin")
    assert before.name != after.name


def test_a_name_stands_for_one_content_in_all_versions(tmp_path: Path, in_shards) -> None:
    contents: dict[str, bytes] = {}
    for version in range(4):
        documents = many(90)
        documents[version] = Document(
            url=f"{version}/", title="Rewritten", sections=(Section(text="again " * version),)
        )
        write(documents, tmp_path)
        for name, (data, _) in files(tmp_path).items():
            assert name in ("manifest.json", "index.js") or contents.setdefault(name, data) == data


def test_a_changed_article_leaves_most_shards_and_blocks_as_they_were(tmp_path: Path, in_shards) -> None:
    documents = many()
    write(documents, tmp_path)
    before = files(tmp_path)
    documents[7] = Document(
        url="7/", title=documents[7].title, breadcrumb=documents[7].breadcrumb, applies_to=documents[7].applies_to,
        sections=(Section(text=documents[7].sections[0].text.replace("passwor", "zebra")),),
    )  # fmt: skip
    write(documents, tmp_path)
    old, new = ({data for data, _ in found.values()} for found in (before, files(tmp_path)))
    assert len(new - old) < len(new) / 2


def test_what_the_new_index_does_not_name_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index-0123456789ab.json").write_text("{}")
    (tmp_path / "searcher.js").write_text("// not of the index")
    monkeypatch.setattr(store, "ONE_FILE", 0)
    write(many(60), tmp_path)
    monkeypatch.setattr(store, "ONE_FILE", 10**9)
    manifest = write(many(30), tmp_path)
    assert set(files(tmp_path)) == {"manifest.json", f"{manifest['bundle']}.bin", "index.js", "searcher.js"}
    monkeypatch.setattr(store, "ONE_FILE", 0)
    write(many(20), tmp_path)
    assert not (tmp_path / f"{manifest['bundle']}.bin").exists()


def test_a_page_opened_from_disk_finds_the_index_in_a_script(small_index: Path, laboratory) -> None:
    script = (small_index / "index.js").read_text("ascii")
    found = laboratory.run(
        f"""
        {script}
        const {{ Store }} = await load("store");
        const {{ Searcher }} = await load("searcher");
        const bytes = Uint8Array.from(atob(answerdeskIndex), (char) => char.charCodeAt(0));
        const {{ expand }} = await load("pack");
        const searcher = new Searcher(Store.whole(await expand(bytes, "", "index.js"), "file:///search/"));
        return (await searcher.search("vpn")).results.map(({{ url }}) => url);
        """
    )
    assert found == titles(open_index(small_index), "vpn")[0] != []


# ---- Damage. Python names the file and the cure; the browser is told a reason; nothing is ever answered wrongly.


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """Write a large index once; each test gets a copy."""
    folder = tmp_path_factory.mktemp("written")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "ONE_FILE", 0)
        write(many(), folder)
    return folder


@pytest.fixture
def sharded(tmp_path: Path, written: Path) -> Path:
    return copytree(written, tmp_path / "sharded")


def one(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[0]


def cut_off(path: Path, left: int = -20) -> None:
    path.write_bytes(path.read_bytes()[:left])


def set_manifest(folder: Path, **values: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), "utf-8")


def swap_parts(folder: Path, kind: str) -> None:
    """Put each part under the name of the one before it."""
    paths = sorted(folder.glob(f"{kind}/*/*.bin"), key=lambda path: (path.parent.name, int(path.stem)))
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, [*contents[1:], contents[0]], strict=True):
        path.write_bytes(content)


def shorten_blocks(folder: Path) -> None:
    for path in folder.glob("texts/*/*.bin"):
        path.write_bytes(compress(dump(load(expand(path.read_bytes()))[:-1])))


def rewrite_all(folder: Path, pattern: str, content: bytes) -> None:
    for path in folder.glob(pattern):
        path.write_bytes(content)


HTML = b"<!doctype html><title>Sign in to the network</title>"
DAMAGE: dict[str, tuple[Callable[[Path], object], type[SearchError], str, str]] = {
    "no manifest": (lambda f: (f / "manifest.json").unlink(), MissingIndex, "missing", "manifest.json"),
    "another format": (lambda f: set_manifest(f, format=1), WrongFormat, "format", "manifest.json"),
    "a later format": (lambda f: set_manifest(f, format=99), WrongFormat, "format", "manifest.json"),
    "no JSON": (lambda f: (f / "manifest.json").write_bytes(HTML), DamagedIndex, "damaged", "manifest.json"),
    "an empty manifest": (lambda f: (f / "manifest.json").write_bytes(b""), DamagedIndex, "damaged", "manifest.json"),
    "no text": (lambda f: (f / "manifest.json").write_bytes(b"\xff\xfe"), DamagedIndex, "damaged", "manifest.json"),
    "a list": (lambda f: (f / "manifest.json").write_bytes(b"[]"), DamagedIndex, "format", "manifest.json"),
    "no head": (lambda f: one(f, "*.bin").unlink() or one(f, "*.bin").unlink(), MissingIndex, "missing", ".bin"),
    "a head cut off": (lambda f: [cut_off(path) for path in f.glob("*.bin")], DamagedIndex, "damaged", ".bin"),
    "HTML for a head": (lambda f: rewrite_all(f, "*.bin", HTML), DamagedIndex, "damaged", ".bin"),
    "another head": (lambda f: rewrite_all(f, "*.bin", compress(b"{}")), DamagedIndex, "damaged", ".bin"),
    "no shards": (lambda f: [p.unlink() for p in f.glob("terms/*/*.bin")], MissingIndex, "missing", "terms"),
    "shards cut off": (lambda f: [cut_off(p) for p in f.glob("terms/*/*.bin")], DamagedIndex, "damaged", "terms"),
    "empty shards": (lambda f: rewrite_all(f, "terms/*/*.bin", b""), DamagedIndex, "damaged", "terms"),
    "HTML for shards": (lambda f: rewrite_all(f, "terms/*/*.bin", HTML), DamagedIndex, "damaged", "terms"),
    "no shard inside": (lambda f: rewrite_all(f, "terms/*/*.bin", compress(HTML)), DamagedIndex, "damaged", "terms"),
    "swapped shards": (lambda f: swap_parts(f, "terms"), DamagedIndex, "damaged", "terms"),
    "no blocks": (lambda f: [p.unlink() for p in f.glob("texts/*/*.bin")], MissingIndex, "missing", "texts"),
    "blocks cut off": (lambda f: [cut_off(p) for p in f.glob("texts/*/*.bin")], DamagedIndex, "damaged", "texts"),
    "HTML for blocks": (lambda f: rewrite_all(f, "texts/*/*.bin", HTML), DamagedIndex, "damaged", "texts"),
    "no block inside": (lambda f: rewrite_all(f, "texts/*/*.bin", compress(b"{}")), DamagedIndex, "damaged", "texts"),
    "empty blocks": (lambda f: rewrite_all(f, "texts/*/*.bin", compress(b"[]")), DamagedIndex, "damaged", "texts"),
    "swapped blocks": (lambda f: swap_parts(f, "texts"), DamagedIndex, "damaged", "texts"),
    "blocks of another length": (shorten_blocks, DamagedIndex, "damaged", "texts"),
}
QUERIES = ["lockla mailte number0 number148 ", "pass prin net mail lock ", "number0 ", "netwo number99"]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_is_named_and_not_searched(sharded: Path, damage: str) -> None:
    spoil, error, _, name = DAMAGE[damage]
    spoil(sharded)
    with pytest.raises(error) as caught:
        titles(open_index(sharded), *QUERIES)
    assert name in str(caught.value)
    assert "answerdesk build" in str(caught.value)


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_browser_is_told_what_is_wrong_with_an_index(sharded: Path, laboratory, damage: str) -> None:
    spoil, _, reason, name = DAMAGE[damage]
    spoil(sharded)
    url = laboratory.publish(f"damaged-{damage.replace(' ', '-')}", sharded)
    found = laboratory.run(SEARCH, {"url": url, "queries": QUERIES})
    assert str(found).startswith(f"SearchError: {reason}: ")
    assert name in str(found)


@pytest.mark.parametrize("facets", [b'{"category": [7]}', b'{"category": 7}', b"no JSON", b"null"])
def test_damaged_facets_are_told(tmp_path: Path, laboratory, in_shards, facets: bytes) -> None:
    manifest = write(many(9), tmp_path)
    [path] = (path for path in tmp_path.glob("*.bin") if path.stem != manifest["head"])
    path.write_bytes(compress(facets))
    head = json.loads(expand((tmp_path / f"{manifest['head']}.bin").read_bytes()))
    name = store.name_of([compress(facets)])
    data = compress(json.dumps(head | {"facets": name}).encode())
    (tmp_path / f"{name}.bin").write_bytes(compress(facets))
    (tmp_path / f"{store.name_of([data])}.bin").write_bytes(data)
    set_manifest(tmp_path, head=store.name_of([data]))
    with pytest.raises(DamagedIndex, match="facets"):
        open_index(tmp_path).search("number7", with_facets=True)
    url = laboratory.publish("facets", tmp_path)
    found = laboratory.run(SEARCH, {"url": url, "queries": ["number7"], "facets": True})
    assert str(found).startswith("SearchError: damaged: ")


@pytest.mark.parametrize("left", [0, 1, 12, 500, -1, -8, -200])
def test_a_bundle_cut_off_anywhere_is_refused(small_index: Path, laboratory, left: int) -> None:
    [bundle] = small_index.glob("*.bin")
    cut_off(bundle, left)
    with pytest.raises(DamagedIndex, match=r"[0-9a-f]{16}\.bin: the search index is damaged\. Run “answerdesk build”"):
        open_index(small_index)
    url = laboratory.publish(f"bundle{left}", small_index)
    assert str(laboratory.run(SEARCH, {"url": url, "queries": ["vpn"]})).startswith("SearchError: damaged: ")


def test_a_bundle_of_another_version_under_this_name_is_refused(small_index: Path, tmp_path: Path, laboratory) -> None:
    write([Document(url="a/", title="Other")], tmp_path / "other")
    [mine], [other] = small_index.glob("*.bin"), (tmp_path / "other").glob("*.bin")
    mine.write_bytes(other.read_bytes())
    with pytest.raises(DamagedIndex):
        open_index(small_index)
    url = laboratory.publish("other", small_index)
    assert str(laboratory.run(SEARCH, {"url": url, "queries": ["vpn"]})).startswith("SearchError: damaged: ")


def test_a_bundle_without_its_parts_is_refused(tmp_path: Path, laboratory) -> None:
    contents = [b"", b"\0", b"\x05", prefixed(b"head") + varint(2) + b"\0{}", prefixed(b"head") + varint(9) + b"\0{}"]
    for number, content in enumerate(contents):
        folder = tmp_path / str(number)
        folder.mkdir()
        data = compress(content)
        (folder / f"{store.name_of([data])}.bin").write_bytes(data)
        (folder / "manifest.json").write_text(json.dumps({"format": 2, "bundle": store.name_of([data])}))
        with pytest.raises(SearchError):
            open_index(folder)
        url = laboratory.publish(f"parts{number}", folder)
        assert str(laboratory.run(SEARCH, {"url": url, "queries": ["vpn"]})).startswith("SearchError: ")


def test_what_later_versions_add_to_the_manifest_and_the_head_is_skipped(tmp_path: Path, laboratory, in_shards) -> None:
    manifest = write(many(9), tmp_path)
    path = tmp_path / f"{manifest['head']}.bin"
    data = compress(json.dumps(json.loads(expand(path.read_bytes())) | {"later": [1]}).encode())
    (tmp_path / f"{store.name_of([data])}.bin").write_bytes(data)
    set_manifest(tmp_path, head=store.name_of([data]), later=True)
    assert titles(open_index(tmp_path), "number7") == [["7/"]]
    url = laboratory.publish("later", tmp_path)
    assert laboratory.run(SEARCH, {"url": url, "queries": ["number7"]}) == [["7/"]]


def test_after_a_failed_fetch_the_next_query_tries_again(sharded: Path, laboratory) -> None:
    wanted = titles(open_index(sharded), "password printer")[0]
    url = laboratory.publish("again", sharded)
    (sharded / "terms").rename(sharded / "away")
    assert laboratory.run(TWICE, url) == "missing"
    (sharded / "away").rename(sharded / "terms")
    (sharded / "texts").rename(sharded / "away")
    assert laboratory.run(TWICE, url) == "missing"
    (sharded / "away").rename(sharded / "texts")
    assert laboratory.run(TWICE, url) == wanted != []


class Network:
    """A web server whose files may be kept for good; while it is captive, it has something else under every name."""

    def __init__(self, folder: Path) -> None:
        self.folders = {"search": folder, "runtime": Path(store.__file__).parent / "runtime"}
        self.address = ""
        self.captive_status = 0

    def answer(self, path: str) -> tuple[int, str, str, bytes]:
        """Return status, type, how long to keep it, content."""
        _, kind, *rest = path.split("/")
        if not rest:
            return 200, "text/html", "no-store", HTML
        if kind == "search" and self.captive_status:
            return self.captive_status, "text/html", "max-age=31536000", HTML
        types = {".js": "text/javascript", ".json": "application/json"}
        type_ = types.get(Path(path).suffix, "application/octet-stream")
        return 200, type_, "max-age=31536000", self.folders[kind].joinpath(*rest).read_bytes()


@pytest.fixture
def network(sharded: Path) -> Iterator[Network]:
    network = Network(sharded)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, type_, keep, body = network.answer(self.path)
            self.send_response(status)
            for name, value in {"Content-Type": type_, "Cache-Control": keep, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    network.address = f"http://127.0.0.1:{server.server_port}/"
    yield network
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("status", [200, 404])
def test_what_the_browser_kept_under_a_shards_name_by_mistake_is_got_rid_of(
    network: Network, context, sharded: Path, status: int
) -> None:
    page = context.new_page()  # without a route, which would turn the browser's cache off
    page.goto(network.address)
    page.evaluate("""async () => {
      const { open } = await import("/runtime/searcher.js");
      globalThis.searcher = await open(location.origin + "/search/");
    }""")
    ask = """() => searcher.search("password printer", { limit: 3 })
      .then(({ results }) => results.map(({ url }) => url), (error) => error.reason)"""
    network.captive_status = status
    assert page.evaluate(ask) == ("damaged" if status == 200 else "missing")
    network.captive_status = 0
    page.wait_for_timeout(500)  # the other shard of the first query may still be on its way
    assert page.evaluate(ask) == titles(open_index(sharded), "password printer")[0]


def test_damage_of_one_shard_leaves_queries_that_do_not_need_it(sharded: Path) -> None:
    wanted = titles(open_index(sharded), "lockwor ")
    last = max(sharded.glob("terms/*/*.bin"), key=lambda path: int(path.stem))
    last.write_bytes(compress(b"no shard"))
    assert titles(open_index(sharded), "lockwor ") == wanted != [[]]


def test_a_store_reads_a_part_only_when_it_is_asked_for(sharded: Path) -> None:
    for path in sharded.glob("t*/*/*.bin"):
        path.unlink()
    assert Store(sharded).head["articles"] == 149
    with pytest.raises(MissingIndex):
        Store(sharded).terms(0)
    with pytest.raises(DamagedIndex):
        Store(sharded).terms(10**6)
