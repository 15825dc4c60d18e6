"""The record of what translations were made from."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.translations.errors import RecordError
from answerdesk.translations.record import format_record, parse_record, read_record, write_record

hashes = st.text(alphabet="0123456789abcdef", min_size=8, max_size=8)
sections = st.lists(st.lists(hashes, max_size=4).map(tuple), min_size=1, max_size=4).map(tuple)
paths = st.from_regex(r"[a-z0-9-]{1,9}/[a-z0-9-]{1,9}", fullmatch=True)


@settings(max_examples=40)
@given(st.dictionaries(paths, sections, max_size=4))
def test_what_is_written_is_read(record: dict[str, tuple[tuple[str, ...], ...]]) -> None:
    assert parse_record("ko.yml", format_record(record)) == record


def test_a_section_is_a_line_and_articles_are_in_order_so_that_changes_merge() -> None:
    text = format_record({"b/b": [("00000001",), ()], "a/a": [("11111111", "22222222")]})
    assert text.splitlines()[1:] == ["a/a:", '- "11111111 22222222"', "b/b:", '- "00000001"', '- ""']


@settings(max_examples=40)
@given(st.dictionaries(paths, sections, min_size=1, max_size=4))
def test_a_record_is_yaml_for_whoever_reads_it_with_something_else(
    record: dict[str, tuple[tuple[str, ...], ...]],
) -> None:
    rows = yaml.safe_load(format_record(record))
    assert list(rows.values()) == [[" ".join(hashes) for hashes in record[path]] for path in sorted(record)]


def test_without_a_file_nothing_is_recorded(tmp_path: Path) -> None:
    assert read_record(tmp_path / "ko.yml") == {}


def test_a_record_is_written_into_a_folder_that_may_be_missing(tmp_path: Path) -> None:
    write_record(tmp_path / "sources/ko.yml", {"a/a": [("11111111",)]})
    assert read_record(tmp_path / "sources/ko.yml") == {"a/a": (("11111111",),)}
    assert [file.name for file in (tmp_path / "sources").iterdir()] == ["ko.yml"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("<<<<<<< HEAD\na/a:\n", "sources/ko.yml:1: '<<<<<<< HEAD' is no article"),
        ('- "12345678"\n', "ko.yml:1: "),
        ("# x\na/a: x\n", "ko.yml:2: 'a/a: x'"),
        ('a/a:\n- "not a hash"\n', "ko.yml:2: "),
        ("a/a:\n- 12345678\n", "ko.yml:2: "),
    ],
)
def test_a_damaged_record_is_named_with_a_cure(text: str, named: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse_record("sources/ko.yml", text)
    assert named in str(caught.value)
    assert str(caught.value).startswith("sources/ko.yml")
    assert "Restore the file from git" in str(caught.value)
