"""Secrets and personal data. Nothing here is anybody's: all of it is made up, put together so that no scanner minds."""

from collections.abc import Callable

import pytest

from answerdesk.checks.finding import Finding
from answerdesk.checks.personal import is_card, is_iban

Find = Callable[..., list[Finding]]
Seen = Callable[..., list[str]]
MIXED = "aB3dE5fG7hJ9kL2mN4pQ6rS8tU1vW3xY5zA7bC9d"

SECRETS = [
    "AKI" + "AQ7RS9TUVWX2YZ4AB",
    "gh" + "p_" + MIXED[:36],
    "glpa" + "t-" + MIXED[:20],
    "xox" + "b-2345678901-" + MIXED[:24],
    "https://hooks.slack" + ".com/services/T0AB1CD2E/B0AB1CD2E/" + MIXED[:24],
    "AIz" + "a" + MIXED[:35],
    "sk_li" + "ve_" + MIXED[:24],
    "eyJ" + MIXED[:20] + ".eyJ" + MIXED[:30] + "." + MIXED,
    "-----BEGIN RSA PRIVATE" + " KEY-----\n" + MIXED * 2,
    "password: hunter2",
    "export DB_PASSWORD='s3cr-v9Kq'",
    '"api_key": "8f14e45fceea167a5a36"',
    "비밀번호: gksrmf77!",
    "postgres://app:Zt9kk2@db.house.org/x",
]
HARMLESS = [
    "password: <password>",
    "password: {{ password }}",
    "password=$DB_PASSWORD",
    "password: your-password1",
    "The password: at least 12 characters",
    "token: ********",
    "password=os.environ['PW1']",
    "token_type: bearer",
    "https://user:password@example.com/",
    "sha256 token: 0123456789",
    "AKIA" + "IOSFODNN7EXAMPLE",
    "-----BEGIN PRIVATE KEY-----\n...",
    "password: 12 to 64 characters",
    "Token-Ring: 16Mbit",
    "POSTGRES_PASSWORD=supers3cr3t",
    "password: P@ssw0rd99",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_named_and_not_repeated(find: Find, text: str) -> None:
    (found,) = find("secret", f"Text.\n\n```\n{text}\n```\n")
    assert found.line == 12
    assert text not in str(found)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_stands_for_a_secret_is_none(seen: Seen, text: str) -> None:
    assert seen("secret", f"```\n{text}\n```\n") == []


def test_front_matter_is_searched_too(find: Find, article: Callable[..., str]) -> None:
    assert len(find("secret", article("A", tags=["password: hunter2"]))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "jana.novakova@verlag.org",
        "katzenfan77@gmail.com",
        "+44 20 7183 9264",
        "tel:+49-30-7654321",
        "DE12 5001 0517 0648 4898 90",
        "5454 1200 3400 5609",
    ],
)
def test_personal_data_are_named_and_not_repeated(find: Find, text: str) -> None:
    (found,) = find("personal-data", f"Text.\n{text}\n")
    assert found.line == 10
    assert text not in str(found)


@pytest.mark.parametrize(
    "text",
    [
        "name@example.com", "jana.novakova@example.com", "firstname.lastname@verlag.org", "servicedesk@verlag.org",
        "your.name@gmail.com", "anna.frey@desk.org", "jana.novakova@house.example.org", "git@github.com:a/b.git",
        "ssh jana.novakova@login.example.com", "+1 202 555 0143", "+44 1632 960123", "+1 234 567 8900",
        "+49 30 901820", "version 1.2.3.4", "2026-11-22 10:30:15", "GB29 NWBK 6016 1331 9268 19", "4111 1111 1111 1111",
        "4111 1111 1111 1112", "0x80070035 1234 5678", "DE12 5001 0517 0648 4898 91",
    ],
)  # fmt: skip
def test_examples_roles_and_the_houses_own_are_let_be(seen: Seen, text: str) -> None:
    assert seen("personal-data", f"Text {text} text.\n") == []


def test_a_desks_number_beside_its_address_is_let_be(seen: Seen) -> None:
    assert seen("personal-data", "* Email: <mailto:servicedesk@verlag.org>\n* Phone: +49 30 7654321\n") == []
    assert len(seen("personal-data", "servicedesk@verlag.org\n\n\n\n\n+49 30 7654321\n")) == 1
    assert len(seen("personal-data", "jana.novakova@verlag.org, support@verlag.org\n\n+49 30 7654321\n")) == 2


def test_an_address_in_a_link_is_a_persons_too(seen: Seen) -> None:
    assert len(seen("personal-data", "[Jana](mailto:jana.novakova@verlag.org)\n")) == 1


def test_checksums() -> None:
    assert is_card("5454120034005609")
    assert not is_card("5454120034005600")
    assert is_iban("DE12500105170648489890")
    assert not is_iban("DE12500105170648489891")
