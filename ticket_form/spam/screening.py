"""Gather what is known of a form that was sent, and have it judged."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ticket_form.errors import TooManyTickets
from ticket_form.secrets.signing import FormKey
from ticket_form.spam.proof_of_work import is_solved
from ticket_form.spam.rate_limit import RateCounter, count_in
from ticket_form.spam.verdict import Facts, Limits, Numbers, Reason, is_work_asked, judge, visitor_of

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
    limits: Limits,
    secret: bytes,
    now: datetime,
) -> Reason | None:
    """Count a form that was sent from an address, and return why it is held back, if it is.

    Raises:
        TooManyTickets: so many came that it is not stored.
    """
    numbers = _count(session, address, limits=limits, secret=secret, now=now) if limits.counts else Numbers()
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


def _count(session: Session, address: str | None, *, limits: Limits, secret: bytes, now: datetime) -> Numbers:
    visitor, network = visitor_of(address)
    counters = [
        RateCounter(key=f"tickets from {visitor}", window=_MINUTE),
        RateCounter(key=f"tickets from {visitor}", window=_HOUR),
        RateCounter(key=f"tickets from network {network}", window=_MINUTE),
        RateCounter(key=f"tickets from network {network}", window=_HOUR),
        RateCounter(key="tickets", window=_MINUTE),
    ]
    minute, hour, network_minute, network_hour, everyone = count_in(
        session, counters, enough=limits.highest, secret=secret, now=now
    )
    return Numbers(
        minute=minute, hour=hour, network_minute=network_minute, network_hour=network_hour, everyone=everyone
    )
