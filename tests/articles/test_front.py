"""One field of front matter changes, and not a byte beside it."""

from datetime import date

import pytest

from answerdesk.articles.errors import ContentError
from answerdesk.articles.front import set_field

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"---\ntitle: T\nreviewed: 2025-01-01\nx: 1\n---\nreviewed: 2025-01-01\n",
         b"---\ntitle: T\nreviewed: 2026-11-20\nx: 1\n---\nreviewed: 2025-01-01\n"),
        (b"\xef\xbb\xbf---\r\nreviewed: 2025-01-01\r\n---\r\n\r\nText",
         b"\xef\xbb\xbf---\r\nreviewed: 2026-11-20\r\n---\r\n\r\nText"),
        (b"---\nreviewed:   2025-01-01   # by Kim\n---\n", b"---\nreviewed: 2026-11-20   # by Kim\n---\n"),
        (b"---\nreviewed: '2025-01-01'\n---\n", b"---\nreviewed: 2026-11-20\n---\n"),
        (b"---\nreviewed:\n---\n", b"---\nreviewed: 2026-11-20\n---\n"),
        (b"---\ntitle: T\n---\n\xc3\xa9\n", b"---\ntitle: T\nreviewed: 2026-11-20\n---\n\xc3\xa9\n"),
        (b"---\r\ntitle: T\r\n---\r\n", b"---\r\ntitle: T\r\nreviewed: 2026-11-20\r\n---\r\n"),
        (b"---\nreviewed_by: Kim\nreviewed: 2025-01-01\n---", b"---\nreviewed_by: Kim\nreviewed: 2026-11-20\n---"),
    ],
)  # fmt: skip
def test_only_the_field_changes(before: bytes, after: bytes) -> None:
    assert set_field("a.md", before, "reviewed", DAY) == after


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Text\n", "front matter is missing"),
        (b"---\nreviewed:\n  2025-01-01\n---\n", "reviewed is not one plain line “reviewed: 2026-11-20”"),
        (b"---\n{reviewed: 2025-01-01}\n---\n", "reviewed"),
        (
            b"---\ntitle: |\n  reviewed\nreviewed: 2025-01-01\nreviewed: 2025-01-02\n---\n",
            "reviewed is written twice",
        ),
        (b"---\ntitle: \xff\n---\n", "byte 11 is no UTF-8"),
    ],
)
def test_what_cannot_be_changed_so_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ContentError) as raised:
        set_field("a.md", content, "reviewed", DAY)
    assert str(raised.value).startswith("a.md: ")
    assert message in str(raised.value)
