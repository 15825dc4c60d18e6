"""Say what is wrong with a link that MkDocs warns of, and how to mend it: it says where in the site it lies alone."""

import re
from difflib import get_close_matches
from posixpath import dirname, normpath
from urllib.parse import unquote, urlsplit

from answerdesk.articles.article import Article
from answerdesk.checks.reading.closest_match import Folder, relative
from answerdesk.checks.reading.page import CheckedPage

LINK = re.compile(
    r"Doc file '(?P<source>[^']+)' contains an? (?:\w+ )*link (?:to )?'(?P<target>[^']*)'"
    r"(?:.*the doc '(?P<other>[^']+)' does not contain)?(?P<anchor>.*no such anchor)?"
)
NOBODY = "Readers who follow it get an error page."
HIDDEN = "Take the link out until they can: that one is internal, a draft or not published yet."


def say_image(target: str, page: CheckedPage, folder: Folder) -> str:
    """Return what is wrong with a picture that the site does not have, and the cure."""
    source = normpath(f"{dirname(page.source)}/{unquote(urlsplit(target).path)}")
    cure = folder.cure(source, lambda other: relative(page.source, other)) or "Mend the path, or add the file"
    return f"the image {target} is missing. Readers see a broken picture. {cure}{'' if cure.endswith('?') else '.'}"


def say_link(target: str, page: CheckedPage, folder: Folder, hidden: Article | None = None) -> str:
    """Return what is wrong with a link to something that the site does not have, and the cure.

    `hidden` is the article that it leads to, if readers may not see it.
    """
    path = unquote(urlsplit(target).path)
    if target.startswith("/"):
        what, why = f"{target} is an absolute path", "Links lead from one Markdown file to another."
        return f"{what}. {why} Link to the article's file, such as ../network/vpn.md, or write the whole address."
    source = normpath(f"{dirname(page.source)}/{path}")
    if source.startswith("../"):
        cure = "Each language is built alone: link to a file of its own folder, or take the link out."
        return f"{target} leads out of the folder {page.language}/. {cure}"
    if source in folder.files:
        if hidden is None:
            return f"{target} leads to what readers of this site may not see. {HIDDEN}"
        kind = "internal article" if not hidden.is_public else f"article that is {_pending(hidden)}"
        return f"{target} leads to an {kind}. Readers of this site may not see it. Take the link out until they can."
    cure = folder.cure(source, lambda other: relative(page.source, other)) or "Mend the path or take the link out"
    return f"{target} leads to no file. {NOBODY} {cure}{'' if cure.endswith('?') else '.'}"


def _pending(article: Article) -> str:
    return "a draft" if article.draft else "not published yet"


def say_anchor(target: str, other: CheckedPage, *, is_own: bool) -> str:
    """Return what is wrong with a link to a heading that an article does not have, and the cure."""
    anchor = unquote(urlsplit(target).fragment)
    headings = {heading.anchor.casefold(): heading.anchor for heading in other.blocks.headings}
    close = get_close_matches(anchor.casefold(), headings, n=1, cutoff=0.6)
    cure = (
        f"Did you mean #{headings[close[0]]}?" if close else "Link to the article alone, or give a heading that name."
    )
    where = "this article" if is_own else other.source
    return f"{target}: {where} has no heading #{anchor}. Readers land at the top instead. {cure}"
