"""Ticket references."""

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from ticket_form.storage.ticket_store import list_tickets
from ticket_form.tickets.reference import REFERENCE_BITS, format_reference, parse_reference
from ticket_form.web.services import Services


def test_a_reference_holds_fifty_bits_that_people_can_say() -> None:
    assert format_reference(0) == "AD-0000-0000-00"
    assert format_reference((1 << REFERENCE_BITS) - 1) == "AD-ZZZZ-ZZZZ-ZZ"
    assert format_reference(1) == "AD-0000-0000-01"
    assert format_reference(1 << 49) == "AD-G000-0000-00"
    assert REFERENCE_BITS >= 50


@pytest.mark.parametrize("number", [-1, 1 << REFERENCE_BITS])
def test_other_numbers_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="50 bits"):
        format_reference(number)


@pytest.mark.parametrize(
    "typed",
    ["AD-01AB-CDEF-XY", "ad 01ab cdef xy", "AD\u2013o1ab\u2013cdef\u2013xy", "OlABCDEFXY", "ad-oiab-cdef-xy\n"],
)
def test_a_reference_is_read_however_it_was_typed(typed: str) -> None:
    assert parse_reference(typed) == "AD-01AB-CDEF-XY"


@pytest.mark.parametrize(
    "typed", ["", "AD", "AD-01AB-CDEF-X", "AD-01AB-CDEF-XYZ", "AD-01AB-CDEF-X!", "AD-U1AB-CDEF-XY", "7"]
)
def test_anything_else_is_no_reference(typed: str) -> None:
    assert parse_reference(typed) is None


def test_references_do_not_follow_from_each_other(
    send: Callable[..., TestResponse], services: Services, new_key: Callable[[], str]
) -> None:
    for _ in range(40):
        send(form_key=new_key())
    references = [ticket.reference for ticket in list_tickets(services.database).tickets]
    assert all(
        re.fullmatch(r"AD-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}", r) for r in references
    )
    assert len(set(references)) == 40
    assert references != sorted(references)
    assert references != sorted(references, reverse=True)
    # Each place varies: no part is a counter, a time or a constant.
    for place in (3, 4, 5, 6, 8, 9, 10, 11, 13, 14):
        assert len({reference[place] for reference in references}) > 10
