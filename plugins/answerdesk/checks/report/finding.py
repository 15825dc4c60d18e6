"""What a check found."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is: an error harms readers, a warning makes an article harder to use."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault: where it is, what it is, why it matters, what to do. `what` names no line, so that it may move."""

    rule: str
    file: str
    line: int
    what: str
    why: str
    cure: str
    level: Level = Level.ERROR

    @property
    def place(self) -> tuple[str, int, str, str]:
        """Return what findings are sorted by."""
        return self.file, self.line, self.rule, self.what

    def __str__(self) -> str:
        """Return the line that authors read."""
        return f"{self.file}:{self.line}: {self.level} {self.rule}: {self.text}"

    @property
    def text(self) -> str:
        """Return what, why and cure as sentences."""
        return " ".join(
            part if part.endswith(("?", "!", "…")) else f"{part}." for part in (self.what, self.why, self.cure) if part
        )
