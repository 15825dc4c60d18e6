"""Files that visitors choose: which are taken, under which names, and what is said of the others."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticket_form.tickets import compound_files, zip_documents
from ticket_form.tickets.filenames import MAX_NAME_BYTES, clean_name, extension_of
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
    return packed(dict.fromkeys(names, "<x/>"), first=first)


def packed(
    parts: Mapping[str, str | bytes], *, first: bytes | None = None, method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        if first is not None:
            file.writestr("mimetype", first, compress_type=zipfile.ZIP_STORED)
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def compound(*entries: str, more: bytes = b"") -> bytes:
    """Write the names of a compound file's directory as they stand in one, 128 bytes an entry."""
    names = b"".join(entry.encode("utf-16-le").ljust(128, b"\0") for entry in entries)
    return (bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0") + names + more).ljust(2048, b"\0")


def saved_mail() -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Your mailbox is full", "x@example.net"
    mail.set_content("Click here.")
    return mail.as_bytes()


OFFICE = "[Content_Types].xml"
OPEN = b"application/vnd.oasis.opendocument."
OUTLOOK = compound("Root Entry", "__properties_version1.0")
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
    "heif": b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic",
    "avif": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf",
    "bmp": b"BM" + (1078).to_bytes(4, "little") + bytes(4) + b"\x36\0\0\0\x28\0\0\0",
    "tif": b"II*\0\x08\0\0\0",
    "tiff": b"MM\0*\0\0\0\x08",
    "json": '{"오류": 5}'.encode(),
    "har": b'\xef\xbb\xbf{"log": {"entries": []}}',
    "ics": b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
    "vcf": b"BEGIN:VCARD\r\nVERSION:4.0\r\n",
    "doc": compound("Root Entry", "WordDocument", "1Table"),
    "xls": compound("Root Entry", "Workbook"),
    "ppt": compound("Root Entry", "PowerPoint Document"),
    "rtf": rb"{\rtf1\ansi{\*\template C:\\Users\\kim\\Normal.dotm}Yaz\u305?c\u305?}",
    "pages": archive("Index/Document.iwa"),
    "numbers": archive("Index/Document.iwa", "Index/Tables/Tile.iwa"),
    "key": archive("Index.zip"),
    "mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
    "mov": b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ",
    "webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm",
    "m4a": b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A isom",
    "mp3": b"\xff\xfb\x90\x64",
    "wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "evtx": b"ElfFile\0" + bytes(99),
    "7z": b"7z\xbc\xaf\x27\x1c\0\x04",
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
        ("a.odt", REAL["ods"]),
        ("a.msg", REAL["doc"]),
        ("a.doc", REAL["xls"]),
        ("a.xls", REAL["ppt"]),
        ("a.ppt", REAL["doc"]),
        ("a.doc", REAL["docx"]),
        ("a.doc", REAL["rtf"]),
        ("a.doc", compound("WordDocumentX")),
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"?" + "WordDocument\0".encode("utf-16-le")),
        ("a.rtf", REAL["doc"]),
        ("a.rtf", b"plain"),
        ("a.mp4", REAL["heic"]),
        ("a.heic", REAL["mp4"]),
        ("a.heic", REAL["avif"]),
        ("a.avif", REAL["heif"]),
        ("a.mov", REAL["webm"]),
        ("a.wav", REAL["webp"]),
        ("a.mp3", "\ufeffa".encode("utf-16-le")),
        ("a.bmp", b"BMW is a car"),
        ("a.json", b"<html>"),
        ("a.ics", REAL["vcf"]),
        ("a.pages", REAL["docx"]),
        ("a.docx", REAL["docx"][:-30]),  # cut off
        ("a.evtx", b"\x7fELF"),
        ("a.txt", bytes(range(256)) * 8),
        ("a.eml", b"<html>no header</html>"),
        ("a.webp", b"RIFF\x10\x00\x00\x00AVI LIST"),
        ("a.pdf", b"\n%PDF-1.7"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(name: str, content: bytes) -> None:
    assert problems_of(chosen(name, content)) == [FieldProblem.NOT_WHAT_IT_SAYS]


RELATIONS = "http://schemas.microsoft.com/office/2006/relationships/"


def typed(kind: str, *, encoding: str = "utf-8") -> bytes:
    return f'<Types><Override PartName="/word/harmless.dat" ContentType="{kind}"/></Types>'.encode(encoding)


def related(kind: str, more: str = "") -> bytes:
    return f'<r:Relationships xmlns:r="x"><r:Relationship {more} Type="{kind}"/></r:Relationships>'.encode()


def with_parts(parts: Mapping[str, str | bytes], *, folder: str = "word") -> bytes:
    return packed({OFFICE: "<Types/>", f"{folder}/document.xml": "<x/>", **parts})


WORD_MACROS = compound("Root Entry", "WordDocument", "Macros", "VBA", "_VBA_PROJECT")
EXTERNAL = 'Target="{}" TargetMode="External"'
TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
RUNNING = {
    "named as ever": ("docx", with_parts({"word/vbaProject.bin": b"x"})),
    "in other letters": ("docx", with_parts({"word/VBAPROJECT.BIN": b"x"})),
    "told by content type": ("docx", with_parts({OFFICE: typed("application/vnd.ms-office.vbaProject")})),
    "told in UTF-16": (
        "docx",
        with_parts({OFFICE: b"\xff\xfe" + typed("application/vnd.ms-office.vbaProject", encoding="utf-16-le")}),
    ),
    "told by escapes": ("docx", with_parts({OFFICE: typed("application/vnd.ms-office.&#118;baProject")})),
    "told by relation": ("docx", with_parts({"word/_rels/document.xml.rels": related(RELATIONS + "vbaProject")})),
    "after a bracket": (
        "pptx",
        with_parts({"ppt/_rels/a.rels": related(RELATIONS + "vbaProject", 'Target="a>b"')}, folder="ppt"),
    ),
    "xlsm renamed": (
        "xlsx",
        with_parts({OFFICE: typed("application/vnd.ms-excel.sheet.macroEnabled.main+xml")}, folder="xl"),
    ),
    "macro sheet": ("xlsx", with_parts({OFFICE: typed("application/vnd.ms-excel.macrosheet+xml")}, folder="xl")),
    "a project under another name": ("docx", with_parts({"word/picture.png": compound("VBA", "_VBA_PROJECT")})),
    "document within": ("docx", with_parts({"word/embeddings/a.bin": with_parts({"word/vbaProject.bin": b"x"})})),
    "old document within": ("xlsx", with_parts({"xl/embeddings/a.bin": WORD_MACROS}, folder="xl")),
    "template on the web": (
        "docx",
        with_parts({"word/_rels/settings.xml.rels": related(TEMPLATE, EXTERNAL.format("https://x.example/a.dotm"))}),
    ),
    "document type": ("docx", with_parts({OFFICE: '<!DOCTYPE a [<!ENTITY b "c">]><Types/>'})),
    "no XML": ("docx", with_parts({"_rels/.rels": b"\0\1"})),
    "bomb": ("docx", with_parts({"_rels/.rels": b"<a>" + bytes(40 * MEGABYTE)})),
    "bombs": ("docx", with_parts({f"word/{n}.bin": compound("x", more=bytes(9 * MEGABYTE)) for n in range(5)})),
    "packed in a rare way": ("docx", packed({OFFICE: "<Types/>", "word/a.xml": "<x/>"}, method=zipfile.ZIP_LZMA)),
    "OpenDocument Basic": ("odt", archive("content.xml", "Basic/script-lc.xml", first=OPEN + b"text")),
    "OpenDocument Python": ("ods", archive("Scripts/python/a.py", first=OPEN + b"spreadsheet")),
    "OpenDocument within": ("odp", archive("Object 1/Basic/a.xml", first=OPEN + b"presentation")),
    "OpenDocument that poses as Office": (
        "odt",
        archive("content.xml", "[Content_Types].xml", "Basic/a.xml", first=OPEN + b"text"),
    ),
    "Word 2003": ("doc", WORD_MACROS),
    "in small letters": ("doc", compound("WordDocument", "_vba_project")),
    "Excel 2003": ("xls", compound("Workbook", "_VBA_PROJECT_CUR", "VBA", "_VBA_PROJECT")),
    "Excel 4": ("xls", compound("Workbook", more=bytes.fromhex("85000e00") + b"\x11\x22\0\0\0\x01\x06\0Macro1")),
    "PowerPoint 2003": (
        "ppt",
        compound("PowerPoint Document", more=bytes.fromhex("020000040c000000") + b"\x05\0\0\0\x01\0\0\0\x02\0\0\0"),
    ),
    "object in rich text": ("rtf", rb"{\rtf1{\object\objemb{\*\objdata 0105}}}"),
    "template in rich text": ("rtf", rb"{\rtf1{\*\template https://x.example/a.dotm}}"),
    "template in groups": ("rtf", rb"{\rtf1{\*\template {h}{tt}p://x.example/a.dotm}}"),
    "template over lines": ("rtf", b"{\\rtf1{\\*\\template ht\r\ntp://x.example/a.dotm}}"),
    "template in spaced escapes": ("rtf", rb"{\rtf1{\*\template \u104 ?t\u116 tp://x.example/a}}"),
    "template in lone escapes": ("rtf", rb"{\rtf1\uc0{\*\template \u104 ttp://x.example/a}}"),
    "template in escapes": ("rtf", rb"{\rtf1{\*\template \'68\u116?\'74p://x.example/a}}"),
}


@pytest.mark.parametrize(("extension", "content"), RUNNING.values(), ids=RUNNING)
def test_a_document_that_may_run_code_is_refused_and_says_why(extension: str, content: bytes) -> None:
    assert problems_of(chosen(f"a.{extension}", content)) == [FieldProblem.HAS_MACROS]


@pytest.mark.parametrize(
    "parts",
    [
        {"word/_rels/document.xml.rels": related(LINK, EXTERNAL.format("https://x.example/vbaProject.html"))},
        {"word/_rels/settings.xml.rels": related(TEMPLATE, EXTERNAL.format("file:///\\\\server\\letter.dotx"))},
        {"word/embeddings/oleObject1.bin": compound("Root Entry", "Workbook")},
        {"word/embeddings/table.xlsx": with_parts({}, folder="xl")},
        {"docProps/vba.xml": "<x>_VBA_PROJECT</x>"},
    ],
    ids=["link", "template on a file server", "old sheet within", "sheet within", "words"],
)
def test_documents_with_harmless_parts_are_taken(parts: Mapping[str, str | bytes]) -> None:
    assert problems_of(chosen("a.docx", with_parts(parts))) == []


def test_words_about_macros_are_no_macros() -> None:
    written = "_VBA_PROJECT".encode("utf-16-le")
    assert problems_of(chosen("a.doc", compound("WordDocument", more=b"xx" + written))) == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1254", "euc-kr", "gb18030"])
@pytest.mark.parametrize("extension", ["txt", "log", "csv"])
def test_text_is_taken_in_every_encoding(extension: str, encoding: str) -> None:
    text = "2026-11-21 ERROR 0x80070035\r\n" + ("" if encoding in ("cp1254", "euc-kr") else "网络\t错误\r\n")
    assert problems_of(chosen(f"a.{extension}", text.encode(encoding))) == []


@pytest.mark.parametrize("content", [b"done 9%\b\b10%\a\r\n", b"DIR C:\r\n\x1a", b"one\x0btwo\x0c"])
def test_what_terminals_and_dos_wrote_is_text(content: bytes) -> None:
    assert problems_of(chosen("a.log", content)) == []


@given(st.binary(max_size=600))
def test_no_content_makes_a_check_fail(content: bytes) -> None:
    for kind in FILE_TYPES.values():
        for start in (b"", zip_documents.SIGNATURE, compound_files.SIGNATURE, b"{\\rtf", REAL["docx"][:300]):
            kind.fits(start + content)
            kind.runs_code(start + content)


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
        "a.7z",
        "a.xml",
        "a.dmp",
        "a.docm",
        "a.xlsb",
    ],
)
def test_a_type_that_is_not_on_the_list_is_refused(name: str) -> None:
    assert problems_of(chosen(name), limits=FileLimits()) == [FieldProblem.NOT_TAKEN]


def test_archives_are_taken_only_where_the_operator_wants_them() -> None:
    assert not {"zip", "7z"} & set(USUAL_TYPES)
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
        ("COM¹.txt", "_COM¹.txt"),
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
        assert MAX_NAME_BYTES - 3 <= len(name.encode()) <= MAX_NAME_BYTES


@given(st.text(st.characters(codec=None), max_size=400))
def test_no_name_can_leave_its_folder_or_hide_its_type(name: str) -> None:
    cleaned = clean_name(name)
    assert cleaned
    assert not set(cleaned) & set('/\\\0\n\r<>:"|?*\u202e\u200f')
    assert cleaned not in (".", "..")
    assert len(cleaned.encode()) <= MAX_NAME_BYTES + 1
    assert clean_name(cleaned) == cleaned
    assert extension_of(cleaned) == extension_of(clean_name(name))


def test_names_can_be_told_without_reading_anything() -> None:
    assert names_of([chosen("a/b.png"), chosen("", b""), chosen("c.exe")]) == ("b.png", "c.exe")
