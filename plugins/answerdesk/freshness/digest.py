"""Write each owner a mail about the articles that are to be reviewed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from answerdesk.freshness.report import Owner, Row
from answerdesk.freshness.wording import articles, standing


def write_digests(
    owners: Sequence[Owner], addresses: Mapping[str, str], *, sender: Address, now: datetime, source: str
) -> list[EmailMessage]:
    """Return a mail to each owner who has something to review, and an address; `source` is the source language."""
    return [
        _digest(owner, addresses[owner.name], sender, now, source)
        for owner in owners
        if owner.asked and owner.name in addresses
    ]


def _digest(owner: Owner, address: str, sender: Address, now: datetime, source: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = address
    message["Subject"] = f"{articles(len(owner.asked))} of {' '.join(owner.name.split())} to review"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{now:%Y%m%dT%H%M%S%f}.{address.replace('@', '.')}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    lines = [
        f"These articles of {owner.name} are to be reviewed:",
        *(line for row in owner.asked for line in ("", *_lines(row, source))),
        "",
        "Readers of an overdue article are told that it may be out of date, and search shows it later.",
        "An archived one is out of search and lists until somebody reviews it.",
        "",
        "Read the article, mend what is no longer true, then run the command below it.",
    ]
    message.set_content("\n".join(lines) + "\n", cte="quoted-printable")
    return message


def _lines(row: Row, source: str) -> list[str]:
    language = "" if row.language == source else f" --lang {row.language}"
    return [
        row.article.title,
        f"  {row.file}: {standing(row)}",
        f"  answerdesk reviewed {row.article.path}{language}",
    ]
