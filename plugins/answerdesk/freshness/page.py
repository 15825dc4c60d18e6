"""The report as a page of its own: one file that needs no other, in the portal's looks."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from answerdesk.articles.template_site import Language
from answerdesk.freshness.report import Owner
from answerdesk.freshness.wording import KINDS, count_words, standing


def report_page(
    owners: Sequence[Owner], today: date, *, company: str, languages: Sequence[Language], styles: Sequence[str]
) -> str:
    """Return the page's HTML."""
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return env.get_template("page.html").render(
        owners=owners,
        today=today,
        company=company,
        languages={language.code: language for language in languages},
        styles=styles,
        kinds=KINDS,
        count_words=count_words,
        standing=standing,
    )
