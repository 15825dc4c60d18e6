"""What an article that is begun may be called, who may own it, and who may read it."""

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches

from answerdesk.articles.article import Article
from answerdesk.articles.errors import ContentError
from answerdesk.articles.variables import fill
from answerdesk.articles.visibility import closed_in_doubt
from answerdesk.authoring.content_inventory import ContentInventory
from answerdesk.checks.rules.titles import title_key
from answerdesk.freshness.owners import FILE, load_owners

OWNER_SIMILARITY = 0.75  # of two owners' names: a typing error apart


def refuse_title(inventory: ContentInventory, language: str, title: str, articles: Iterable[Article]) -> None:
    """Raise a ContentError if one of a language's articles has the title already, as the rule `title` sees it."""
    key = title_key(fill(title, inventory.catalogue.variables(language)))
    if other := next((one for one in articles if title_key(one.title) == key), None):
        raise ContentError(
            f"--title is {title!r}, and so is that of {inventory.name(language, other.path)}: readers could not tell "
            "them apart. Say what only this article is about, or write into that one."
        )


def usual_owner(category: str, articles: Iterable[Article]) -> str:
    """Return the owner of most articles of a category.

    Raises:
        ContentError: it has none.
    """
    counted = Counter(one.owner for one in articles if one.category == category)
    if not counted:
        raise ContentError(f"Nobody owns articles in {category} yet. Say who reviews this one: --owner TEAM.")
    return counted.most_common(1)[0][0]


def note_owner(inventory: ContentInventory, owner: str, articles: Iterable[Article]) -> str:
    """Return what is to be said of an owner of whom nobody knows yet, or nothing.

    Raises:
        ContentError: its name is nearly that of one who is known.
    """
    known = sorted({one.owner for one in articles} | _addressed(inventory))
    if not known or owner in known:
        return ""
    note = f"--owner: {owner!r} owns no article and is not in {inventory.content.name}/{FILE}"
    if close := get_close_matches(owner, known, n=1, cutoff=OWNER_SIMILARITY):
        raise ContentError(f"{note}. Did you mean {close[0]}? Else add “{owner}: <address>” there first.")
    return f"{note}. Add “{owner}: <address>” there, so that reviews are asked for."


def is_internal_at(inventory: ContentInventory, path: str) -> bool:
    """Tell whether the source language has an internal article at a path: then its translations are internal too."""
    source = inventory.file(inventory.languages[0], path)
    return source.is_file() and closed_in_doubt(source.read_text("utf-8", "replace")) is not None


def _addressed(inventory: ContentInventory) -> set[str]:
    try:
        return set(load_owners(inventory.content))
    except ContentError:  # whoever sends mails is told what is wrong with it
        return set()
