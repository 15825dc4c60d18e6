"""Multipart forms: what comes of their parts, what is too much, what is no form."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.test import encode_multipart

from ticket_form.web.multipart import FormProblem, PartsParser

BOUNDARY = "----formboundary7"
Pairs = list[tuple[str, str]]


def new_parser() -> PartsParser:
    return PartsParser(lambda **_: BytesIO(), max_form_memory_size=1000, max_form_parts=20, cls=MultiDict)


def parse_all(
    body: bytes, boundary: str = BOUNDARY
) -> tuple[MultiDict[str, str], MultiDict[str, FileStorage], FormProblem | None]:
    reader = new_parser()
    _, texts, files = reader.parse(BytesIO(body), "multipart/form-data", len(body), {"boundary": boundary})
    return texts, files, reader.problem


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


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("; filename*=UTF-8''%E2%82%AC.png", "€.png"),
        ("; filename*=utf-8'en'a%20b.png", "a b.png"),
        ("; FileName*=UTF-8''a.png", "a.png"),
        ("; filename*=iso-8859-1''%A3.png", "£.png"),
        ("; filename=\"e.png\"; filename*=UTF-8''%E2%82%AC.png", "e.png"),
        ("; filename*=none''%A3.png", None),
        ('; filename=""', "file"),
    ],
)
def test_a_file_is_a_file_however_its_name_is_written(written: str, name: str | None) -> None:
    texts, files = parse(part("files", b"\x89PNG", written) + END)
    assert not texts
    assert files["files"].read() == b"\x89PNG"
    assert files["files"].filename == name or (name is None and files["files"].filename)


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
        (part("a", b"1") + END, ""),
        (part("a", b"1") + END, "another"),
        (part("a", b"1") + END, "a\nb"),
        (f"--{BOUNDARY}\nContent-Disposition: form-data; name=a\n\n1\n".encode() + END, BOUNDARY),
        (f"--{BOUNDARY}\r\n\r\n1\r\n".encode() + END, BOUNDARY),
        (f"--{BOUNDARY}\r\nno header\r\n\r\n1\r\n".encode() + END, BOUNDARY),
        (f"--{BOUNDARY}\r\nContent-Disposition: attachment\r\n\r\n1\r\n".encode() + END, BOUNDARY),
        (part("a", b"1", "; b=" + "x" * 5000) + END, BOUNDARY),
        (part("a", b"1", "\r\nX: 1" * 9) + END, BOUNDARY),
        (part("a", b"1", "\r\nContent-Length: 9") + END, BOUNDARY),
    ],
    ids=[
        "empty", "text", "no boundary", "other boundary", "line break", "bare newlines", "no headers", "no colon",
        "no field", "long header", "many headers", "wrong length",
    ],
)  # fmt: skip
def test_a_form_whose_beginning_is_broken_is_said_to_be(body: bytes, boundary: str) -> None:
    texts, files, problem = parse_all(body, boundary)
    assert problem == FormProblem.BROKEN
    assert not files
    assert all(len(text) <= 1 for text in texts.values())


@pytest.mark.parametrize("cut", range(1, len(END) + 6))
def test_of_a_form_that_ends_early_the_parts_before_are_read(cut: int) -> None:
    whole = part("a", b"1") + part("b", b"22") + END
    texts, _, problem = parse_all(whole[: len(whole) - cut])
    assert texts["a"] == "1"
    assert problem == (None if cut <= 2 else FormProblem.BROKEN)  # what stands behind the end does not matter


def test_a_connection_that_is_lost_breaks_the_form() -> None:
    class Lost(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if found := super().read(size):
                return found
            raise ClientDisconnected

    reader = new_parser()
    _, texts, _ = reader.parse(Lost(part("a", b"1")), "multipart/form-data", 999, {"boundary": BOUNDARY})
    assert (texts["a"], reader.problem) == ("1", FormProblem.BROKEN)


@pytest.mark.parametrize(
    ("content", "more", "text", "problem"),
    [
        ("é".encode("latin-1"), "", "\ufffd", FormProblem.GARBLED),
        ("é".encode(), "\r\nContent-Type: text/plain; charset=utf-8", "é", None),
        (b"e", "\r\nContent-Type: text/plain; charset=nonsense", "e", None),
        (b"\xe9", "\r\nContent-Type: text/plain; charset=nonsense", "\ufffd", FormProblem.GARBLED),
        ("é".encode(), "\r\nContent-Type: text/plain; charset=shift_jis", "é", FormProblem.GARBLED),
        ("e".encode("utf-16"), "\r\nContent-Type: text/plain; charset=utf-16", "\ufffd\ufffde\0", FormProblem.GARBLED),
        ("\ufffd".encode(), "", "\ufffd", None),
    ],
)
def test_characters_that_cannot_be_read_are_noticed(
    content: bytes, more: str, text: str, problem: FormProblem | None
) -> None:
    texts, _, found = parse_all(part("a", content, more) + END)
    assert (texts["a"], found) == (text, problem)
