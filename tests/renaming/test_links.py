"""Links are mended wherever they may stand, and what is no link stays."""

import pytest

from answerdesk.renaming.links import Move, mend_links

INSIDE = Move(old="net/vpn", new="net/tunnel", languages=("en", "ko"))
ACROSS = Move(old="net/vpn", new="home/vpn", languages=("en", "ko"))


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("net/wi-fi", "See [it](vpn.md).", "See [it](tunnel.md)."),
        ("net/wi-fi", "[it](vpn.md#mac) and [it](./vpn.md)", "[it](tunnel.md#mac) and [it](tunnel.md)"),
        ("home/a", '[it](../net/vpn.md "VPN")', '[it](../net/tunnel.md "VPN")'),
        ("home/a", "[it](<../net/vpn.md>)", "[it](<../net/tunnel.md>)"),
        ("home/a", "[it][1]\n\n[1]: ../net/vpn.md#mac", "[it][1]\n\n[1]: ../net/tunnel.md#mac"),
        ("index", "[it](net/vpn.md)", "[it](net/tunnel.md)"),
        ("home/a", "[it](/ko/net/vpn/#mac)", "[it](/ko/net/tunnel/#mac)"),
        ("home/a", '<a href="../../net/vpn/#mac">it</a>', '<a href="../../net/tunnel/#mac">it</a>'),
        ("net/vpn", "[above](vpn.md#top)", "[above](tunnel.md#top)"),
        ("net/vpn", "![shot](vpn.png) [other](wi-fi.md)", "![shot](vpn.png) [other](wi-fi.md)"),
    ],
)
def test_a_link_to_an_article_that_moves_is_mended(path: str, before: str, after: str) -> None:
    assert mend_links(before, path, INSIDE)[0] == after


@pytest.mark.parametrize(
    "text",
    [
        "[other](../net/vpn-2.md) [other](vpn.md) [web](https://example.com/net/vpn.md)",
        "`[code](../net/vpn.md)` and ``[a](../net/vpn.md) ` ``",
        "```\n[code](../net/vpn.md)\n```",
        "~~~ text\n```\n[code](../net/vpn.md)\n~~~",
        "net/vpn.md is only named here; [top](#net/vpn) [mail](mailto:net/vpn.md)",
        "[sign in]({{ signin_url }}) [root](/net/vpn/) [not a language](/fr/net/vpn/)",
    ],
)
def test_what_does_not_lead_there_stays(text: str) -> None:
    assert mend_links(text, "home/a", INSIDE) == (text, 0)


def test_after_code_links_are_mended_again() -> None:
    text = "```\n[a](../net/vpn.md)\n```\n[b](../net/vpn.md)"
    assert mend_links(text, "home/a", INSIDE) == ("```\n[a](../net/vpn.md)\n```\n[b](../net/tunnel.md)", 1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("![shot](vpn.png) [other](wi-fi.md#x)", "![shot](../net/vpn.png) [other](../net/wi-fi.md#x)"),
        ("[there](../home/a.md)", "[there](a.md)"),
        ("[me](vpn.md)", "[me](vpn.md)"),
        ("![shot](my%20shot.png)", "![shot](../net/my%20shot.png)"),
        ('<img src="../vpn.png" alt="">', '<img src="../../net/vpn.png" alt="">'),
        (
            "[web](https://example.com/a.md) [mail](mailto:a@b.c)",
            "[web](https://example.com/a.md) [mail](mailto:a@b.c)",
        ),
    ],
)
def test_an_article_that_goes_to_another_folder_keeps_its_links(before: str, after: str) -> None:
    assert mend_links(before, "net/vpn", ACROSS)[0] == after


def test_ends_of_lines_stay() -> None:
    assert mend_links("a\r\n[it](vpn.md)\r\n", "net/a", INSIDE)[0] == "a\r\n[it](tunnel.md)\r\n"
