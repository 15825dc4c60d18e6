"""Accepted file types: how each is recognised by extension and content, and detected if it may run code."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from ticket_form.tickets import compound_files, zip_documents

Check = Callable[[bytes], bool]

# Bytes of text in any encoding that extends ASCII, with the bells and backspaces of terminal logs and the end-of-file
# mark of DOS; executables, images and archives contain NUL.
_TEXT = bytes(byte for byte in range(256) if byte >= 32 or byte in b"\a\b\t\n\v\f\r\x1a\x1b")
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UNTEXTUAL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SAMPLE_CHARACTERS = 1 << 16
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_OLD_MOVIE_BOXES = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")  # of QuickTime files without a brand
_RTF_OBJECT = re.compile(rb"\\obj(data|ocx|html|link|autlink|sub|pub|emb|update)")
_RTF_TEMPLATE = re.compile(rb"\\template((?:[^{}]|\{[^{}]*\})*)")
# A character of Unicode is followed by none or by one that older programs show in its place.
_RTF_ESCAPES = tuple(
    re.compile(rb"\\'([0-9a-fA-F]{2})|\\u([0-9]{1,5}) ?" + replacement) for replacement in (b"", rb"(?:\\'..|[^\\])?")
)
_RTF_LAYOUT = b"{}\r\n"  # says nothing within a text


@dataclass(frozen=True, slots=True, kw_only=True)
class FileType:
    """A file type: its media type, a check whether content matches, and a check whether it may run code."""

    media_type: str
    fits: Check
    runs_code: Check


def _begins(*signatures: bytes) -> Check:
    return lambda content: content.startswith(signatures)


def _never(_content: bytes) -> bool:
    return False


def _is_text(content: bytes) -> bool:
    encoding = _BYTE_ORDER_MARKS.get(content[:2])
    if encoding is None:
        return not content.translate(None, _TEXT) or any(_is_utf_16(content, e) for e in _BYTE_ORDER_MARKS.values())
    try:
        text = content[2:].decode(encoding)  # written by Windows
    except UnicodeDecodeError:
        return False
    return "\0" not in text


def _is_utf_16(content: bytes, encoding: str) -> bool:
    """Return whether bytes are UTF-16 text: binary files contain invalid or unassigned code units."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    sample = text[:_SAMPLE_CHARACTERS]
    is_written = any(character.isspace() or character.isascii() for character in sample)
    is_assigned = all(unicodedata.category(character) not in ("Cn", "Co") for character in sample)
    return is_written and is_assigned and not _UNTEXTUAL.search(text)


def _is_mail(content: bytes) -> bool:
    name, colon, _ = content.lstrip(b"\xef\xbb\xbf\r\n").partition(b":")
    is_header = name.replace(b"-", b"").isalnum() or name.startswith(b"From ")  # an mbox file begins with "From "
    return bool(colon) and is_header and _is_text(content)


def _is_riff(kind: bytes) -> Check:
    return lambda content: content[:4] == b"RIFF" and content[8:12] == kind


def _brands(content: bytes) -> set[bytes]:
    """Return the major and compatible brands of an ISO base media file."""
    if content[4:8] != b"ftyp":
        return set()
    listed = content[16 : min(int.from_bytes(content[:4], "big"), 256)]
    return {content[8:12], *(listed[at : at + 4] for at in range(0, len(listed) - 3, 4))}


def _is_heic(content: bytes) -> bool:
    brands = _brands(content)
    return bool(brands & _HEIC_BRANDS) and not brands & _AVIF_BRANDS


def _is_avif(content: bytes) -> bool:
    return bool(_brands(content) & _AVIF_BRANDS)


def _is_recording(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12].isascii() and content[8:12] not in _HEIC_BRANDS | _AVIF_BRANDS


def _is_movie(content: bytes) -> bool:
    return _is_recording(content) or content[4:8] in _OLD_MOVIE_BOXES


def _is_webm(content: bytes) -> bool:
    return content.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in content[:64]


def _is_mp3(content: bytes) -> bool:
    is_frame = content[:1] == b"\xff" and content[1:2] != b"" and content[1] & 0xE6 == 0xE2  # layer III
    return content.startswith(b"ID3") or is_frame


def _is_bitmap(content: bytes) -> bool:
    return (
        content.startswith(b"BM")
        and content[6:10] == bytes(4)
        and content[14:18] in (b"\x0c\0\0\0", b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")
    )


def _is_object(content: bytes) -> bool:
    return _is_text(content) and content.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] in (b"{", b"[")


def _is_component(kind: bytes) -> Check:
    wanted = b"begin:" + kind
    return lambda content: content[:64].lstrip(b"\xef\xbb\xbf\r\n").lower().startswith(wanted) and _is_text(content)


def _is_office(folder: str) -> Check:
    return partial(_has_parts, prefixes=("[Content_Types].xml", folder))


def _has_parts(content: bytes, *, prefixes: tuple[str, ...]) -> bool:
    return zip_documents.has_parts(content, *prefixes)


def _is_iwork(content: bytes) -> bool:
    return any(zip_documents.has_parts(content, part) for part in ("Index/Document.iwa", "Index.zip"))


def _is_open_document(kind: bytes) -> Check:
    # The first member is "mimetype", uncompressed, so that the format can be recognised without unpacking.
    wanted = b"mimetypeapplication/vnd.oasis.opendocument." + kind
    return lambda content: content.startswith(zip_documents.SIGNATURE) and content[30 : 30 + len(wanted)] == wanted


def _is_outlook(content: bytes) -> bool:
    return compound_files.has_entry(content, "__properties_version1.0")


def _is_compound(*names: str) -> Check:
    return lambda content: compound_files.has_entry(content, *names)


def _has_object(content: bytes) -> bool:
    """Return whether an RTF contains objects, which may run programs, or loads a remote template."""
    found = (template.translate(None, _RTF_LAYOUT) for template in _RTF_TEMPLATE.findall(content))
    templates = (escape.sub(_unescaped, template) for template in found for escape in _RTF_ESCAPES)
    return bool(_RTF_OBJECT.search(content)) or any(b"http" in template.lower() for template in templates)


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = int(found[1], 16) if found[1] else int(found[2])
    return bytes([code]) if code < 256 else b"?"


def _type(media_type: str, fits: Check, runs_code: Check = _never) -> FileType:
    return FileType(media_type=media_type, fits=fits, runs_code=runs_code)


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_JPEG = _type("image/jpeg", _begins(b"\xff\xd8\xff"))
_TIFF = _type("image/tiff", _begins(b"II*\0", b"MM\0*"))
_PLAIN = _type("text/plain", _is_text)

FILE_TYPES: Mapping[str, FileType] = {
    "png": _type("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "gif": _type("image/gif", _begins(b"GIF87a", b"GIF89a")),
    "webp": _type("image/webp", _is_riff(b"WEBP")),
    "heic": _type("image/heic", _is_heic),
    "heif": _type("image/heif", _is_heic),
    "avif": _type("image/avif", _is_avif),
    "bmp": _type("image/bmp", _is_bitmap),
    "tif": _TIFF,
    "tiff": _TIFF,
    "pdf": _type("application/pdf", _begins(b"%PDF-")),
    "txt": _PLAIN,
    "log": _PLAIN,
    "csv": _type("text/csv", _is_text),
    "json": _type("application/json", _is_object),
    "har": _type("application/json", _is_object),
    "ics": _type("text/calendar", _is_component(b"vcalendar")),
    "vcf": _type("text/vcard", _is_component(b"vcard")),
    "doc": _type("application/msword", _is_compound("WordDocument"), compound_files.has_vba),
    "xls": _type("application/vnd.ms-excel", _is_compound("Workbook", "Book"), compound_files.has_vba),
    "ppt": _type("application/vnd.ms-powerpoint", _is_compound("PowerPoint Document"), compound_files.has_vba),
    "rtf": _type("application/rtf", _begins(b"{\\rtf"), _has_object),
    "docx": _type(f"{_OFFICE}.wordprocessingml.document", _is_office("word/"), zip_documents.runs_code),
    "xlsx": _type(f"{_OFFICE}.spreadsheetml.sheet", _is_office("xl/"), zip_documents.runs_code),
    "pptx": _type(f"{_OFFICE}.presentationml.presentation", _is_office("ppt/"), zip_documents.runs_code),
    "odt": _type(f"{_OPEN}.text", _is_open_document(b"text"), zip_documents.runs_code),
    "ods": _type(f"{_OPEN}.spreadsheet", _is_open_document(b"spreadsheet"), zip_documents.runs_code),
    "odp": _type(f"{_OPEN}.presentation", _is_open_document(b"presentation"), zip_documents.runs_code),
    "pages": _type("application/vnd.apple.pages", _is_iwork, zip_documents.runs_code),
    "numbers": _type("application/vnd.apple.numbers", _is_iwork, zip_documents.runs_code),
    "key": _type("application/vnd.apple.keynote", _is_iwork, zip_documents.runs_code),
    "mp4": _type("video/mp4", _is_recording),
    "mov": _type("video/quicktime", _is_movie),
    "webm": _type("video/webm", _is_webm),
    "m4a": _type("audio/mp4", _is_recording),
    "mp3": _type("audio/mpeg", _is_mp3),
    "wav": _type("audio/wav", _is_riff(b"WAVE")),
    "eml": _type("message/rfc822", _is_mail),
    "msg": _type("application/vnd.ms-outlook", _is_outlook),
    "evtx": _type("application/octet-stream", _begins(b"ElfFile\0")),
    "zip": _type("application/zip", _begins(zip_documents.SIGNATURE)),
    "7z": _type("application/x-7z-compressed", _begins(b"7z\xbc\xaf\x27\x1c")),
}
"""File types by extension."""

_ARCHIVES = ("zip", "7z")
# Without archives, whose content cannot be checked without unpacking. An operator may add them.
USUAL_TYPES = tuple(extension for extension in FILE_TYPES if extension not in _ARCHIVES)
