"""Write operator alerts as text: a line for the log, subject and body for the e-mail."""

from collections.abc import Sequence

from ticket_form.operations.alerts import Alert

_ABOUT = (
    "You are told again in an hour if more came or nobody can have looked yet, then once a day while something waits. "
    'docs/operations.md has a section "Reports".'
)


def write_line(alert: Alert) -> str:
    """Return an alert in one line."""
    return f"{alert.summary}. {' '.join(alert.cure)}"


def write_subject(alerts: Sequence[Alert]) -> str:
    """Return the subject of a report: the title of the first alert, and the number of others."""
    more = f" (and {len(alerts) - 1} more)" if len(alerts) > 1 else ""
    return _capital(alerts[0].summary.partition(",")[0]) + more


def write_body(alerts: Sequence[Alert], *, base_url: str | None) -> str:
    """Return the text of a report."""
    return "\n\n".join((*(_write(alert, base_url) for alert in alerts), _ABOUT))


def _write(alert: Alert, base_url: str | None) -> str:
    lines = [f"{_capital(alert.summary)}.", *(f"  - {detail}" for detail in alert.details), *alert.cure]
    if alert.page:
        where = "" if base_url else ' ("ticket-form queue address" prints the address of the queue, with its key)'
        lines.append(f"In the queue: {base_url or ''}{alert.page}{where}")
    return "\n".join(lines)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
