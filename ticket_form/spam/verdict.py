"""Judge whether a form is spam. Suspicion only holds a ticket for review; it never drops one.

Many tickets from one address are not suspicious by themselves: a company may share one address, and everyone writes
during an outage. They are held only if another sign suggests a program.
"""

import ipaddress
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

NETWORK_SHARE = 4  # times the limits of one address, for its network
UNPROVEN_FLOOD_DIVISOR = 6  # divides the flood limit of clients without the requested proof of work
FLOOD_WORK_BITS = 16  # of the proof of work during a flood: about 0.2 s, while the visitor writes
HURRIED_FACTOR = 5  # times the minimum time; a form filled in sooner is a sign, but not enough alone
MAX_SAME_TEXT = 3  # tickets with the same text from one network in an hour that are not a sign
UNKNOWN = "unknown"
# Loopback, private and link-local addresses (RFC 1918, 3927, 4193, 4291), which are inside the company. Without
# 100.64.0.0/10 (RFC 6598), which a provider's customers share.
PRIVATE_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fc00::/7",
        "fe80::/10",
    )
)  # fmt: skip
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_PORT = re.compile(r"(?:(\d+\.\d+\.\d+\.\d+)|\[(.+)\])(?::\d+)?")


class Reason(StrEnum):
    """Why a ticket is held."""

    TRAP = "trap"  # the honeypot field was filled in
    QUICK = "quick"  # the form was sent faster than anybody could read it
    ADDRESS = "address"  # many tickets from one address, and another sign
    NETWORK = "network"  # many tickets from neighbouring addresses, and another sign
    WORK = "work"  # the requested proof of work is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of the spam check; 0 disables one."""

    minute: int = 5
    """Tickets a minute from one address that are not held."""
    hour: int = 30
    flood: int = 60
    """Tickets a minute from one address that are stored at all."""
    everyone: int = 60
    """Tickets a minute from all visitors until work is asked for."""
    seconds: int = 2
    """Minimum time in which a person can fill in the form."""
    work: int = 0
    """Bits of the proof of work that every form requires."""
    networks: tuple[Network, ...] = ()
    """The company's networks, in addition to private ones: no limit by address applies to them."""

    @property
    def offered_work(self) -> int:
        """Return the bits of work that a form computes, in case they are required by the time that it is sent."""
        return self.work or (FLOOD_WORK_BITS if self.everyone else 0)

    @property
    def counts(self) -> bool:
        """Return whether any limit needs counting."""
        return bool(self.minute or self.hour or self.flood or self.everyone)

    @property
    def highest(self) -> int:
        """Return the count beyond which no verdict changes."""
        return max(self.flood, self.everyone, NETWORK_SHARE * self.minute, NETWORK_SHARE * self.hour)


OFF = Limits(minute=0, hour=0, flood=0, everyone=0, seconds=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Counts of recent tickets, this one included."""

    minute: int = 0
    hour: int = 0
    network_minute: int = 0
    network_hour: int = 0
    everyone: int = 0
    same_text: int = 0
    """With the same text, from one network in an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts that a posted form is judged by."""

    trap: str
    taken: timedelta
    numbers: Numbers
    is_solved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamVerdict:
    """Whether a ticket is refused, and why it is held, if it is."""

    is_refused: bool = False
    reason: Reason | None = None


ACCEPTED = SpamVerdict()
REFUSED = SpamVerdict(is_refused=True)


def judge(facts: Facts, limits: Limits) -> SpamVerdict:
    """Accept a ticket, hold it, or refuse it as part of a flood."""
    numbers = facts.numbers
    lacks_work = is_work_asked(numbers.everyone, limits) and not facts.is_solved
    if _is_over(numbers.minute, limits.flood // UNPROVEN_FLOOD_DIVISOR or limits.flood if lacks_work else limits.flood):
        return REFUSED
    # Negative if the clock was set back meanwhile, which is no sign of spam.
    is_hurried, is_quick = (
        timedelta(0) <= facts.taken < timedelta(seconds=seconds)
        for seconds in (HURRIED_FACTOR * limits.seconds, limits.seconds)
    )
    has_sign = is_hurried or lacks_work or numbers.same_text > MAX_SAME_TEXT
    reasons = {
        Reason.TRAP: bool(facts.trap),
        Reason.QUICK: is_quick,
        Reason.ADDRESS: has_sign and (_is_over(numbers.minute, limits.minute) or _is_over(numbers.hour, limits.hour)),
        Reason.NETWORK: has_sign
        and (
            _is_over(numbers.network_minute, NETWORK_SHARE * limits.minute)
            or _is_over(numbers.network_hour, NETWORK_SHARE * limits.hour)
        ),
        Reason.WORK: lacks_work,
    }
    return SpamVerdict(reason=next((reason for reason, holds in reasons.items() if holds), None))


def is_work_asked(everyone: int, limits: Limits) -> bool:
    """Return whether forms need a proof of work now."""
    return limits.work > 0 or _is_over(everyone, limits.everyone)


def visitor_of(address: str | None) -> tuple[str, str]:
    """Return the address to count by, and its network.

    An IPv6 address is widened to its /64, which one client controls.
    """
    found = _parse(address)
    if found is None:
        return UNKNOWN, UNKNOWN
    if isinstance(found, ipaddress.IPv4Address):
        return _around(found, 32), _around(found, 24)
    return _around(found, 64), _around(found, 48)


def is_colleague(address: str | None, limits: Limits) -> bool:
    """Return whether an address belongs to a private network or to one of the company's."""
    found = _parse(address)
    return found is not None and any(found in network for network in (*PRIVATE_NETWORKS, *limits.networks))


def _parse(address: str | None) -> Address | None:
    written = _PORT.fullmatch(address or "")
    try:
        found = ipaddress.ip_address((written[1] or written[2]) if written else address or "")
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def _around(address: ipaddress.IPv4Address | ipaddress.IPv6Address, bits: int) -> str:
    network = ipaddress.IPv4Network if address.version == 4 else ipaddress.IPv6Network
    return str(network((int(address), bits), strict=False))


def _is_over(number: int, limit: int) -> bool:
    return 0 < limit < number
