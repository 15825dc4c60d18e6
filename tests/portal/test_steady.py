"""The order of results while a word is being typed."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

SOURCE = Path(__file__).parents[2] / "portal/assets/steady.js"
HOST = "http://answerdesk.test/"


@pytest.fixture(scope="module")
def steady(browser: Browser) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.route(
        f"{HOST}**", lambda route: route.fulfill(body="<!doctype html><title>-</title>", content_type="text/html")
    )
    page.route(f"{HOST}steady.js", lambda route: route.fulfill(path=SOURCE, content_type="text/javascript"))
    page.goto(HOST)

    def call(function: str, *arguments: Any) -> Any:
        script = f"async (arguments) => (await import('/steady.js')).{function}(...arguments)"
        return page.evaluate(script, list(arguments))

    yield call
    context.close()


def rows(text: str) -> list[dict[str, Any]]:
    """Read results: `a b+` is a, then b with a better tier, `a:200` has a score, `a#x` is the section x of a."""
    made = []
    for name in text.split():
        url, _, score = name.removesuffix("+").partition(":")
        made.append({"url": url, "tier": "exact" if name.endswith("+") else "prefix", "score": int(score or 100)})
    return made


ORDERS = [
    # before, what is shown then, now, what is found now, what is shown now
    ("the shown keep their order", "pass", "a b c", "passw", "b a c", "a b c"),
    ("new ones come below", "pass", "a b", "passw", "b c a", "a b c"),
    ("what is no longer found goes", "pass", "a b c", "passw", "c a", "a c"),
    ("another section is the same article", "pass", "a b", "passw", "b a#x", "a#x b"),
    ("a best one that is new comes first", "pass", "a b", "passw", "c a b", "c a b"),
    ("a better tier comes first", "pass", "a b", "passw", "b+ a", "b+ a"),
    ("a better score by half comes first", "pass", "a b", "passw", "b:150 a:100", "b:150 a:100"),
    ("a slightly better score waits", "pass", "a b", "passw", "b:149 a:100", "a:100 b:149"),
    ("a better score of a worse tier waits", "pass", "a b", "passw", "b:300 a+", "a+ b:300"),
    ("another word begins anew", "pass", "a b", "pass w", "b a", "b a"),
    ("another text begins anew", "pass", "a b", "vpn", "b a", "b a"),
    ("going back begins anew", "passw", "a b", "pass", "b a", "b a"),
    ("nothing in common begins anew", "pass", "a b", "passw", "c d", "c d"),
    ("nothing found shows nothing", "pass", "a b", "passw", "", ""),
]


@pytest.mark.parametrize(
    ("before", "shown", "now", "found", "expected"), [row[1:] for row in ORDERS], ids=[row[0] for row in ORDERS]
)
def test_results_keep_their_place_unless_being_right_is_worth_a_jump(
    steady: Any, before: str, shown: str, now: str, found: str, expected: str
) -> None:
    kept = steady("keepOrder", {"text": before, "results": rows(shown)}, {"text": now, "results": rows(found)})
    assert kept == rows(expected)


def test_the_first_answer_is_shown_as_it_comes(steady: Any) -> None:
    assert steady("keepOrder", None, {"text": "vpn", "results": rows("b a")}) == rows("b a")


@pytest.mark.parametrize(
    ("before", "now", "is_continued"),
    [
        ("forgot pass", "forgot password", True),
        ("forgot", "forgot p", False),
        ("forgot ", "forgot p", False),
        ("  pass", "passw", True),
        ("", "p", False),
        ("密", "密碼", True),
        ("비", "빔", True),
        ("빔", "비미", True),
        ("비밀", "비밀번호", True),
        ("비밀", "암호", False),
        ("ㅂ", "vpn", False),
        ("şif", "şifre", True),
        ("كلم", "كلمة", True),
    ],
)
def test_a_word_is_continued_when_it_only_grows(steady: Any, before: str, now: str, is_continued: bool) -> None:
    assert steady("isContinued", before, now) is is_continued
