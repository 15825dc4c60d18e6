"""Verify proofs of work: a browser spends computing time, without a third-party service.

The challenge is the form's own key, which is signed and used once; so is its solution.
"""

import hashlib
import re
from datetime import datetime, timedelta

from ticket_form.secrets.signing import FormKey

MAX_BITS = 24
"""Bits of the most difficult challenge: about a minute on a phone."""
SOLUTION_LIFETIME = timedelta(days=1)  # validity of a solution, so that solutions cannot be stockpiled
_NONCE = re.compile(r"[0-9]{1,15}")


def is_solved(form_key: FormKey, nonce: str, *, bits: int, now: datetime) -> bool:
    """Return whether SHA-256 of "key.nonce" begins with `bits` zero bits, for a key that is young enough."""
    if not _NONCE.fullmatch(nonce) or now - form_key.shown_at > SOLUTION_LIFETIME:
        return False
    digest = hashlib.sha256(f"{form_key.key}.{nonce}".encode()).digest()
    return int.from_bytes(digest) >> (256 - bits) == 0
