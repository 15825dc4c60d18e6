"""A look at the top of a file says who may see an article, as surely as reading all of it."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.articles.reader import Front, Reader, stamp_of

PUBLIC = Front(audience="public", draft=False, publish=None, reviewed=date(2026, 10, 1), review_every=180)
DATES = b"reviewed: 2026-10-01\nreview_every: 180\n"


def look(folder: Path, content: bytes) -> Front | None:
    file = folder / "a.md"
    file.write_bytes(content)
    return Reader().front(str(file), stamp_of(str(file)))


def test_an_ordinary_article_is_public(tmp_path: Path) -> None:
    assert look(tmp_path, b"---\ntitle: T\n" + DATES + b"---\ndraft: true\naudience: internal\n") == PUBLIC


@pytest.mark.parametrize(
    "lines",
    [
        b"audience: internal\n",
        b"audience : 'internal' # staff\n",
        b'"audience": "internal"\n',
        b'"\\x61udience": internal\n',
        b"audience: &x internal\n",
        b"base: &base {audience: internal}\n<<: *base\n",
        b"? audience\n: internal\n",
    ],
)
@pytest.mark.parametrize("filler", [b"", b"aliases: [" + b"word, " * 5000 + b"end]\n"], ids=["short", "long"])
def test_however_it_is_written_internal_is_internal(tmp_path: Path, lines: bytes, filler: bytes) -> None:
    for content in (lines + DATES, DATES + filler + lines):
        found = look(tmp_path, b"---\n" + content + b"---\nText\n")
        assert found is None or found.audience == "internal"
        found = look(tmp_path, b"\xef\xbb\xbf---\r\n" + content.replace(b"\n", b"\r\n") + b"---\r\nText\r\n")
        assert found is None or found.audience == "internal"


@pytest.mark.parametrize(
    "content",
    [
        b"Text\n",
        b"---\ntitle: [\n---\n",
        b"---\nreviewed: 2026-13-01\nreview_every: 180\n---\n",
        b"---\nreview_every: 180\n---\n" + DATES,
        b"---\n" + DATES + b"audience: everyone\n---\n",
        b"---\n" + DATES + b"draft: perhaps\n---\n",
        b"---\n" + DATES + b"publish: soon\n---\n",
        b"---\n" + DATES + b"publish:\n---\n",
    ],
)
def test_what_is_in_doubt_is_shown_to_nobody(tmp_path: Path, content: bytes) -> None:
    found = look(tmp_path, content)
    assert found is None or found.reviewed == date.min  # archived at any time


@settings(deadline=None)
@given(
    meta=st.fixed_dictionaries(
        {"title": st.text(max_size=30), "reviewed": st.dates(date(1900, 1, 1)), "review_every": st.integers(1, 10**8)},
        optional={
            "audience": st.sampled_from(["public", "internal"]),
            "draft": st.booleans(),
            "publish": st.dates(date(1900, 1, 1)),
            "aliases": st.lists(st.text(max_size=9), max_size=3),
        },
    )
)
def test_a_look_sees_what_reading_sees(tmp_path_factory: pytest.TempPathFactory, meta: dict[str, object]) -> None:
    text = f"---\n{yaml.safe_dump(meta, sort_keys=False)}---\nText\n"
    found = look(tmp_path_factory.getbasetemp(), text.encode())
    wanted = {"audience": "public", "draft": False, "publish": None} | meta
    assert found is not None
    assert {name: getattr(found, name) for name in Front.__slots__} == {name: wanted[name] for name in Front.__slots__}
