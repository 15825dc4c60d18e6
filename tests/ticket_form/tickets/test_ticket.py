"""Reading what a visitor sent."""

from dataclasses import replace

import pytest

from ticket_form.tickets.ticket import FieldError, FieldProblem, TicketDraft, read_address, read_draft

FORM = {
    "lang": ["ko"],
    "category": ["network"],
    "subject": ["VPN"],
    "description": ["It drops."],
    "email": ["kim@example.com"],
    "name": [""],
}


def read(**changes: list[str]) -> TicketDraft | tuple[FieldError, ...]:
    return read_draft({**FORM, **changes}, categories=["network"], languages=["en", "ko"])


def test_a_complete_form_is_a_draft() -> None:
    draft = read(q=["vpn"], article=["network/vpn/"])
    assert isinstance(draft, TicketDraft)
    assert (draft.language, draft.category, draft.subject, draft.name) == ("ko", "network", "VPN", "")
    assert (draft.trail.searches, draft.trail.articles) == (("vpn",), ("network/vpn/",))


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("lang", "xx", FieldProblem.UNKNOWN),
        ("lang", "", FieldProblem.UNKNOWN),
        ("category", "", FieldProblem.UNKNOWN),
        ("category", "kitchen", FieldProblem.UNKNOWN),
        ("subject", " \0\n", FieldProblem.MISSING),
        ("subject", "x" * 201, FieldProblem.TOO_LONG),
        ("description", "\r\n \t", FieldProblem.MISSING),
        ("description", "x" * 10_001, FieldProblem.TOO_LONG),
        ("email", "", FieldProblem.MISSING),
        ("email", "kim", FieldProblem.WRONG),
        ("name", "x" * 101, FieldProblem.TOO_LONG),
    ],
)
def test_one_wrong_field_is_one_error(field: str, value: str, problem: FieldProblem) -> None:
    errors = read(**{field: [value]})
    assert isinstance(errors, tuple)
    assert [(error.field, error.problem) for error in errors] == [(field, problem)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "other"),
        ("subject", "가" * 200),
        ("description", "가" * 10_000),
        ("name", "x" * 100),
        ("lang", "en"),
    ],
)
def test_what_just_fits_is_accepted(field: str, value: str) -> None:
    assert isinstance(read(**{field: [value]}), TicketDraft)


def test_an_empty_form_has_every_error_at_once_in_the_order_of_the_fields() -> None:
    errors = read_draft({}, categories=[], languages=["en"])
    assert isinstance(errors, tuple)
    assert [error.field for error in errors] == ["lang", "category", "subject", "description", "email"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("kim@example.com", "kim@example.com"),
        (" kim@Example.COM ", "kim@example.com"),
        ("kim@corp.local", "kim@corp.local"),
        ("kim+tag@example.co.kr", "kim+tag@example.co.kr"),
        ("".join(chr(ord(email) + 0xFEE0) for email in "kim@example.com"), "kim@example.com"),
        ("김@example.com", "김@example.com"),
    ],
)
def test_one_address_is_read(typed: str, address: str) -> None:
    assert read_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "kim",
        "kim@example",
        "@example.com",
        "kim@@example.com",
        "kim@example.com, lee@example.com",
        "kim@example.com;lee@example.com",
        "kim@example.com lee@example.com",
        "Kim <kim@example.com>",
        "=?utf-8?q?a?=@example.org",
        "kim@example.com\r\nBcc: all@example.com",
        "kim\0@example.com",
        "kim@exam\nple.com",
        "kim\u2028@example.com",
        "kim@[127.0.0.1]",
        "kim@example..com",
        "kim\ud800@example.com",
        "x" * 250 + "@example.com",
    ],
)
def test_anything_but_one_address_is_refused(typed: str) -> None:
    assert read_address(typed) is None


def test_every_part_of_a_draft_changes_its_fingerprint() -> None:
    draft = read(q=["vpn"])
    assert isinstance(draft, TicketDraft)
    fields = ("language", "category", "subject", "description", "email", "name")
    others = [replace(draft, **{field: "changed"}) for field in fields]  # type: ignore[arg-type]
    others.append(replace(draft, trail=replace(draft.trail, articles=("a/",))))
    assert len({other.fingerprint() for other in (draft, *others)}) == 8
    assert replace(draft).fingerprint() == draft.fingerprint()
