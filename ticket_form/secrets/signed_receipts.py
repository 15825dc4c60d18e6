"""Sign and read the address of a receipt, which shows a reference without asking the database."""

from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a receipt shows."""

    reference: str
    language: str
    secret: str
    """Of the status page."""


def sign_receipt(receipt: Receipt, *, key: bytes) -> str:
    """Write a receipt as a token that only this key can make."""
    return _serializer(key).dumps([receipt.reference, receipt.language, receipt.secret])


def read_receipt(token: str, *, key: bytes) -> Receipt | None:
    """Return the receipt of a token, or None when it was not signed with this key."""
    try:
        reference, language, secret = _serializer(key).loads(token)
    except (BadSignature, ValueError):  # a receipt of an earlier version had no secret
        return None
    return Receipt(reference=reference, language=language, secret=secret)


def _serializer(key: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="ticket_form.receipt")
