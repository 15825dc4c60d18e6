"""The index as files: what goes in comes out, and what is spoilt is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.search import (
    DamagedIndex,
    Document,
    MissingIndex,
    Section,
    WrongFormat,
    build_index,
    read_index,
    write_index,
)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(words, words, words), max_size=5), st.sampled_from(["en", "ko", "ar", "zh-Hans"]))
def test_what_is_written_is_read_again(tmp_path_factory, rows: list[tuple[str, str, str]], language: str) -> None:
    documents = [
        Document(url=f"{i}/", title=title, sections=(Section(heading=heading, anchor="a", text=text),))
        for i, (title, heading, text) in enumerate(rows)
    ]
    index = build_index(documents, language)
    folder = tmp_path_factory.mktemp("index")
    write_index(index, folder)
    read = read_index(folder)
    assert (read.articles, read.terms, read.postings, read.forms) == (
        index.articles,
        index.terms,
        index.postings,
        index.forms,
    )
    assert read.rarities == index.rarities


def test_the_file_is_named_by_its_content(small_index: Path) -> None:
    name = json.loads((small_index / "manifest.json").read_text())["index"]
    write_index(build_index([Document(url="a/", title="Other")], "en"), small_index)
    other = json.loads((small_index / "manifest.json").read_text())["index"]
    assert name != other
    assert [file.name for file in small_index.glob("index-*.json")] == [other]


def test_the_same_documents_make_the_same_file(tmp_path: Path) -> None:
    documents = [Document(url="a/", title="Reset"), Document(url="b/", title="Printer")]
    one, two = (write_index(build_index(documents, "en"), tmp_path / name) for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_a_folder_without_an_index_is_named_with_its_cure(tmp_path: Path) -> None:
    with pytest.raises(MissingIndex, match=r"manifest\.json: there is no search index\. Build the site"):
        read_index(tmp_path)


def test_another_format_is_refused(small_index: Path) -> None:
    (small_index / "manifest.json").write_text('{"format": 7, "index": "index-x.json"}')
    with pytest.raises(WrongFormat, match="format is 7, this version reads 1"):
        read_index(small_index)


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-9], lambda t: t.replace("forgot", "forgit"), lambda t: "[]", lambda t: ""]
)
def test_a_changed_file_is_refused(small_index: Path, spoil) -> None:
    file = next(small_index.glob("index-*.json"))
    file.write_text(spoil(file.read_text("utf-8")), "utf-8")
    with pytest.raises(DamagedIndex, match="damaged"):
        read_index(small_index)
