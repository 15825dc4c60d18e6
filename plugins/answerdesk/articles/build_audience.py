"""The audience and the day that a site is built for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from answerdesk.articles.errors import ContentError
from answerdesk.articles.publication_state import PublicationState

TODAY = "ANSWERDESK_TODAY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The public site, or one with internal articles, or a preview with drafts and future articles."""

    today: date
    audience: str = "public"
    is_preview: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether everyone may see this site."""
        return self.audience == "public" and not self.is_preview

    @property
    def suffix(self) -> str:
        """Return what the name of its folder ends with, so that it never lies where the public site is served from."""
        return f"{'' if self.audience == 'public' else '-' + self.audience}{'-preview' if self.is_preview else ''}"

    def has(self, audience: str, state: PublicationState) -> bool:
        """Tell whether it shows articles for an audience, in a state."""
        return audience in ("public", self.audience) and (state.is_published or self.is_preview)


def read_today(environment: Mapping[str, str]) -> date:
    """Return the day that the environment names, else the system's.

    Raises:
        ContentError: it names no day.
    """
    given = environment.get(TODAY)
    return read_day(given, TODAY) if given else date.today()


def read_day(text: str, name: str) -> date:
    """Read a day that was typed under a name.

    Raises:
        ContentError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ContentError(f"{name} is {text!r}. Write a day as YYYY-MM-DD.") from error
