"""Receipts that only we can write."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from werkzeug.test import TestResponse

from ticket_form.secrets.signed_receipts import Receipt, read_receipt, sign_receipt

KEY = b"k" * 32
RECEIPT = Receipt(reference="AD-01AB-CDEF-XY", language="ko", secret="s3cret")


def test_a_signed_receipt_is_read_back() -> None:
    assert read_receipt(sign_receipt(RECEIPT, key=KEY), key=KEY) == RECEIPT


def test_a_changed_receipt_is_refused_at_every_place() -> None:
    token = sign_receipt(RECEIPT, key=KEY)
    for place, email in enumerate(token):
        changed = token[:place] + ("A" if email != "A" else "Q") + token[place + 1 :]
        assert read_receipt(changed, key=KEY) is None


@pytest.mark.parametrize(
    "token",
    [
        sign_receipt(RECEIPT, key=b"another key of thirty-two bytes!"),
        URLSafeSerializer(KEY, salt="another use").dumps(["AD-01AB-CDEF-XY", "ko", "s3cret"]),
        URLSafeSerializer(KEY, salt="ticket_form.receipt").dumps(["AD-01AB-CDEF-XY", "ko"]),  # of an earlier version
        "",
        ".",
        "é",
    ],
)
def test_what_another_key_use_or_version_signed_is_refused(token: str) -> None:
    assert read_receipt(token, key=KEY) is None


def test_a_receipt_shows_the_reference_and_nothing_that_was_typed(
    send: Callable[..., TestResponse], client: FlaskClient
) -> None:
    page = client.get(send(lang="ko").location)
    assert page.status_code == 200
    assert '<html lang="ko"' in page.text
    assert "AD-" in page.text
    assert "+1 555 0100" in page.text
    assert 'href="/ko/"' in page.text
    for typed in ("kim@example.com", "VPN drops", "It worked yesterday", "Kim"):
        assert typed not in page.text


def test_a_receipt_can_be_read_in_another_language(send: Callable[..., TestResponse], client: FlaskClient) -> None:
    assert '<html lang="ar"' in client.get(send(lang="ko").location + "?lang=ar").text


def test_a_forged_receipt_is_not_found(client: FlaskClient, send: Callable[..., TestResponse]) -> None:
    location = send().location
    assert client.get(location[:-1] + ("A" if location[-1] != "A" else "Q")).status_code == 404
