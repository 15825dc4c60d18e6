"""The JSON schema of front matter, made from the content contract: editors complete fields and mark what is wrong."""

from collections.abc import Mapping
from typing import Any

from answerdesk.articles.article import AUDIENCES, FIELDS, LIST_FIELDS, LONGEST_SUMMARY, LONGEST_TITLE, PATH
from answerdesk.articles.catalogue import Catalogue

REQUIRED = ("title", "summary", "category", "owner", "reviewed", "review_every")
TELLS = {
    "title": "What the article is about, as a reader would say it.",
    "summary": "One sentence below the title in lists and results.",
    "category": "The folder of the article; categories.yml has them all.",
    "owner": "The team that answers for the article.",
    "reviewed": "The day of the last review: YYYY-MM-DD.",
    "review_every": "Days between reviews.",
    "audience": "Who may read it; internal articles are not on the public site.",
    "translation_of": "What it was translated from.",
    "aliases": "Other names that people search for: everyday words, typing errors, error messages.",
    "questions": "Questions that it answers, as people ask them.",
    "tags": "Words for its topic.",
    "applies_to": "The systems that it is for.",
    "related": "Paths of articles that help on, such as account/forgot-password.",
    "codes": "Error codes that it explains.",
    "draft": "Not published yet; only a preview shows it.",
    "publish": "Not published before this day: YYYY-MM-DD.",
}


def front_matter_schema(catalogue: Catalogue) -> dict[str, Any]:
    """Return the schema for a site's articles."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Front matter of an article",
        "type": "object",
        "properties": {field: {"description": TELLS[field], **_rule(field, catalogue)} for field in sorted(FIELDS)},
        "required": list(REQUIRED),
        "additionalProperties": False,
    }


def _rule(field: str, catalogue: Catalogue) -> Mapping[str, Any]:
    day = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    rules: dict[str, Mapping[str, Any]] = {
        "title": _text(LONGEST_TITLE),
        "summary": _text(LONGEST_SUMMARY),
        "category": {"enum": list(catalogue.categories)},
        "owner": _text(LONGEST_TITLE),
        "reviewed": day,
        "review_every": {"type": "integer", "minimum": 1},
        "audience": {"enum": list(AUDIENCES)},
        "translation_of": _text(LONGEST_SUMMARY),
        "applies_to": _list({"enum": list(catalogue.systems)}),
        "related": _list({"type": "string", "pattern": f"^{PATH.pattern}$"}),
        "draft": {"type": "boolean"},
        "publish": day,
    }
    if field in rules:
        return rules[field]
    if field in LIST_FIELDS:
        return _list({"type": "string", "pattern": r"\S"})
    raise KeyError(field)  # a field of the contract that the schema does not know yet


def _text(longest: int) -> Mapping[str, Any]:
    return {"type": "string", "maxLength": longest, "pattern": r"\S"}


def _list(items: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "array", "items": items}
