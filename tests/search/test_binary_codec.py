"""Bytes: what is packed comes out the same in both languages, and what is cut off is refused."""

import base64
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerdesk.search.binary_codec import Reader, checksum, compress, expand, gaps, name_of, prefixed, varint, varints
from answerdesk.search.shards import sums

numbers = st.lists(st.integers(0, 2**53 - 1), max_size=30)
ascending = st.lists(st.integers(0, 10**9), max_size=30).map(sorted)
READ = """
  const { Reader } = await load("pack");
  return argument.map(([packed, count]) => {
    const reader = new Reader(Uint8Array.from(atob(packed), (char) => char.charCodeAt(0)));
    return [Array.from({ length: count }, () => reader.varint()), reader.isDone];
  });
"""
EXPAND = """
  const { expand } = await load("pack");
  const read = ([packed, name]) =>
    expand(Uint8Array.from(atob(packed), (char) => char.charCodeAt(0)), name, "file")
      .then((bytes) => btoa(String.fromCharCode(...bytes)), (error) => `${error.name} ${error.reason}`);
  return Promise.all(argument.map(read));
"""


def ascii_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


@given(numbers)
def test_numbers_come_out_as_they_went_in(values: list[int]) -> None:
    reader = Reader(varints(values))
    assert reader.varints(len(values)) == values
    assert reader.is_done


def test_a_number_takes_a_byte_for_every_seven_bits() -> None:
    assert [len(varint(number)) for number in (0, 127, 128, 16383, 16384)] == [1, 1, 2, 2, 3]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(numbers, min_size=1, max_size=50))
def test_javascript_reads_the_same_numbers(laboratory, rows: list[list[int]]) -> None:
    found = laboratory.run(READ, [[ascii_of(varints(row)), len(row)] for row in rows])
    assert found == [[row, True] for row in rows]


@given(st.lists(st.binary(max_size=200), max_size=9))
def test_fields_come_out_as_they_went_in(fields: list[bytes]) -> None:
    reader = Reader(b"".join(map(prefixed, fields)))
    assert [reader.bytes(reader.varint()) for _ in fields] == fields


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff\xff"])
def test_a_number_that_is_cut_off_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="a number is cut off"):
        Reader(data).varint()


def test_a_field_that_is_cut_off_is_refused() -> None:
    with pytest.raises(ValueError, match="a field is cut off"):
        Reader(b"abc").bytes(4)


@given(ascending)
def test_gaps_add_up_to_the_numbers_again(values: list[int]) -> None:
    assert sums(gaps(values)) == values
    assert all(gap >= 0 for gap in gaps(values))


@given(st.binary(max_size=2000))
def test_a_file_holds_what_was_compressed_and_depends_on_nothing_else(data: bytes) -> None:
    assert expand(compress(data)) == data
    assert compress(data) == compress(bytes(data))


def test_the_checksum_is_the_crc_of_the_content() -> None:
    assert checksum(compress(b"help desk")) == f"{zlib.crc32(b'help desk'):08x}"
    assert name_of([compress(b"help desk")]).startswith(checksum(compress(b"help desk")))


@given(st.binary(max_size=300), st.integers(1, 400))
def test_a_file_that_is_cut_off_is_refused(data: bytes, missing: int) -> None:
    whole = compress(data)
    with pytest.raises(ValueError, match="not what was compressed"):
        expand(whole[: max(1, len(whole) - missing)])


def test_any_changed_byte_of_the_content_is_noticed() -> None:
    whole = compress(b"Reset a forgotten password " * 9)
    unnoticed = []
    for at in range(10, len(whole)):
        spoilt = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        try:
            unnoticed += [at] if expand(spoilt) != b"Reset a forgotten password " * 9 else []
        except ValueError:
            continue
    assert not unnoticed


def test_javascript_expands_and_refuses_the_same_files(laboratory) -> None:
    whole = compress(b"Reset a forgotten password " * 9)
    name = name_of([whole])
    changed = whole[:20] + bytes([whole[20] ^ 1]) + whole[21:]
    files = [(whole, name), (whole, ""), (whole, "0" * 16), (whole[:-3], name), (whole[:-3], ""), (changed, name)]
    files += [(b"<!doctype html>", ""), (b"", ""), (whole[:10], "")]
    found = laboratory.run(EXPAND, [[ascii_of(data), name] for data, name in files])
    good = ascii_of(b"Reset a forgotten password " * 9)
    assert found == [good, good] + ["SearchError damaged"] * 7


def test_the_name_of_a_folder_changes_with_each_of_its_files() -> None:
    assert name_of([b"", b"a", b"b"]) != name_of([b"", b"a", b"c"]) != name_of([b"", b"d", b"c"])
    assert len(name_of([b"", b"a", b"b"])) == 16
