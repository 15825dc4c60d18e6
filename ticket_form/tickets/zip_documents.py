"""Tell what a document in a ZIP archive holds: those of Microsoft Office, OpenDocument and Apple.

A part is known by its content type and by how others relate to it, as programs find it, not by its name. At most
`MAX_UNPACKED_BYTES` are unpacked, and nothing of it is kept.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from urllib.parse import unquote
from xml.parsers import expat

from ticket_form.tickets import compound_files

SIGNATURE = b"PK\x03\x04"
MAX_UNPACKED_BYTES = 32 * 1024 * 1024
MAX_PARTS = 10_000
MAX_DEPTH = 3  # documents within documents
_CONTENT_TYPES = "[content_types].xml"
_OPEN_TYPE = "mimetype"
_METHODS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # others take memory before they give a byte, and no program uses them
_MACROS = re.compile("vba|macroenabled|macrosheet", re.IGNORECASE)
_SCRIPTS = re.compile(r"(^|/)(basic|scripts)/", re.IGNORECASE)  # of OpenDocument
_LOADED = ("attachedtemplate", "oleobject", "frame")  # what Word loads by itself when the document is opened
_WEB = re.compile(r"\s*(\w+:)*(https?|ftp):", re.IGNORECASE)


class Unreadable(ValueError):
    """A document is damaged, or made so that reading it costs too much."""


def has_parts(content: bytes, *prefixes: str) -> bool:
    """Tell whether an archive has parts whose paths begin so, each of them."""
    try:
        names = _Archive(content).names
    except Unreadable:
        return False
    return all(any(name.startswith(prefix.lower()) for name in names) for prefix in prefixes)


def runs_code(content: bytes) -> bool:
    """Tell whether a document holds macros or loads a template from the web, or cannot be read well enough to say."""
    try:
        return _runs_code(_Archive(content), depth=1)
    except Unreadable:
        return True


class _Archive:
    """An archive of which only so much is unpacked."""

    def __init__(self, content: bytes, budget: int = MAX_UNPACKED_BYTES) -> None:
        self.budget = budget
        if not content.startswith(SIGNATURE) or content.count(b"PK\x01\x02") > MAX_PARTS:
            raise Unreadable
        try:
            self._file = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Unreadable from error
        self._parts = [part for part in self._file.infolist() if not part.is_dir()]
        self.names = [unquote(part.filename).replace("\\", "/").lower() for part in self._parts]

    def heads(self) -> Iterator[tuple[str, bytes, zipfile.ZipInfo]]:
        """Yield each part: its path in small letters, and its first bytes."""
        for name, part in zip(self.names, self._parts, strict=True):
            yield name, self._unpack(part, len(compound_files.SIGNATURE)), part

    def read(self, part: zipfile.ZipInfo) -> bytes:
        """Return a part whole."""
        content = self._unpack(part, self.budget + 1)
        self.budget -= len(content)
        if self.budget < 0:
            raise Unreadable
        return content

    def _unpack(self, part: zipfile.ZipInfo, size: int) -> bytes:
        if part.compress_type not in _METHODS:
            raise Unreadable
        try:
            with self._file.open(part) as opened:
                return opened.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError) as error:
            raise Unreadable from error


def _runs_code(archive: _Archive, depth: int) -> bool:
    if depth > MAX_DEPTH:
        raise Unreadable
    is_office = _CONTENT_TYPES in archive.names
    is_open = not is_office or _OPEN_TYPE in archive.names  # both, where one shall be taken for the other
    for name, head, part in archive.heads():
        if is_office and (name == _CONTENT_TYPES or name.endswith(".rels")):
            found = any(_is_code(attributes) for attributes in _elements(archive.read(part)))
        elif head.startswith(compound_files.SIGNATURE):
            found = compound_files.has_vba(archive.read(part))
        elif head.startswith(SIGNATURE):
            inner = archive.read(part)
            within = _Archive(inner, archive.budget)
            found = _runs_code(within, depth + 1)
            archive.budget = within.budget
        else:
            found = "vbaproject" in name or (is_open and _SCRIPTS.search(name) is not None)
        if found:
            return True
    return False


def _is_code(attributes: Mapping[str, str]) -> bool:
    """Tell whether a content type or a relationship is that of macros, or of something that is loaded from the web."""
    kind = attributes.get("ContentType", "") + attributes.get("Type", "")
    is_outside = attributes.get("TargetMode", "").strip().lower() == "external"
    is_loaded = is_outside and kind.rpartition("/")[2].strip().lower() in _LOADED
    return bool(_MACROS.search(kind)) or (is_loaded and bool(_WEB.match(attributes.get("Target", ""))))


def _elements(content: bytes) -> list[Mapping[str, str]]:
    """Return the attributes of every element; without a document type, which could declare entities."""
    found: list[Mapping[str, str]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _name, attributes: found.append(attributes)
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unreadable from error
    return found


def _refuse(*_declared: object) -> None:
    raise Unreadable
