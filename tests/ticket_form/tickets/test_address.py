"""The normal form of addresses, and how they are found in texts."""

import unicodedata

import pytest

from ticket_form.tickets.address import address_key, address_pattern, is_ascii_pattern


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ÖMER@Örnek.com.tr", "ömer@xn--rnek-4qa.com.tr"),
        ("ömer@örnek.com.tr", unicodedata.normalize("NFD", "ÖMER@ÖRNEK.COM.TR")),
        ("İpek@example.com", "ipek@EXAMPLE.com"),
        ("IPEK@example.com", "ipek@example.com"),
        ("Kim@BÜCHER.example", "kim@bücher.example"),
        ("ｋｉｍ@example.com", "kim@example.com"),
        ("straße@example.com", "STRASSE@example.com"),
        ("kim@例え.テスト", "kim@xn--r8jz45g.xn--zckzah"),
        ("kim@Straße.example", "KIM@XN--STRAE-OQA.EXAMPLE"),
        ("kim@βόλος.example", "kim@xn--nxasmm1c.example"),
        ("kim@İzmir.example", "kim@izmir.example"),
        ("kim@example.com.", "kim@example.com"),
        (" kim@example.com ", "kim@example.com"),
        ("김@example.com", unicodedata.normalize("NFD", "김@example.com")),
    ],
)
def test_spellings_of_one_address_have_one_form(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kınay@example.com", "kinay@example.com"),
        ("kim@example.com", "kim@example.org"),
        ("a.b@x.de", "ab@x.de"),
        ("a@faß.de", "a@fass.de"),
    ],
)
def test_other_addresses_have_other_forms(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


@pytest.mark.parametrize(
    "text",
    [
        "Ask ÖMER@ÖRNEK.COM.TR, please.",
        "<ömer@xn--rnek-4qa.com.tr>",
        unicodedata.normalize("NFD", "an ömer@örnek.com.tr geschrieben"),
        "Ömer@Örnek.com.tr",
    ],
)
def test_an_address_is_found_however_it_is_spelt(text: str) -> None:
    for typed in ("ömer@örnek.com.tr", "ÖMER@XN--RNEK-4QA.COM.TR"):
        assert len(address_pattern(typed).findall(text)) == 1


def test_an_address_at_a_domain_with_eszett_is_found_in_both_forms() -> None:
    for typed in ("kim@straße.de", "kim@xn--strae-oqa.de"):
        found = address_pattern(typed).findall("Kim@Straße.de, kim@XN--STRAE-OQA.de; not kim@strasse.de")
        assert found == ["Kim@Straße.de", "kim@XN--STRAE-OQA.de"]


def test_an_address_is_no_pattern_of_others() -> None:
    assert not address_pattern("kim.lee@example.com").search("kimxlee@example.com kim.lee@exampleycom")


def test_databases_are_asked_only_for_what_they_can_find() -> None:
    assert is_ascii_pattern("Kim@Example.com")
    assert not is_ascii_pattern("kim@örnek.com.tr")
    assert not is_ascii_pattern("kim@xn--rnek-4qa.com.tr")
