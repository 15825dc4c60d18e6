"""What is indexed: documents made of sections."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with the text below it; the first section of a document has neither heading nor anchor."""

    heading: str = ""
    anchor: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article as search sees it: plain text, a URL relative to its site, and what runs in bulk name it by.

    The first part of `breadcrumb` is its category. `prior` is what speaks for the article whatever is asked, in 64ths
    of its score: 4 lifts it by a sixteenth.
    """

    url: str
    id: str = ""  # the URL if empty
    title: str = ""
    summary: str = ""
    breadcrumb: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    applies_to: tuple[str, ...] = ()
    prior: int = 0
    sections: tuple[Section, ...] = ()
