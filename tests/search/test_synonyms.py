"""Files of synonyms: what they may hold, and what is said of one that cannot be used."""

from collections.abc import Callable
from pathlib import Path

import pytest

from answerdesk.search import Document, Searcher, Section, SynonymError, build_index, read_synonyms
from answerdesk.search.index import Synonym

CONTENT = Path(__file__).parent.parent.parent / "content/synonyms"


def read(folder: Path, text: str) -> list[Synonym]:
    path = folder / "en.yml"
    path.write_text(text, "utf-8")
    return read_synonyms(path)


def test_in_a_list_each_phrase_finds_the_others(tmp_path: Path) -> None:
    assert read(tmp_path, "- [wifi, wireless network]\n") == [
        Synonym(typed=("wifi", "wireless network"), found=("wifi", "wireless network"))
    ]


def test_from_and_to_go_one_way(tmp_path: Path) -> None:
    assert read(tmp_path, "- { from: [login loop], to: [too many redirects] }") == [
        Synonym(typed=("login loop",), found=("too many redirects",))
    ]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]"])
def test_a_file_may_hold_nothing(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == []


def test_a_file_that_does_not_exist_has_no_synonyms(tmp_path: Path) -> None:
    assert read_synonyms(tmp_path / "fr.yml") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- [wifi", r"en\.yml:2: did not find"),
        ("wifi: wireless", r"en\.yml: the file holds a table of names and values\. Write one entry a line"),
        ("- wifi", r"en\.yml: entry 1 is 'wifi'\. Write a list"),
        ("- [wifi, wlan]\n- [vpn]", r"en\.yml: entry 2 is \[vpn\]\. Write a list"),
        ("- [on, off]", r"entry 1 is \[true, false\]\. .* Put numbers, yes and no into quotes"),
        ("- [2, two]", r"Put numbers, yes and no into quotes"),
        ("- ['', two]", r"entry 1 is"),
        ("- { from: [], to: [b] }", r"entry 1 is \[\]"),
        ("- { from: [a], to: b }", r"entry 1 is 'b'"),
        ("- { from: [a], too: [b] }", r"entry 1 is \{from"),
        ("- null", r"entry 1 is empty"),
    ],
)
def test_a_mistake_is_named_with_its_entry_and_its_cure(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SynonymError, match=said):
        read(tmp_path, text)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_bytes(b"- [\xff, b]")
    with pytest.raises(SynonymError, match="byte 3 is no UTF-8"):
        read_synonyms(tmp_path / "en.yml")


@pytest.mark.parametrize("path", sorted(CONTENT.glob("*.yml")), ids=lambda path: path.stem)
def test_the_synonyms_of_the_starter_content_can_be_read(path: Path) -> None:
    assert len(read_synonyms(path)) > 100


def test_an_index_holds_only_what_one_of_its_articles_could_answer() -> None:
    synonyms = [
        Synonym(typed=("printer", "copier"), found=("printer", "copier")),
        Synonym(typed=("mouse", "trackball"), found=("mouse", "trackball")),
        Synonym(typed=("paper jam",), found=("stuck paper", "printer")),
    ]
    index = build_index([Document(url="a/", title="Printer")], "en", synonyms)
    assert index.synonyms == (
        Synonym(typed=("printer", "copier"), found=("printer",)),
        Synonym(typed=("paper jam",), found=("printer",)),
    )


def test_a_common_synonym_does_not_make_a_rare_word_count_less(make: Callable[..., Searcher]) -> None:
    documents = [
        Document(url=f"{n}/", title="Send a message", sections=(Section(text="One mail."),)) for n in range(30)
    ]
    documents += [
        Document(url="quota/", title="Raise a quota", sections=(Section(text="A quota of a disk. A quota."),)),
        Document(url="postbox/", title="Empty a postbox", sections=(Section(text="A postbox is full."),)),
    ]
    documents += [Document(url=f"q{n}/", title="Ask for a quota", sections=()) for n in range(3)]
    entries = [Synonym(typed=("postbox", "mail"), found=("postbox", "mail"))]
    for synonyms in ([], entries):
        results = make(*documents, synonyms=synonyms).search("postbox quota").results
        assert results[0].url == "postbox/"
