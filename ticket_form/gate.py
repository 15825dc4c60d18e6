"""Gather what is known of a form that was sent, and have it judged."""

from datetime import datetime, timedelta

from ticket_form.database import Database
from ticket_form.keys import FormKey
from ticket_form.limits import Counter, count
from ticket_form.spam import ACCEPTED, Facts, Limits, Numbers, Verdict, is_work_asked, judge, visitor_of
from ticket_form.store import is_used
from ticket_form.work import is_solved

TRAP = "website"  # what robots like to fill in
WORK = "work"
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


def judge_post(
    database: Database,
    form_key: FormKey,
    *,
    trap: str,
    nonce: str,
    address: str | None,
    limits: Limits,
    secret: bytes,
    now: datetime,
) -> Verdict:
    """Judge a form that was sent from an address; one that was stored before gets the same answer again.

    Raises:
        StorageUnavailable: the counts cannot be kept.
    """
    numbers = _count(database, address, limits=limits, secret=secret, now=now) if limits.counts else Numbers()
    facts = Facts(
        trap=trap,
        taken=now - form_key.shown_at,
        numbers=numbers,
        is_solved=is_work_asked(numbers.everyone, limits)
        and is_solved(form_key, nonce, bits=limits.offered_work, now=now),
    )
    verdict = judge(facts, limits)
    return ACCEPTED if verdict != ACCEPTED and is_used(database, form_key.key) else verdict


def _count(database: Database, address: str | None, *, limits: Limits, secret: bytes, now: datetime) -> Numbers:
    visitor, network = visitor_of(address)
    counters = [
        Counter(key=f"tickets from {visitor}", window=_MINUTE),
        Counter(key=f"tickets from {visitor}", window=_HOUR),
        Counter(key=f"tickets from network {network}", window=_MINUTE),
        Counter(key=f"tickets from network {network}", window=_HOUR),
        Counter(key="tickets", window=_MINUTE),
    ]
    minute, hour, network_minute, network_hour, everyone = count(
        database, counters, enough=limits.highest, secret=secret, now=now
    )
    return Numbers(
        minute=minute, hour=hour, network_minute=network_minute, network_hour=network_hour, everyone=everyone
    )
