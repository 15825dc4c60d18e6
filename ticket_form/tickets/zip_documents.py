"""Inspect documents in ZIP archives (Office Open XML, OpenDocument, iWork) for macros.

A part is recognised by content type and relationships, as programs find it, not by its name. At most
`MAX_UNPACKED_BYTES` are unpacked, and nothing of that is kept.
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
)  # others allocate memory before the first byte, and no program uses them
_MACROS = re.compile("vba|macroenabled|macrosheet", re.IGNORECASE)
_SCRIPTS = re.compile(r"(^|/)(basic|scripts)/", re.IGNORECASE)  # of OpenDocument
_LOADED = ("attachedtemplate", "oleobject", "frame")  # loaded by Word when the document is opened
_WEB = re.compile(r"\s*(\w+:)*(https?|ftp):", re.IGNORECASE)


class Unreadable(ValueError):
    """A document is damaged, or too expensive to read."""


def has_parts(content: bytes, *prefixes: str) -> bool:
    """Return whether an archive has, for each prefix, a part whose path begins with it."""
    try:
        names = _Archive(content).names
    except Unreadable:
        return False
    return all(any(name.startswith(prefix.lower()) for name in names) for prefix in prefixes)


def runs_code(content: bytes) -> bool:
    """Return whether a document contains macros, loads a remote template, or cannot be read well enough to tell."""
    try:
        return _runs_code(_Archive(content), depth=1)
    except Unreadable:
        return True


class _Archive:
    """An archive with a budget for unpacked bytes."""

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
        """Yield each part: its path in lower case, its first bytes and its entry."""
        for name, part in zip(self.names, self._parts, strict=True):
            yield name, self._unpack(part, len(compound_files.SIGNATURE)), part

    def read(self, part: zipfile.ZipInfo) -> bytes:
        """Return the whole content of a part."""
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
    """Return whether a content type or relationship means macros or remote content."""
    kind = attributes.get("ContentType", "") + attributes.get("Type", "")
    is_outside = attributes.get("TargetMode", "").strip().lower() == "external"
    is_loaded = is_outside and kind.rpartition("/")[2].strip().lower() in _LOADED
    return bool(_MACROS.search(kind)) or (is_loaded and bool(_WEB.match(attributes.get("Target", ""))))


def _elements(content: bytes) -> list[Mapping[str, str]]:
    """Return the attributes of every XML element; a document with a DTD, which could declare entities, is refused."""
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
