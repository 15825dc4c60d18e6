"""The report as a table for spreadsheets."""

import csv
from collections.abc import Sequence
from io import StringIO

from answerdesk.freshness.report import Owner

COLUMNS = ("owner", "language", "article", "title", "state", "reviewed", "review_every", "due", "days_late")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is run by spreadsheets


def table(owners: Sequence[Owner]) -> str:
    """Return all articles as CSV, a row each."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for owner in owners:
        for row in owner.rows:
            article = row.article
            texts = (_text(cell) for cell in (owner.name, row.language, article.path, article.title))
            writer.writerow([*texts, row.state, article.reviewed, article.review_every, row.due, row.late])
    return written.getvalue()


def _text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
