"""Write the new site's files: configuration, categories, company, redirects, articles."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from answerdesk.importing.page import Draft
from answerdesk.importing.settings import Tagged

ICON = "folder-outline"
URL = "https://help.example.com/"
WIDE = 10_000  # no line is folded


class _Dumper(yaml.SafeDumper):
    """Writes tagged values as they were."""


def _tagged(dumper: yaml.SafeDumper, value: Tagged) -> yaml.Node:
    if isinstance(value.value, dict):
        return dumper.represent_mapping(value.tag, value.value)
    if isinstance(value.value, list):
        return dumper.represent_sequence(value.tag, value.value)
    return dumper.represent_scalar(value.tag, str(value.value))


_Dumper.add_representer(Tagged, _tagged)


def article_text(draft: Draft, *, owner: str, reviewed: date, review_every: int) -> str:
    """Return an article's file."""
    meta: dict[str, Any] = {
        "title": draft.title,
        "summary": draft.summary,
        "category": draft.category,
        "owner": owner,
        "reviewed": reviewed,
        "review_every": review_every,
    }
    if draft.long_title:
        meta["questions" if draft.long_title.endswith(("?", "？", "؟")) else "aliases"] = [draft.long_title]
    if draft.tags:
        meta["tags"] = draft.tags
    body = "\n".join(line.text for line in draft.lines)
    return f"---\n{_dump(meta)}---\n\n{body}\n"


def configuration(name: str, url: str, language: str, extensions: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the new site's `mkdocs.yml`."""
    settings = {
        "site_name": name,
        "site_url": f"{(url or URL).rstrip('/')}/{language}/",
        "docs_dir": f"content/{language}",
        "site_dir": f"site/{language}",
        "theme": {
            "name": "material",
            "custom_dir": "portal",
            "favicon": "assets/favicon.svg",
            "static_templates": ["404.html", "feed.xml", "sitemap.xml"],
        },
        "plugins": [
            # Nothing is archived before somebody has looked at it here: what was taken in may be old and still right.
            {
                "answerdesk/articles": {
                    "languages": [language],
                    "ticket_url": "/ticket",
                    "search_url": "/search",
                    "grace_days": 0,
                }
            },
            "answerdesk/search",
        ],
        "markdown_extensions": [{name: dict(options)} if options else name for name, options in extensions.items()],
        "validation": {
            "omitted_files": "ignore",
            "links": {"not_found": "warn", "anchors": "warn", "absolute_links": "warn", "unrecognized_links": "warn"},
        },
    }
    return _dump(settings)


def categories(names: Mapping[str, str], language: str) -> str:
    """Return `categories.yml` for categories and their names."""
    rows = [{"id": id, "icon": ICON, "names": {language: name}} for id, name in names.items()]
    return _dump({"categories": rows, "systems": {}, "needed": []})


def company(values: Mapping[str, str]) -> str:
    """Return `company.yml`."""
    return _dump(dict(values))


def redirects(rows: Mapping[str, str]) -> str:
    """Return `redirects.yml`."""
    return "# Old addresses and the articles that they lead to now.\n" + (_dump(dict(rows)) if rows else "{}\n")


def _dump(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDE)
