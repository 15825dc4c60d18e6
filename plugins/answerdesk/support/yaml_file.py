"""Read the text of a YAML file, or say why it cannot be read as YAML's own faults are said."""

import codecs
import stat
from pathlib import Path

import yaml

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnreadableFileError(yaml.MarkedYAMLError):
    """A file's text cannot be read; `cure` says what to do."""

    def __init__(self, problem: str, cure: str, line: int = 0) -> None:
        mark = yaml.Mark("", 0, line, 0, None, 0)
        super().__init__(problem=problem, problem_mark=mark)
        self.cure = cure


def read_yaml_text(file: Path) -> str:
    """Return the text of a file, without a byte order mark.

    Raises:
        FileNotFoundError: there is none.
        UnreadableFileError: it is no regular file, may not be read, or is not UTF-8.
    """
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a pipe would be waited for
            kind = "a folder" if file.is_dir() else "no regular file"
            raise UnreadableFileError(f"this is {kind}", "Put a text file in its place, or take it away.")
        data = file.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        cure = "Make it readable for whoever builds the site, or take it away."
        raise UnreadableFileError(f"the file cannot be read: {error.strerror}", cure) from error
    if data.startswith(_UTF_16):
        raise UnreadableFileError("the file is UTF-16", "Save it as UTF-8.")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        raise UnreadableFileError(f"byte {error.start} is no UTF-8", "Save it as UTF-8.", line) from error
