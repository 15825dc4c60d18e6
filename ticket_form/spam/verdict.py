"""Judge whether a person sent a form. A person may look like a robot, so doubt holds a ticket and never drops it.

Many tickets from one address are no doubt by themselves: a company may have one, and writes at once when its mail is
down. They are held only where another sign says that a program sends them.
"""

import ipaddress
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

NETWORK_SHARE = 4  # a network may send as much as so many addresses
SLOWER = 6  # whoever shows no work when it is asked for is refused so much earlier
BITS = 16  # of work when many tickets come: about 0.2 s, while the visitor writes
HURRY = 5  # times the shortest time: what is filled in sooner counts as a sign beside others
MAX_SAME_TEXT = 3  # tickets with the same words from one network in an hour that are no sign
UNKNOWN = "unknown"
# Loopback, private and link-local addresses (RFC 1918, 3927, 4193, 4291): whoever has one is inside the company.
# Not 100.64.0.0/10 (RFC 6598): strangers share a provider's.
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
    """Why a ticket is held back."""

    TRAP = "trap"  # the field that people do not see was filled in
    QUICK = "quick"  # the form was sent before anybody could have read it
    ADDRESS = "address"  # many tickets from one address, and another sign
    NETWORK = "network"  # many tickets from addresses beside each other, and another sign
    WORK = "work"  # no proof of work when it was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a person does not do; 0 switches a limit off."""

    minute: int = 5
    """Tickets a minute from one address that are not held."""
    hour: int = 30
    flood: int = 60
    """Tickets a minute from one address that are stored at all."""
    everyone: int = 60
    """Tickets a minute from all visitors until work is asked for."""
    seconds: int = 2
    """It takes at least so long to fill in the form."""
    work: int = 0
    """Bits of work that are always asked for."""
    networks: tuple[Network, ...] = ()
    """The company's own, beside private ones: whoever writes from there has no limit by address."""

    @property
    def offered_work(self) -> int:
        """Return how much work forms do: also now, if it may be asked for by the time that they are sent."""
        return self.work or (BITS if self.everyone else 0)

    @property
    def counts(self) -> bool:
        """Tell whether anything must be counted."""
        return bool(self.minute or self.hour or self.flood or self.everyone)

    @property
    def highest(self) -> int:
        """Return the number beyond which counting changes no verdict."""
        return max(self.flood, self.everyone, NETWORK_SHARE * self.minute, NETWORK_SHARE * self.hour)


OFF = Limits(minute=0, hour=0, flood=0, everyone=0, seconds=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How many tickets were sent, this one included."""

    minute: int = 0
    hour: int = 0
    network_minute: int = 0
    network_hour: int = 0
    everyone: int = 0
    same_text: int = 0
    """With the same words, from one network in an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a form that was sent."""

    trap: str
    taken: timedelta
    numbers: Numbers
    is_solved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamVerdict:
    """Whether a ticket is stored, and whether it is held back."""

    is_refused: bool = False
    reason: Reason | None = None


ACCEPTED = SpamVerdict()
REFUSED = SpamVerdict(is_refused=True)


def judge(facts: Facts, limits: Limits) -> SpamVerdict:
    """Accept a ticket, hold it back, or refuse it as part of a flood."""
    numbers = facts.numbers
    lacks_work = is_work_asked(numbers.everyone, limits) and not facts.is_solved
    if _is_over(numbers.minute, limits.flood // SLOWER or limits.flood if lacks_work else limits.flood):
        return REFUSED
    # Below zero the clock was put back meanwhile, which tells nothing of the visitor.
    is_hurried, is_quick = (
        timedelta(0) <= facts.taken < timedelta(seconds=seconds) for seconds in (HURRY * limits.seconds, limits.seconds)
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
    """Tell whether forms must show work now."""
    return limits.work > 0 or _is_over(everyone, limits.everyone)


def visitor_of(address: str | None) -> tuple[str, str]:
    """Return what counts as one address, and its network.

    Whoever has one address of IPv6 has the /64 around it.
    """
    found = _parse(address)
    if found is None:
        return UNKNOWN, UNKNOWN
    if isinstance(found, ipaddress.IPv4Address):
        return _around(found, 32), _around(found, 24)
    return _around(found, 64), _around(found, 48)


def is_colleague(address: str | None, limits: Limits) -> bool:
    """Tell whether an address is in a private network or in one of the company's own."""
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
