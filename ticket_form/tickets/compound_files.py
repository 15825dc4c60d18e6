"""Inspect compound files (OLE2): the formats of Word, Excel and PowerPoint until 2007.

Directory entries are searched for in the bytes instead of through the sector tables: a file that is crafted to mislead
parsers of those tables cannot hide an entry from a search, since each begins at a multiple of 128 bytes.
"""

import re

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENTRY_BYTES = 128
_VBA = "_VBA_PROJECT"  # the stream of every VBA project, and the prefix of Excel's storage
# Excel's BOUNDSHEET record with the type "macro sheet".
_MACRO_SHEET = re.compile(rb"\x85\x00[\x08-\x60]\x00.{4}[\x00-\x02]\x01", re.DOTALL)
# PowerPoint compresses its project within another stream; its VBA atom says whether there is one.
_PRESENTATION_VBA = re.compile(rb"\x02\x00\x00\x04\x0c\x00\x00\x00.{4}\x01\x00\x00\x00", re.DOTALL)


def has_entry(content: bytes, *names: str) -> bool:
    """Return whether a compound file has a stream or storage with one of these names."""
    return content.startswith(SIGNATURE) and any(_has_entry(content, name, end="\0") for name in names)


def has_vba(content: bytes) -> bool:
    """Return whether a compound file contains macros."""
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
