"""Proof of work: a browser shows that it spent some time, without anybody else being asked.

The challenge is the form's own key, which is signed and used once; so is its solution.
"""

import hashlib
import re
from datetime import datetime, timedelta

from ticket_form.secrets.signing import FormKey

HARDEST = 24
"""Bits: a phone would need a minute."""
LASTS = timedelta(days=1)  # solutions cannot be hoarded for longer
_NONCE = re.compile(r"[0-9]{1,15}")


def is_solved(form_key: FormKey, nonce: str, *, bits: int, now: datetime) -> bool:
    """Tell whether SHA-256 of the key, a dot and the nonce begins with so many zero bits."""
    if not _NONCE.fullmatch(nonce) or now - form_key.shown_at > LASTS:
        return False
    digest = hashlib.sha256(f"{form_key.key}.{nonce}".encode()).digest()
    return int.from_bytes(digest) >> (256 - bits) == 0
