"""Multipart forms: what comes of their parts, what is too much, what is no form."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.test import encode_multipart

from ticket_form.web.multipart import PartsParser

BOUNDARY = "----formboundary7"
Pairs = list[tuple[str, str]]


def parse(
    body: bytes, boundary: str = BOUNDARY, *, parser: type[FormDataParser] = PartsParser
) -> tuple[MultiDict[str, str], MultiDict[str, FileStorage]]:
    reader = parser(lambda **_: BytesIO(), max_form_memory_size=1000, max_form_parts=20, cls=MultiDict)
    _, texts, files = reader.parse(BytesIO(body), "multipart/form-data", len(body), {"boundary": boundary})
    return texts, files


def part(name: str, content: bytes, more: str = "") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


def test_texts_and_files_keep_their_order_and_names() -> None:
    body = part("q", "yazıcı".encode()) + part("files", b"\x00\r\n1", '; filename="보고서.txt"')
    texts, files = parse(body + part("q", b"b") + part("files", b"2", '; filename="b.txt"') + END)
    assert texts.getlist("q") == ["yazıcı", "b"]
    assert [file.filename for file in files.getlist("files")] == ["보고서.txt", "b.txt"]
    assert [file.read() for file in files.getlist("files")] == [b"\x00\r\n1", b"2"]


def test_a_field_for_files_that_was_left_empty_is_a_file_without_a_name() -> None:
    texts, files = parse(part("files", b"", '; filename=""') + END)
    assert not texts
    assert files["files"].filename == ""


@given(
    texts=st.lists(st.tuples(st.sampled_from(["q", "subject"]), st.text(min_size=1, max_size=40)), max_size=5),
    files=st.lists(st.tuples(st.sampled_from(["a.txt", "b.png"]), st.binary(min_size=1, max_size=200_000)), max_size=2),
)
def test_what_comes_out_is_what_werkzeug_reads(texts: Pairs, files: list[tuple[str, bytes]]) -> None:
    values = MultiDict[str, object](texts)
    for name, content in files:
        values.add("files", FileStorage(BytesIO(content), name))
    boundary, body = encode_multipart(values, boundary=BOUNDARY)
    ours, theirs = parse(body, boundary), parse(body, boundary, parser=FormDataParser)
    assert ours[0] == theirs[0]
    read = [
        [(name, file.filename, file.read()) for name, file in found.items(multi=True)] for _, found in (ours, theirs)
    ]
    assert read[0] == read[1]


def test_more_text_than_there_may_be_is_refused_however_it_is_cut_up() -> None:
    for body in (part("a", b"x" * 1001), part("a", b"x" * 400) * 3):
        with pytest.raises(RequestEntityTooLarge):
            parse(body + END)
    texts, files = parse(part("a", b"x" * 1000) + part("files", b"x" * 100_000, '; filename="a.txt"') + END)
    assert len(texts["a"]) == 1000
    assert len(files["files"].read()) == 100_000


def test_more_parts_than_there_may_be_are_refused() -> None:
    assert len(parse(part("a", b"1") * 20 + END)[0].getlist("a")) == 20
    with pytest.raises(RequestEntityTooLarge):
        parse(part("a", b"1") * 21 + END)


@pytest.mark.parametrize(
    ("body", "boundary"),
    [
        (b"", BOUNDARY),
        (b"no form at all", BOUNDARY),
        (part("a", b"1"), BOUNDARY),
        (part("a", b"1")[:-8], BOUNDARY),
        (part("a", b"1") + END, ""),
        (part("a", b"1") + END, "another"),
        (part("a", b"1") + END, "a\nb"),
    ],
    ids=["empty", "text", "no end", "cut", "no boundary", "other boundary", "line break"],
)
def test_what_is_no_form_has_no_fields(body: bytes, boundary: str) -> None:
    texts, files = parse(body, boundary)
    assert not texts
    assert not files
