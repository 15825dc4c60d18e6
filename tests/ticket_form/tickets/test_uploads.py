"""Files that visitors choose: which are taken, under which names, and what is said of the others."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from email.message import EmailMessage
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticket_form.tickets.filenames import LONGEST_NAME, clean_name, extension_of
from ticket_form.tickets.filetypes import FILE_TYPES, USUAL_TYPES
from ticket_form.tickets.ticket import FieldError, FieldProblem
from ticket_form.tickets.uploads import MEGABYTE, FileLimits, names_of, read_files

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@dataclass
class Chosen:
    """A file as the framework gives it."""

    filename: str | None
    stream: IO[bytes]


def chosen(name: str | None, content: bytes = PNG) -> Chosen:
    return Chosen(name, io.BytesIO(content))


def archive(*names: str, first: bytes | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        if first is not None:
            file.writestr("mimetype", first, compress_type=zipfile.ZIP_STORED)
        for name in names:
            file.writestr(name, "x" * 100)
    return made.getvalue()


def saved_mail() -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Your mailbox is full", "x@example.net"
    mail.set_content("Click here.")
    return mail.as_bytes()


OFFICE = "[Content_Types].xml"
OPEN = b"application/vnd.oasis.opendocument."
OUTLOOK = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "__properties_version1.0".encode("utf-16-le")
REAL = {
    "png": PNG,
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "jpeg": b"\xff\xd8\xff\xe1\x00\x10Exif",
    "gif": b"GIF89a\x01\x00",
    "webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "heic": b"\x00\x00\x00\x18ftypheic\x00\x00",
    "pdf": b"%PDF-1.7\n\xe2\xe3",
    "txt": "오류 0x80070035\r\n".encode(),
    "log": "\x1b[31mERROR\x1b[0m hata: çalışmıyor".encode("cp1254"),
    "csv": b"\xff\xfe" + "name;value\r\n".encode("utf-16-le"),
    "docx": archive(OFFICE, "word/document.xml"),
    "xlsx": archive(OFFICE, "xl/workbook.xml"),
    "pptx": archive(OFFICE, "ppt/presentation.xml"),
    "odt": archive("content.xml", first=OPEN + b"text"),
    "ods": archive("content.xml", first=OPEN + b"spreadsheet"),
    "odp": archive("content.xml", first=OPEN + b"presentation"),
    "eml": saved_mail(),
    "msg": OUTLOOK,
    "zip": archive("a.log"),
}
EVERY_TYPE = FileLimits(count=99, types=tuple(FILE_TYPES))


def problems_of(*files: Chosen, limits: FileLimits = EVERY_TYPE) -> list[FieldProblem]:
    read = read_files(files, limits)
    assert not (read.errors and read.attachments)
    return [error.problem for error in read.errors]


def test_every_type_has_an_example_here() -> None:
    assert set(REAL) == set(FILE_TYPES)


@pytest.mark.parametrize("extension", REAL)
def test_a_file_of_each_type_is_taken_as_it_is(extension: str) -> None:
    content = REAL[extension]
    (file,) = read_files([chosen(f"My {extension}.{extension.upper()}", content)], EVERY_TYPE).attachments
    assert (file.name, file.content, file.size) == (f"My {extension}.{extension.upper()}", content, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.media_type == FILE_TYPES[extension].media_type


@pytest.mark.parametrize("extension", REAL)
@pytest.mark.parametrize("content", [b"MZ\x90\x00\x03" + bytes(99), b"\x7fELF\x02\x01" + bytes(99)], ids=["exe", "elf"])
def test_a_program_under_any_name_is_refused(extension: str, content: bytes) -> None:
    assert problems_of(chosen(f"a.{extension}", content)) == [FieldProblem.NOT_WHAT_IT_SAYS]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", REAL["jpg"]),
        ("a.txt", PNG),
        ("a.csv", REAL["xlsx"]),
        ("a.txt", b"\xff\xfe\x00"),  # half a character of UTF-16
        ("a.log", b"\xff\xfea\x00\x00\x00"),
        ("a.docx", REAL["zip"]),
        ("a.docx", REAL["xlsx"]),
        ("a.docx", archive(OFFICE, "word/document.xml", "word/vbaProject.bin")),
        ("a.odt", REAL["ods"]),
        ("a.msg", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)),  # an old Word document, which may have macros
        ("a.eml", b"<html>no header</html>"),
        ("a.webp", b"RIFF\x10\x00\x00\x00AVI LIST"),
        ("a.pdf", b"\n%PDF-1.7"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(name: str, content: bytes) -> None:
    assert problems_of(chosen(name, content)) == [FieldProblem.NOT_WHAT_IT_SAYS]


@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "a.pdf.exe",
        "a.svg",
        "a.html",
        "a.js",
        "a.png.svg",
        ".htaccess",
        "a",
        "png",
        "a.png ~",
        "a.zip",
        "a.docm",
    ],
)
def test_a_type_that_is_not_on_the_list_is_refused(name: str) -> None:
    assert problems_of(chosen(name), limits=FileLimits()) == [FieldProblem.NOT_TAKEN]


def test_archives_are_taken_only_where_the_operator_wants_them() -> None:
    assert "zip" not in USUAL_TYPES
    assert problems_of(chosen("logs.zip", REAL["zip"]), limits=FileLimits(types=("zip",))) == []


def test_a_field_left_empty_is_no_file() -> None:
    read = read_files([chosen("", b""), chosen(None, b"")], FileLimits())
    assert read.attachments == read.errors == ()


def test_sizes_and_numbers_are_limited() -> None:
    limits = FileLimits(count=2, size=2 * MEGABYTE, total=3 * MEGABYTE)
    two = PNG + bytes(2 * MEGABYTE - len(PNG))
    assert problems_of(chosen("a.png", two), chosen("b.png", two[:MEGABYTE]), limits=limits) == []
    assert problems_of(chosen("a.png", two + b"x"), limits=limits) == [FieldProblem.TOO_LARGE]
    assert problems_of(chosen("a.png", two), chosen("b.png", two), limits=limits) == [FieldProblem.TOO_MUCH]
    assert problems_of(*[chosen(f"{n}.png") for n in range(3)], limits=limits) == [FieldProblem.TOO_MANY]
    assert problems_of(chosen("a.png", b""), limits=limits) == [FieldProblem.EMPTY]


def test_an_error_names_the_file_and_the_limit() -> None:
    (error,) = read_files([chosen("C:\\big one.png", PNG + bytes(MEGABYTE))], FileLimits(size=MEGABYTE)).errors
    assert error == FieldError(field="files", problem=FieldProblem.TOO_LARGE, name="big one.png", limit=1)


def test_every_wrong_file_is_told_and_none_is_taken() -> None:
    files = [chosen("a.exe"), chosen("good.png"), chosen("b.png", b"no picture"), chosen("c.png", b"")]
    assert problems_of(*files) == [
        FieldProblem.NOT_TAKEN,
        FieldProblem.EMPTY,
    ]  # what is inside is not read before these are right
    assert problems_of(files[1], files[2], chosen("d.pdf", b"no")) == [FieldProblem.NOT_WHAT_IT_SAYS] * 2


def test_nothing_is_read_of_files_that_are_too_large() -> None:
    class Unread(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("read into memory")

    assert problems_of(Chosen("a.png", Unread(bytes(2 * MEGABYTE))), limits=FileLimits(size=MEGABYTE)) == [
        FieldProblem.TOO_LARGE
    ]


def test_screenshots_that_share_a_name_are_told_apart() -> None:
    files = read_files([chosen("image.png") for _ in range(3)], FileLimits()).attachments
    assert [file.name for file in files] == ["image.png", "image (2).png", "image (3).png"]


def test_bombs_are_bytes_like_others() -> None:
    square = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (50_000).to_bytes(4, "big") * 2 + b"\x08\x06\x00\x00\x00"
    nested = io.BytesIO()
    with zipfile.ZipFile(nested, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros", bytes(20 * MEGABYTE))
    files = read_files([chosen("a.png", square), chosen("b.zip", nested.getvalue())], EVERY_TYPE).attachments
    assert [file.size for file in files] == [len(square), len(nested.getvalue())]


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("C:\\Users\\kim\\shot.png", "shot.png"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\a.txt", "a.txt"),
        ("a\0b.png", "ab.png"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("line\r\nX-Header: 1.txt", "lineX-Header_ 1.txt"),
        ("two\u2028lines.txt", "two lines.txt"),
        ("con.txt", "_con.txt"),
        ("NUL", "_NUL"),
        ("com1.tar.log", "_com1.tar.log"),
        (" .. ", "file"),
        (".png", "png"),
        ("...", "file"),
        ("", "file"),
        ("trailing.txt. . ", "trailing.txt"),
        ('<b>"a":|?*.png', "_b__a_____.png"),
        ("half \ud800 pair.txt", "half pair.txt"),
        ("스크린샷 2026.png", "스크린샷 2026.png"),
        ("لقطة شاشة.png", "لقطة شاشة.png"),
        ("a b.png", "a b.png"),
        ("می\u200cخواهم.png", "می\u200cخواهم.png"),
        ("👩\u200d💻.png", "👩\u200d💻.png"),
        ("क्\u200dष.pdf", "क्\u200dष.pdf"),
        ("a.p\u200dn\u200dg", "a.png"),
        ("\u200da\u200c.png\u200d", "a.png"),
        ("\u200b\u200d.png", "png"),
        ("\u3164\u2800.png", "file.png"),
        ("\ufe0f\u200d", "file"),
    ],
)
def test_names_are_made_harmless_and_stay_readable(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


def test_a_long_name_is_cut_but_keeps_its_type() -> None:
    for email in ("x", "한"):
        name = clean_name(email * 300 + ".png")
        assert name.endswith(f"{email}.png")
        assert LONGEST_NAME - 3 <= len(name.encode()) <= LONGEST_NAME


@given(st.text(st.characters(codec=None), max_size=400))
def test_no_name_can_leave_its_folder_or_hide_its_type(name: str) -> None:
    cleaned = clean_name(name)
    assert cleaned
    assert not set(cleaned) & set('/\\\0\n\r<>:"|?*\u202e\u200f')
    assert cleaned not in (".", "..")
    assert len(cleaned.encode()) <= LONGEST_NAME + 1
    assert clean_name(cleaned) == cleaned
    assert extension_of(cleaned) == extension_of(clean_name(name))


def test_names_can_be_told_without_reading_anything() -> None:
    assert names_of([chosen("a/b.png"), chosen("", b""), chosen("c.exe")]) == ("b.png", "c.exe")
