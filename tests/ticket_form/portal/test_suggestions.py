"""Help pages suggested before a ticket is sent: few, good, and the same in Python and in the browser."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route
from werkzeug.test import TestResponse

import ticket_form
from answerdesk.search import Result
from ticket_form.portal.search_indexes import Searches
from ticket_form.portal.suggestions import MAX_SUGGESTIONS, MIN_SCORE, choose, query_of, suggest
from ticket_form.tickets.ticket import Ticket
from ticket_form.web.services import Services

TWIN = Path(ticket_form.__file__).parent / "web/static/suggest.js"
HELPED = [
    ("en", "VPN drops", "It worked yesterday.\nNow it does not.", "network/vpn/"),
    ("en", "Printer on floor 2 prints blank pages", "Since this morning, only blank pages.", "devices/printer/"),
    ("en", "cannot log in", "I forgot my password and I am locked out of my account.", "account/account-locked/"),
    ("en", "Problem", "My computer is very slow and hangs all the time.", "devices/slow-computer/"),
    ("ko", "비밀번호를 잊어버렸습니다", "계정에 로그인할 수 없습니다.", "account/forgot-password/"),
    ("ar", "نسيت كلمة المرور", "لا أستطيع تسجيل الدخول لأنني نسيت كلمة المرور", "account/forgot-password/"),
    ("zh-Hans", "VPN 总是断开", "昨天还好好的，今天就连不上了。", "network/vpn/"),
    ("zh-Hant", "忘記密碼", "我忘記了密碼，無法登入。", "account/forgot-password/"),
    ("tr", "Parolamı unuttum", "Hesabıma giremiyorum, parolamı unuttum.", "account/forgot-password/"),
]
NOT_HELPED = [
    ("en", "Order a coffee machine for our kitchen", "Our team would like to have one. Who pays for it?"),
    ("en", "Parking permit", "My parking permit has expired and the gate does not open any more."),
    ("en", "Help", "Please help me"),
    ("ko", "커피 머신 주문", "우리 팀에 새 커피 머신이 필요합니다."),
    ("ar", "طلب آلة قهوة", "نريد آلة قهوة جديدة للمطبخ"),
    ("zh-Hans", "买咖啡机", "我们团队想要一台新的咖啡机。"),
    ("zh-Hant", "買咖啡機", "我們團隊想要一台新的咖啡機。"),
    ("tr", "Kahve makinesi", "Mutfak için yeni bir kahve makinesi istiyoruz."),
]


def result(url: str, score: int) -> Result:
    return Result(url=url, title=url, summary="", excerpt=(), breadcrumb=(), score=score, tier="partial")


def urls(results: tuple[Result, ...]) -> list[str]:
    return [found.url for found in results]


@pytest.fixture(scope="module")
def searches(real_site: Path) -> Searches:
    return Searches(real_site)


@pytest.mark.parametrize(("language", "subject", "description", "page"), HELPED)
def test_a_ticket_that_a_page_answers_gets_that_page_first(
    searches: Searches, language: str, subject: str, description: str, page: str
) -> None:
    found = suggest(searches, language=language, subject=subject, description=description)
    assert found[0].url == page
    assert len(found) <= MAX_SUGGESTIONS


@pytest.mark.parametrize(("language", "subject", "description"), NOT_HELPED)
def test_a_ticket_that_no_page_answers_gets_none(
    searches: Searches, language: str, subject: str, description: str
) -> None:
    assert suggest(searches, language=language, subject=subject, description=description) == ()


def test_a_page_that_was_read_already_is_not_suggested_again(searches: Searches) -> None:
    asked = {"language": "en", "subject": "forgot my password", "description": "I forgot my password."}
    first, *_ = suggest(searches, **asked)  # type: ignore[arg-type]
    again = suggest(searches, **asked, seen=[first.url.rstrip("/")])  # type: ignore[arg-type]
    assert first.url not in urls(again)


def test_an_error_message_in_quotes_does_not_ask_for_its_exact_words(searches: Searches) -> None:
    found = suggest(searches, language="en", subject="VPN", description="It says “The tunnel qwxzv broke” and drops.")
    assert urls(found)[0] == "network/vpn/"


CASES: dict[str, tuple[list[Result], list[str], list[str]]] = {
    "nothing found": ([], [], []),
    "all weak": ([result("a/", MIN_SCORE - 1)], [], []),
    "just good enough": ([result("a/", MIN_SCORE)], [], ["a/"]),
    "three at most": ([result(f"{n}/", 9_000_000) for n in range(5)], [], ["0/", "1/", "2/"]),
    "half as good as the best": (
        [result("a/", 10_000_000), result("b/", 4_500_000), result("c/", 4_499_999)], [], ["a/", "b/"],
    ),
    "read already": ([result("a/", 9_000_000), result("b/", 8_000_000)], ["a"], ["b/"]),
    "the best was read": ([result("a/", 20_000_000), result("b/", 8_000_000)], ["a/"], []),
}  # fmt: skip
TEXTS = [
    ("VPN", "drops"),
    ("", "only this"),
    ("say “no”", '"yes" «oui» 「はい」'),
    ("x" * 200, "y" * 2000),
    ("😀" * 600, "z" * 900),
    ("", ""),
]


@pytest.mark.parametrize("case", CASES)
def test_only_good_pages_are_chosen(case: str) -> None:
    results, seen, chosen = CASES[case]
    assert urls(choose(results, seen=seen)) == chosen


def test_the_browser_asks_and_chooses_the_same(page: Page) -> None:
    def answer(route: Route) -> None:
        is_script = route.request.url.endswith(".js")
        kind = "text/javascript" if is_script else "text/html"
        route.fulfill(body=TWIN.read_text("utf-8") if is_script else "<!doctype html>", content_type=kind)

    page.route("http://answerdesk.test/**", answer)
    page.goto("http://answerdesk.test/")
    script = """async ({ cases, texts }) => {
      const { choose, queryOf } = await import("/suggest.js");
      const chosen = cases.map(([results, seen]) => choose(results, seen).map(({ url }) => url));
      return [chosen, texts.map(([subject, text]) => queryOf(subject, text))];
    }"""
    cases = [([{"url": r.url, "score": r.score} for r in results], seen) for results, seen, _ in CASES.values()]
    found = page.evaluate(script, {"cases": cases, "texts": TEXTS})
    assert found == [[chosen for *_, chosen in CASES.values()], [query_of(*text) for text in TEXTS]]


@pytest.fixture
def helpful(services: Services, real_site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the app search the starter content."""
    monkeypatch.setattr(services.searches, "_root", real_site)


FORGOT = {"subject": "forgot my password", "description": "Line one.\nI forgot my password.", "category": "account"}
Send = Callable[..., TestResponse]
Stored = Callable[[], tuple[Ticket, ...]]


def carried(page: str) -> dict[str, list[str]]:
    """Return what the step sends on, as a browser reads it."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<textarea name="(\w+)">\n(.*?)</textarea>', page, re.DOTALL):
        found.setdefault(name, []).append(unescape(value))
    return found


@pytest.mark.usefixtures("helpful")
def test_without_javascript_a_step_suggests_before_anything_is_stored(send: Send, stored: Stored) -> None:
    answer = send(**FORGOT)
    assert answer.status_code == 200
    assert stored() == ()
    assert '<a href="/en/account/forgot-password/" target="_blank" rel="noopener">' in answer.text
    assert "Send ticket anyway" in answer.text
    assert 'href="/ticket/solved?lang=en"' in answer.text


@pytest.mark.usefixtures("helpful")
def test_the_step_carries_everything_to_the_ticket(send: Send, stored: Stored, client: FlaskClient) -> None:
    step = send(**FORGOT, q=["a search", "another"], article=["network/wifi/"], name="Kim <3")
    sent = client.post("/ticket?lang=en", data={**carried(step.text), "suggested": "1"})
    assert sent.status_code == 303
    draft = stored()[0].draft
    assert (draft.subject, draft.description) == (FORGOT["subject"], FORGOT["description"])
    assert (draft.name, draft.email, draft.category) == ("Kim <3", "kim@example.com", "account")
    assert (draft.trail.searches, draft.trail.articles) == (("a search", "another"), ("network/wifi/",))


@pytest.mark.usefixtures("helpful")
def test_from_the_step_the_text_can_be_changed(send: Send, stored: Stored, client: FlaskClient) -> None:
    step = carried(send(**FORGOT).text)
    form = client.post("/ticket?lang=en", data={**step, "edit": "1"})
    assert form.status_code == 200
    assert "Line one.\nI forgot my password.</textarea>" in form.text
    assert step["form_key"][0] in form.text
    assert stored() == ()


@pytest.mark.usefixtures("helpful")
def test_what_javascript_has_suggested_is_not_suggested_again(send: Send, stored: Stored) -> None:
    assert send(**FORGOT, suggested="1").status_code == 303
    assert len(stored()) == 1


@pytest.mark.usefixtures("helpful")
def test_a_wrong_form_is_corrected_first(send: Send) -> None:
    assert send(**FORGOT, email="").status_code == 422


def test_a_ticket_that_no_page_answers_is_sent_at_once(send: Send, stored: Stored) -> None:
    assert send().status_code == 303
    assert len(stored()) == 1


def test_a_broken_search_stops_no_ticket(send: Send, site: Path, stored: Stored) -> None:
    (site / "en/search/manifest.json").write_text("{", "utf-8")
    assert send(**FORGOT).status_code == 303
    assert len(stored()) == 1


def test_who_was_helped_is_thanked(client: FlaskClient) -> None:
    answer = client.get("/ticket/solved?lang=en")
    assert answer.status_code == 200
    assert "No ticket has been sent." in answer.text
