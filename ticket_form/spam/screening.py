"""Screen a posted form for spam: collect the facts, count, and judge."""

import hashlib
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ticket_form.errors import TooManyTickets
from ticket_form.secrets.signing import FormKey
from ticket_form.spam.proof_of_work import is_solved
from ticket_form.spam.rate_limit import RateCounter, count_in
from ticket_form.spam.verdict import Facts, Limits, Numbers, Reason, is_colleague, is_work_asked, judge, visitor_of

HONEYPOT_FIELD = "website"  # name of the honeypot field
WORK_FIELD = "work"
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


def judge_post(
    session: Session,
    form_key: FormKey,
    *,
    trap: str,
    nonce: str,
    address: str | None,
    is_forwarded: bool,
    text: str,
    limits: Limits,
    secret: bytes,
    now: datetime,
) -> Reason | None:
    """Count a posted form, and return the reason to hold the ticket, or None.

    `is_forwarded` means that the address is that of a proxy missing from the settings, which may stand for the whole
    world even if it is private. `text` is what the visitor wrote.

    Raises:
        TooManyTickets: the rate limit is exceeded.
    """
    is_counted = limits.counts and (is_forwarded or not is_colleague(address, limits))
    numbers = _count(session, address, text, limits=limits, secret=secret, now=now) if is_counted else Numbers()
    facts = Facts(
        trap=trap,
        taken=now - form_key.shown_at,
        numbers=numbers,
        is_solved=is_work_asked(numbers.everyone, limits)
        and is_solved(form_key, nonce, bits=limits.offered_work, now=now),
    )
    verdict = judge(facts, limits)
    if verdict.is_refused:
        raise TooManyTickets
    return verdict.reason


def _count(
    session: Session, address: str | None, text: str, *, limits: Limits, secret: bytes, now: datetime
) -> Numbers:
    visitor, network = visitor_of(address)
    counters = [
        RateCounter(key=f"tickets from {visitor}", window=_MINUTE),
        RateCounter(key=f"tickets from {visitor}", window=_HOUR),
        RateCounter(key=f"tickets from network {network}", window=_MINUTE),
        RateCounter(key=f"tickets from network {network}", window=_HOUR),
        RateCounter(key="tickets", window=_MINUTE),
        RateCounter(key=f"text from network {network} {_digest(text)}", window=_HOUR),
    ]
    minute, hour, network_minute, network_hour, everyone, same_text = count_in(
        session, counters, enough=limits.highest, secret=secret, now=now
    )
    return Numbers(
        minute=minute, hour=hour, network_minute=network_minute, network_hour=network_hour, everyone=everyone,
        same_text=same_text,
    )  # fmt: skip


def _digest(text: str) -> str:
    """Return a hash that ignores case, digits, spaces and punctuation."""
    letters = "".join(filter(str.isalpha, unicodedata.normalize("NFKC", text).casefold()))
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()
