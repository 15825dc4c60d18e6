"""Sign and verify receipt tokens, from which a receipt is shown without a database query."""

from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The content of a receipt."""

    reference: str
    language: str
    secret: str
    """The secret in the status page's URL."""


def sign_receipt(receipt: Receipt, *, key: bytes) -> str:
    """Return a receipt as a token signed with the key."""
    return _serializer(key).dumps([receipt.reference, receipt.language, receipt.secret])


def read_receipt(token: str, *, key: bytes) -> Receipt | None:
    """Return the receipt of a token, or None if its signature is invalid."""
    try:
        reference, language, secret = _serializer(key).loads(token)
    except (BadSignature, ValueError):  # receipts of earlier versions had no secret
        return None
    return Receipt(reference=reference, language=language, secret=secret)


def _serializer(key: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="ticket_form.receipt")
