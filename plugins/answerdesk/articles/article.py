"""The content contract: front matter becomes an Article, or a list of problems that each name field, value and cure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from answerdesk.articles.catalogue import Catalogue
from answerdesk.articles.content_problem import ContentProblem

AUDIENCES = ("public", "internal")
LONGEST_TITLE = 80
LONGEST_SUMMARY = 200
LIST_FIELDS = ("aliases", "questions", "tags", "applies_to", "related", "codes")
FIELDS = {
    "title",
    "summary",
    "category",
    "owner",
    "reviewed",
    "review_every",
    "audience",
    "draft",
    "publish",
    "translation_of",
    *LIST_FIELDS,
}
PUBLISH_CURE = "Write the first day on which readers may see it as YYYY-MM-DD, or take it out."
PATH = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)*")

Report = Callable[[str, object, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article's front matter, checked. `path` is its file below the language's folder without `.md`."""

    path: str
    title: str
    summary: str
    category: str
    owner: str
    reviewed: date
    review_every: int  # days
    aliases: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    applies_to: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    audience: str = "public"
    draft: bool = False
    publish: date | None = None  # not before this day
    translation_of: str = ""
    language: str = ""  # in which a site shows it that has no translation of it
    title_language: str = ""  # the same, unless the site has a title of its own for it

    @property
    def url(self) -> str:
        """Return the article's address below its language's folder."""
        return f"{self.path}/"

    @property
    def is_public(self) -> bool:
        """Tell whether everyone may read it."""
        return self.audience == "public"


def read_article(path: str, meta: Mapping[str, Any], catalogue: Catalogue) -> Article | tuple[ContentProblem, ...]:
    """Check front matter by the content contract and return the article, or everything that is wrong with it."""
    problems: list[ContentProblem] = []

    def report(field: str, value: object, cure: str) -> None:
        problems.append(ContentProblem(file=f"{path}.md", field=field, value=value, cure=cure))

    if not PATH.fullmatch(path):
        report("file name", f"{path}.md", "Use small letters a to z, digits and hyphens: it becomes the address.")
    for field in sorted(set(meta) - FIELDS, key=str):
        report(str(field), meta[field], f"Remove it, or use one of: {', '.join(sorted(FIELDS))}.")
    title = _text(meta, "title", LONGEST_TITLE, report)
    summary = _text(meta, "summary", LONGEST_SUMMARY, report)
    category = _choice(meta, "category", tuple(catalogue.categories), report)
    if category and path.split("/")[0] != category:
        report("category", category, f"Move the file to the folder {category}/, or name the category of its folder.")
    lists = {field: _list(meta, field, report) for field in LIST_FIELDS}
    for system in lists["applies_to"]:
        if system not in catalogue.systems:
            report("applies_to", system, f"Use one of: {', '.join(catalogue.systems)}; or add it to categories.yml.")
    for other in lists["related"]:
        if not PATH.fullmatch(other):
            report("related", other, "Write an article's path such as account/forgot-password, without .md.")
    article = Article(
        path=path,
        title=title,
        summary=summary,
        category=category,
        owner=_text(meta, "owner", LONGEST_TITLE, report),
        reviewed=_date(meta, "reviewed", "Write the day of the last review as YYYY-MM-DD.", report),
        review_every=_days(meta, report),
        audience=_choice(meta, "audience", AUDIENCES, report) if "audience" in meta else "public",
        draft=_flag(meta, "draft", report) if "draft" in meta else False,
        publish=_date(meta, "publish", PUBLISH_CURE, report) if "publish" in meta else None,
        translation_of=_text(meta, "translation_of", LONGEST_SUMMARY, report) if "translation_of" in meta else "",
        language="",  # these two are no author's
        title_language="",
        **lists,
    )
    return tuple(problems) or article


def _text(meta: Mapping[str, Any], field: str, longest: int, report: Report) -> str:
    value = meta.get(field)
    if not isinstance(value, str) or not value.strip():
        report(field, value, f'Add "{field}: <text>" to the front matter.' if value is None else "Write it as text.")
        return ""
    if len(value) > longest:
        report(field, value, f"Shorten it to {longest} characters; it has {len(value)}.")
    return value.strip()


def _choice(meta: Mapping[str, Any], field: str, allowed: Sequence[str], report: Report) -> str:
    value = meta.get(field)
    if value not in allowed:
        report(field, value, f"Use one of: {', '.join(allowed)}.")
        return ""
    return str(value)


def _date(meta: Mapping[str, Any], field: str, cure: str, report: Report) -> date:
    value = meta.get(field)
    if type(value) is not date:  # a time of day is a date to Python, but cannot be compared with one
        report(field, value, cure)
        return date.min
    return value


def _flag(meta: Mapping[str, Any], field: str, report: Report) -> bool:
    value = meta.get(field)
    if not isinstance(value, bool):
        report(field, value, f'Write "{field}: true", or take it out.')
        return True  # what is in doubt stays hidden
    return value


def _days(meta: Mapping[str, Any], report: Report) -> int:
    value = meta.get("review_every")
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        report("review_every", value, "Write the number of days between reviews, such as 180.")
        return 1
    return value


def _list(meta: Mapping[str, Any], field: str, report: Report) -> tuple[str, ...]:
    value = meta.get(field, [])
    if not isinstance(value, list):
        report(field, value, f"Write a list: {field}: [one, two].")
        return ()
    for item in value:
        if not isinstance(item, str) or not item.strip():
            report(field, item, "Write each entry as text; put numbers, dates and yes/no in quotes.")
    return tuple(str(item).strip() for item in value)
