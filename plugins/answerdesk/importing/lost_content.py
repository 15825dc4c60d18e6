"""Content of the old site that could not be carried over."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was lost; the words are those of the report."""

    SETTING = "setting"
    PAGE = "page"
    FIELD = "front matter"
    LINK = "link"
    ANCHOR = "anchor"
    PICTURE = "picture"
    FILE = "file"
    HTML = "raw HTML"
    COMMENT = "comment"
    SNIPPET = "snippet"
    VARIABLE = "variable"
    HEADING = "heading"
    ICON = "icon"
    DIAGRAM = "diagram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One thing that is not as it was: the old site's file and line, what it is, and what an author may do."""

    kind: Kind
    file: str
    line: int
    what: str
    cure: str

    @property
    def place(self) -> tuple[str, int, str, str]:
        """Return what losses are sorted by."""
        return self.file, self.line, self.kind, self.what

    def __str__(self) -> str:
        """Return the line that authors read."""
        return f"{self.file}:{self.line}: {self.kind}: {self.what}. {self.cure}."
