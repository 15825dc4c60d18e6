"""The types of files that may come with a ticket, told by extension and signature. Nothing is decoded or unpacked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Check = Callable[[bytes], bool]

# What a text holds in any encoding that grew out of ASCII; no file with code, a picture or an archive does without NUL.
_TEXT = bytes(byte for byte in range(256) if byte >= 32 or byte in b"\t\n\f\r\x1b")
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1")
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # OLE2, in which Outlook keeps messages


@dataclass(frozen=True, slots=True, kw_only=True)
class FileType:
    """A type of file: what it is called on the wire, and whether content can be one."""

    media_type: str
    fits: Check


def _begins(*signatures: bytes) -> Check:
    return lambda content: content.startswith(signatures)


def _is_text(content: bytes) -> bool:
    encoding = _BYTE_ORDER_MARKS.get(content[:2])
    if encoding is None:
        return not content.translate(None, _TEXT)
    try:
        text = content[2:].decode(encoding)  # as Windows writes logs
    except UnicodeDecodeError:
        return False
    return "\0" not in text


def _is_mail(content: bytes) -> bool:
    name, colon, _ = content.lstrip(b"\xef\xbb\xbf\r\n").partition(b":")
    is_header = name.replace(b"-", b"").isalnum() or name.startswith(b"From ")  # a mailbox begins with "From "
    return bool(colon) and is_header and _is_text(content)


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS


def _is_office(folder: bytes) -> Check:
    """Know a document by the names in its archive, which stand there unpacked; one with macros is none."""

    def fits(content: bytes) -> bool:
        has_parts = b"[Content_Types].xml" in content and folder in content
        return content.startswith(b"PK\x03\x04") and has_parts and b"vbaProject" not in content

    return fits


def _is_open_document(kind: bytes) -> Check:
    # The first member is "mimetype", stored as it is: made so that it can be told without unpacking.
    wanted = b"mimetypeapplication/vnd.oasis.opendocument." + kind
    return lambda content: content.startswith(b"PK\x03\x04") and content[30 : 30 + len(wanted)] == wanted


def _is_outlook(content: bytes) -> bool:
    return content.startswith(_COMPOUND) and "__properties_version1.0".encode("utf-16-le") in content


def _type(media_type: str, fits: Check) -> FileType:
    return FileType(media_type=media_type, fits=fits)


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_JPEG = _type("image/jpeg", _begins(b"\xff\xd8\xff"))
_PLAIN = _type("text/plain", _is_text)

FILE_TYPES: Mapping[str, FileType] = {
    "png": _type("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "gif": _type("image/gif", _begins(b"GIF87a", b"GIF89a")),
    "webp": _type("image/webp", _is_webp),
    "heic": _type("image/heic", _is_heic),
    "pdf": _type("application/pdf", _begins(b"%PDF-")),
    "txt": _PLAIN,
    "log": _PLAIN,
    "csv": _type("text/csv", _is_text),
    "docx": _type(f"{_OFFICE}.wordprocessingml.document", _is_office(b"word/")),
    "xlsx": _type(f"{_OFFICE}.spreadsheetml.sheet", _is_office(b"xl/")),
    "pptx": _type(f"{_OFFICE}.presentationml.presentation", _is_office(b"ppt/")),
    "odt": _type(f"{_OPEN}.text", _is_open_document(b"text")),
    "ods": _type(f"{_OPEN}.spreadsheet", _is_open_document(b"spreadsheet")),
    "odp": _type(f"{_OPEN}.presentation", _is_open_document(b"presentation")),
    "eml": _type("message/rfc822", _is_mail),
    "msg": _type("application/vnd.ms-outlook", _is_outlook),
    "zip": _type("application/zip", _begins(b"PK\x03\x04")),
}
"""By extension."""

# Not zip: what is inside cannot be judged without unpacking. An operator may add it.
USUAL_TYPES = tuple(extension for extension in FILE_TYPES if extension != "zip")
