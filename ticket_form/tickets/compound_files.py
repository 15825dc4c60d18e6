"""Tell what a compound file (OLE2) holds, as Word, Excel and PowerPoint wrote them until 2007.

Names of its directory are searched for, not followed through its tables of sectors: a file that is made to mislead one
reader of those tables cannot hide a name from a search, since each entry begins at a multiple of 128 bytes.
"""

import re

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENTRY_BYTES = 128
_VBA = "_VBA_PROJECT"  # the stream that every project of VBA has, and the beginning of Excel's storage
# Excel's record of a sheet (BOUNDSHEET) whose type is "macro sheet".
_MACRO_SHEET = re.compile(rb"\x85\x00[\x08-\x60]\x00.{4}[\x00-\x02]\x01", re.DOTALL)
# PowerPoint packs its project within another stream; its atom of VBA says whether there is one.
_PRESENTATION_VBA = re.compile(rb"\x02\x00\x00\x04\x0c\x00\x00\x00.{4}\x01\x00\x00\x00", re.DOTALL)


def has_entry(content: bytes, *names: str) -> bool:
    """Tell whether a compound file has a stream or storage of one of these names."""
    return content.startswith(SIGNATURE) and any(_has_entry(content, name, end="\0") for name in names)


def has_vba(content: bytes) -> bool:
    """Tell whether a compound file holds macros."""
    if not content.startswith(SIGNATURE):
        return False
    found = _MACRO_SHEET.search(content) if has_entry(content, "Workbook", "Book") else None
    found = found or (_PRESENTATION_VBA.search(content) if has_entry(content, "PowerPoint Document") else None)
    return found is not None or _has_entry(content, _VBA)


def _has_entry(content: bytes, name: str, end: str = "") -> bool:
    lowered, wanted = content.lower(), (name + end).lower().encode("utf-16-le")  # many times as fast as a pattern
    found = lowered.find(wanted)
    while found != -1 and found % _ENTRY_BYTES:
        found = lowered.find(wanted, found + 1)
    return found != -1
