"""A problem of the content that an author has to correct."""

from dataclasses import dataclass

from answerdesk.support.safe_yaml import show

LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentProblem:
    """One thing wrong in one file: which field, its value, and what to do. `value` None means that it is missing.

    `what` says it where that is no field's value.
    """

    file: str
    field: str
    value: object
    cure: str
    what: str = ""

    def __str__(self) -> str:
        """Return the line that authors read."""
        return f"{self.file}: {self.text}"

    @property
    def text(self) -> str:
        """Return what is wrong and what to do, without the file."""
        shown = show(self.value)
        shown = shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + "…"
        what = self.what or f"{self.field} is {'missing' if self.value is None else shown}"
        return f"{what}. {self.cure}"
