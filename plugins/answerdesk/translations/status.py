"""How every article stands in every language: rows for a table, and the table as text, CSV, JSON or a page."""

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from answerdesk.translations.drift import Drift, DriftState
from answerdesk.translations.sections import TextSection

STYLE = """:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid light-dark(#d5dbe3,#343d49);padding:.4rem .7rem;text-align:start}
thead th{position:sticky;top:0;background:light-dark(#f6f7f9,#11151b)}th[scope=row]{font-weight:400}
th,td{vertical-align:top}summary{cursor:pointer}
ul{min-width:14rem;margin:.4rem 0 0;padding-inline-start:1.1rem;font-weight:400;color:CanvasText}
:focus-visible{outline:3px solid light-dark(#0a3d91,#ffd75e);outline-offset:2px}
@media(max-width:48rem){.table{overflow-x:auto}td{min-width:7rem}}
.current{color:light-dark(#1a6b3c,#7fd3a0)}.drifted{color:light-dark(#8a5300,#f2bf6b);font-weight:600}
.missing{color:light-dark(#b3261e,#ffaba3)}.unknown{color:light-dark(#4e5a69,#aab4c0)}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How one article stands in one language; `details` says what of a drifted one changed."""

    path: str
    language: str
    state: DriftState
    sections: int = 0
    details: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the state in words."""
        if self.state is not DriftState.DRIFTED:
            return self.state.value
        return f"drifted ({self.sections} section{'s' if self.sections > 1 else ''})"


def status_of(path: str, language: str, source: Sequence[TextSection], drift: Drift) -> Status:
    """Return how a translation stands, given what changed since it was made."""
    return Status(
        path=path, language=language, state=drift.state, sections=drift.size, details=tuple(_details(source, drift))
    )


def text_table(rows: Sequence[Status], languages: Sequence[str]) -> str:
    """Return a table for the terminal, what changed in each drifted article, and the sums."""
    labels = {(row.path, row.language): row.label for row in rows}
    paths = list(dict.fromkeys(row.path for row in rows))
    wide = max((len(path) for path in paths), default=0)
    widths = [max(len(code), *(len(labels.get((path, code), "")) for path in paths), 0) for code in languages]
    lines = [_line(("", *languages), (wide, *widths))] if paths else []
    lines += [_line((path, *(labels.get((path, code), "") for code in languages)), (wide, *widths)) for path in paths]
    for row in rows:
        lines += [f"{row.language}/{row.path}: {detail}" for detail in row.details]
    for code in languages:
        sums = Counter(row.state for row in rows if row.language == code)
        lines.append(
            f"{code}: " + (", ".join(f"{sums[state]} {state}" for state in DriftState if sums[state]) or "none")
        )
    return "\n".join(lines)


def csv_table(rows: Sequence[Status]) -> str:
    """Return the rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["article", "language", "state", "sections", "details"])
    writer.writerows([row.path, row.language, row.state.value, row.sections, "; ".join(row.details)] for row in rows)
    return text.getvalue()


def json_table(rows: Sequence[Status]) -> str:
    """Return the rows as JSON."""
    return json.dumps(
        [
            {
                "article": row.path,
                "language": row.language,
                "state": row.state.value,
                "sections": row.sections,
                "details": list(row.details),
            }
            for row in rows
        ],
        ensure_ascii=False,
        indent=1,
    )


def html_table(rows: Sequence[Status], languages: Sequence[str]) -> str:
    """Return a page with the table, for the authors; it belongs to no site."""
    found = {(row.path, row.language): row for row in rows}
    heads = "".join(f'<th scope="col">{escape(code)}</th>' for code in languages)
    lines = []
    for path in dict.fromkeys(row.path for row in rows):
        cells = "".join(_cell(found.get((path, code))) for code in languages)
        lines.append(f'<tr><th scope="row">{escape(path)}</th>{cells}</tr>\n')
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Translations</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{STYLE}</style></head>\n<body>\n<h1>Translations</h1>\n"
        '<div class="table" tabindex="0" role="region" aria-label="Translations">\n'
        f'<table>\n<thead><tr><th scope="col">Article</th>{heads}</tr></thead>\n<tbody>\n{"".join(lines)}</tbody>\n'
        "</table></div>\n</body>\n</html>\n"
    )


def _details(source: Sequence[TextSection], drift: Drift) -> list[str]:
    details = []
    for row in drift.sections:
        if row.source is None:
            details.append(f"section {row.section} is no longer in the source")
            continue
        title = source[row.source].title
        counts = Counter[str]()
        for mark in row.marks:
            counts[mark.change] += len(mark.source) or 1
        what = ", ".join(f"{number} {change}" for change, number in counts.items()) or "its blocks do not match"
        details.append(f"section {row.section} (source section {row.source}, “{title}”): {what}")
    details += [f"source section {new.source} (“{source[new.source].title}”) is missing" for new in drift.new]
    return details


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _cell(row: Status | None) -> str:
    if row is None:
        return "<td></td>"
    label = escape(row.label)
    if row.details:
        details = "".join(f"<li>{escape(detail)}</li>" for detail in row.details)
        label = f"<details><summary>{label}</summary><ul>{details}</ul></details>"
    return f'<td class="{row.state}">{label}</td>'
