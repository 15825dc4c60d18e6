"""Gather what is known of a form that was sent, and have it judged."""

import hashlib
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ticket_form.errors import TooManyTickets
from ticket_form.secrets.signing import FormKey
from ticket_form.spam.proof_of_work import is_solved
from ticket_form.spam.rate_limit import RateCounter, count_in
from ticket_form.spam.verdict import Facts, Limits, Numbers, Reason, is_colleague, is_work_asked, judge, visitor_of

TRAP = "website"  # what robots like to fill in
WORK = "work"
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
    """Count a form that was sent from an address, and return why it is held back, if it is.

    `is_forwarded` says that the address is that of a proxy which nobody counted: then it may stand for the whole world,
    however private it is. `text` is what the visitor wrote.

    Raises:
        TooManyTickets: so many came that it is not stored.
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
    """Return the same for texts that differ in nothing but capitals, digits, spaces and signs."""
    letters = "".join(filter(str.isalpha, unicodedata.normalize("NFKC", text).casefold()))
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()
