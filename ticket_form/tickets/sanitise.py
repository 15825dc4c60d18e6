"""Make visitor text harmless to store and show, without changing what it says."""

import re

# All that Unicode calls control characters or halves of surrogate pairs, newline and tab excepted.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_UNPLAIN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_LINE_BREAKS = str.maketrans({"\n": " ", "\t": " ", "\u2028": " ", "\u2029": " "})


def clean_text(text: str) -> str:
    """Normalise newlines and drop control characters and lone surrogates, except newline and tab."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HARMFUL.sub("", unified).strip()


def clean_line(text: str) -> str:
    """Clean text that has one line: newlines and tabs become spaces."""
    return clean_text(text).translate(_LINE_BREAKS)


def has_control_characters(text: str) -> bool:
    """Tell whether anything but plain characters is inside."""
    return _UNPLAIN.search(text) is not None
