"""The ticket form as a visitor meets it."""

import re
import sqlite3
from collections.abc import Callable
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from ticket_form.tickets.ticket import Ticket
from ticket_form.web.services import Services

Send = Callable[..., TestResponse]
Stored = Callable[[], tuple[Ticket, ...]]
NewKey = Callable[[], str]

FORM_KEY = re.compile(r'name="form_key" value="([\w-]{24}\.\d{10}\.[\w-]{22})"')

FIELDS = {
    "lang": "en",
    "category": "network",
    "subject": "VPN drops",
    "description": "It worked yesterday.\nNow it does not.",
    "email": "kim@example.com",
}
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</textarea><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
)


def test_the_form_asks_in_the_visitors_language(client: FlaskClient) -> None:
    page = client.get("/ticket?lang=ko").text
    assert '<html lang="ko" dir="ltr">' in page
    assert "문의 등록" in page
    assert "예시 회사" in page


def test_arabic_reads_from_right_to_left(client: FlaskClient) -> None:
    assert '<html lang="ar" dir="rtl">' in client.get("/ticket?lang=ar").text


@pytest.mark.parametrize(
    ("accepted", "code"),
    [("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"), ("fr, tr-TR;q=0.5", "tr"), ("fr", "en"), ("ko;q=0, tr", "tr"), ("", "en")],
)
def test_without_a_choice_the_browsers_language_counts(client: FlaskClient, accepted: str, code: str) -> None:
    page = client.get("/ticket", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{code}"' in page


def test_the_page_looks_like_the_portal(client: FlaskClient) -> None:
    page = client.get("/ticket?lang=tr").text
    assert 'href="/tr/assets/3fa9c1d2/portal.css"' in page
    assert client.get("/tr/assets/3fa9c1d2/portal.css").status_code == 200
    for path in re.findall(r'"(/ticket/static/[^"]+)"', page):
        assert client.get(path).status_code == 200


def test_every_field_has_a_label_and_says_whether_it_is_needed(client: FlaskClient) -> None:
    page = client.get("/ticket").text
    labels = dict(re.findall(r'<label for="(\w+)">[^<]+<span class="need">\((\w+)\)', page))
    fields = ("category", "subject", "description", "email")
    assert labels == {**dict.fromkeys(fields, "required"), "name": "optional", "files": "optional"}
    assert "placeholder" not in page


def test_what_was_tried_is_shown_ticked_and_chooses_the_category(client: FlaskClient) -> None:
    page = client.get("/ticket?article=account/forgot-password/&q=forgot+my+password&q=login").text
    assert re.search(r'name="q" value="forgot my password" checked', page)
    assert re.search(r'name="q" value="login" checked', page)
    assert re.search(r'name="article" value="account/forgot-password/" checked', page)
    assert "Reset a forgotten password" in page
    assert '<option value="account" selected>' in page


def test_an_article_that_search_does_not_know_is_shown_by_its_path(client: FlaskClient) -> None:
    assert "<bdi>account/gone/</bdi>" in client.get("/ticket?article=account/gone/").text


def test_without_a_search_index_the_form_still_works(client: FlaskClient) -> None:
    answer = client.get("/ticket?lang=tr&article=account/forgot-password/")
    assert answer.status_code == 200
    assert "<bdi>account/forgot-password/</bdi>" in answer.text


def test_at_most_five_searches_and_articles_go_along(client: FlaskClient) -> None:
    pairs = "&".join(f"q=search{number}&article=a/{number}/" for number in range(9))
    page = client.get(f"/ticket?{pairs}&q={'x' * 900}").text
    assert page.count('name="q"') == page.count('name="article"') == 5


def test_a_link_may_choose_the_category(client: FlaskClient) -> None:
    page = client.get("/ticket?lang=en&category=network&article=account/forgot-password/").text
    assert '<option value="network" selected>' in page


def test_language_links_keep_the_trail(client: FlaskClient) -> None:
    page = unescape(client.get("/ticket?lang=en&article=account/forgot-password/&q=a%26b&q=c").text)
    assert 'href="/ticket?lang=ko&category=account&article=account%2Fforgot-password%2F&q=a%26b&q=c"' in page


def test_each_form_has_a_key_of_its_own(client: FlaskClient) -> None:
    keys = {FORM_KEY.findall(client.get("/ticket").text)[0] for _ in range(3)}
    assert len(keys) == 3


def test_a_sent_form_is_a_ticket_in_its_queue(send: Send, stored: Stored, client: FlaskClient) -> None:
    answer = send(q=["vpn slow"], article=["network/vpn/"], lang="ko")
    assert answer.status_code == 303
    (ticket,) = stored()
    assert (ticket.queue, ticket.level, ticket.state) == ("network", "L1", "new")
    draft = ticket.draft
    assert (draft.subject, draft.description) == ("VPN drops", "It worked yesterday.\nNow it does not.")
    assert (draft.email, draft.name, draft.language) == ("kim@example.com", "Kim", "ko")
    assert (draft.trail.searches, draft.trail.articles) == (("vpn slow",), ("network/vpn/",))
    assert ticket.reference in client.get(answer.location).text


def test_only_what_is_ticked_is_sent(send: Send, stored: Stored) -> None:
    send(q=["kept"], offered_q=["removed"])
    assert stored()[0].draft.trail.searches == ("kept",)
    assert stored()[0].draft.trail.articles == ()


def test_a_visitor_cannot_set_what_the_form_does_not_ask(send: Send, stored: Stored) -> None:
    send(queue="security", level="L4", state="closed", reference="AD-0000-0000-00", id="7", created_at="1999-01-01")
    (ticket,) = stored()
    assert (ticket.queue, ticket.level, ticket.state) == ("network", "L1", "new")
    assert ticket.reference != "AD-0000-0000-00"
    assert ticket.created_at.year > 1999


def test_errors_keep_what_was_typed_and_lead_to_the_fields(send: Send, stored: Stored) -> None:
    answer = send(email="no address", subject="", category="", q=["my search"])
    assert answer.status_code == 422
    assert stored() == ()
    page = answer.text
    assert "<title>Error: Open a ticket" in page
    assert re.search(r'id="summary" role="alert" tabindex="-1"', page)
    for field in ("category", "subject", "email"):
        assert f'<a href="#{field}">' in page
        assert re.search(rf'id="{field}" [^>]*aria-describedby="[^"]*\b{field}-error"[^>]* aria-invalid="true"', page)
        assert f'class="error" id="{field}-error"' in page
    assert 'value="no address"' in page
    assert ">\nIt worked yesterday.\nNow it does not.</textarea>" in page
    assert 'value="Kim"' in page
    assert 'name="q" value="my search" checked' in page
    assert page.count("aria-invalid") == 3


def test_errors_are_told_in_the_language_of_the_form(send: Send) -> None:
    page = send(subject="", lang="ko").text
    assert "<title>오류: 문의 등록" in page
    assert "제목을 입력하세요." in page


def test_an_unknown_language_is_an_error_that_sending_again_cures(send: Send, stored: Stored) -> None:
    answer = send(lang="xx")
    assert answer.status_code == 422
    assert 'name="lang" value="en"' in answer.text
    assert stored() == ()


def test_the_same_form_sent_twice_is_one_ticket(send: Send, stored: Stored) -> None:
    assert send().location == send().location
    assert len(stored()) == 1


def test_another_text_under_a_used_key_is_asked_about_and_not_lost(send: Send, stored: Stored) -> None:
    send()
    answer = send(description="Something else is broken too.")
    assert answer.status_code == 409
    assert "Something else is broken too." in answer.text
    assert len(stored()) == 1
    (key,) = FORM_KEY.findall(answer.text)
    assert send(description="Something else is broken too.", form_key=key).status_code == 303
    assert len(stored()) == 2


@pytest.mark.parametrize("key", [None, "", "short", "x" * 32, "x" * 5000, "é" * 32])
def test_a_form_whose_key_is_not_ours_is_kept_and_can_be_sent_with_a_new_one(
    send: Send, stored: Stored, key: str | None
) -> None:
    answer = send(form_key=key)
    assert answer.status_code == 400
    assert "It worked yesterday.\nNow it does not.</textarea>" in answer.text
    assert stored() == ()
    (new,) = FORM_KEY.findall(answer.text)
    assert send(form_key=new).status_code == 303
    assert len(stored()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:8001"},
    ],
)
def test_a_form_sent_from_another_site_stores_nothing_and_keeps_the_text(
    send: Send, stored: Stored, headers: dict[str, str]
) -> None:
    answer = send(headers=headers)
    assert answer.status_code == 400
    assert "another website" in answer.text
    assert "It worked yesterday." in answer.text
    assert stored() == ()


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": "null"}, {"Origin": "http://localhost"}],
)
def test_a_form_sent_from_our_own_page_is_accepted(send: Send, headers: dict[str, str]) -> None:
    assert send(headers=headers).status_code == 303


@pytest.mark.parametrize("field", ["subject", "description", "email"])
def test_a_field_with_invisible_characters_only_is_missing(send: Send, stored: Stored, field: str) -> None:
    answer = send(**{field: "\u200b\u2060\u3164"})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert stored() == ()


def test_a_name_of_invisible_characters_is_no_name_and_joiners_stay(send: Send, stored: Stored) -> None:
    assert send(name="\u2800\u200d", subject="می\u200cخواهم", suggested="1").status_code == 303
    (ticket,) = stored()
    assert (ticket.draft.name, ticket.draft.subject) == ("", "می\u200cخواهم")


def test_too_much_text_is_told_in_the_language_of_the_form(client: FlaskClient, stored: Stored) -> None:
    answer = client.post("/ticket?lang=ko", data={"description": "x" * 300_000})
    assert answer.status_code == 413
    assert "너무 커서 보낼 수 없습니다" in answer.text
    assert stored() == ()


@pytest.mark.parametrize(
    ("spoil", "kind", "told"),
    [
        (lambda body: body[:-7], None, "incomplete or damaged"),
        (lambda body: body.replace(b"Now it does not.", b"Now it does n\xf6t."), None, "Some characters"),
        (lambda body: body.replace(b"It worked", b"\xff" * 9), None, "Some characters"),
        (lambda body: body, "multipart/form-data", "incomplete or damaged"),
        (lambda body: body, "multipart/form-data; boundary=other", "incomplete or damaged"),
        (lambda body: body, "text/plain", "not a filled-in form"),
        (lambda body: body, "application/json", "not a filled-in form"),
        (lambda body: body, "", "not a filled-in form"),
    ],
)
def test_a_broken_form_comes_back_and_says_what_is_wrong(
    client: FlaskClient,
    stored: Stored,
    form_key: str,
    encode: Callable[..., tuple[bytes, str]],
    spoil: Callable[[bytes], bytes],
    kind: str | None,
    told: str,
) -> None:
    body, right_kind = encode({**FIELDS, "form_key": form_key})
    answer = client.post("/ticket?lang=en", data=spoil(body), content_type=right_kind if kind is None else kind)
    assert answer.status_code == 400
    assert told in answer.text
    assert 'enctype="multipart/form-data"' in answer.text
    assert ('value="VPN drops"' in answer.text) == (kind is None)
    assert stored() == ()


def test_bad_percent_encodings_are_text(client: FlaskClient, stored: Stored, form_key: str) -> None:
    fields = {**FIELDS, "form_key": form_key, "suggested": "1", "subject": ""}
    body = "&".join(f"{name}={quote(value)}" for name, value in fields.items())
    body = body.replace("subject=&", "subject=50%25+%zz+%ff+%&")
    kind = "application/x-www-form-urlencoded"
    assert client.post("/ticket?lang=en", data=body, content_type=kind).status_code == 303
    (ticket,) = stored()
    assert ticket.draft.subject.startswith("50% %zz ")


def test_too_many_form_parts_are_refused(client: FlaskClient) -> None:
    parts = MultiDict((f"f{number}", "x") for number in range(2000))
    assert client.post("/ticket", data=parts, content_type="multipart/form-data").status_code == 413


def test_a_failing_database_keeps_what_was_typed(send: Send, services: Services, form_key: str) -> None:
    break_database(services)
    answer = send(q=["vpn slow"])
    assert answer.status_code == 503
    page = answer.text
    assert "Your ticket has not been sent" in page
    assert "+1 555 0100" in page
    assert "It worked yesterday.\nNow it does not.</textarea>" in page
    for value in ("VPN drops", "kim@example.com", "Kim", "vpn slow", form_key):
        assert f'value="{value}"' in page
    assert '<option value="network" selected>' in page


def test_after_a_failure_the_kept_form_can_be_sent(send: Send, services: Services, stored: Stored) -> None:
    break_database(services)
    send()
    repair_database(services)
    assert send().status_code == 303
    assert len(stored()) == 1


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_shown_as_text_on_every_page(
    client: FlaskClient, stored: Stored, payload: str, form_key: str
) -> None:
    fields = ("category", "subject", "description", "email", "name", "lang", "form_key", "q", "article")
    again = client.post("/ticket", data=dict.fromkeys(fields, payload))
    assert again.status_code == 422
    sent = {"category": "other", "email": "kim@example.com", "lang": "en", "q": payload, "article": payload}
    sent["form_key"] = form_key
    received = client.post("/ticket", data={**dict.fromkeys(("subject", "description", "name"), payload), **sent})
    client.get("/queue?key=the key of the agents")
    pages = [
        again,
        client.get("/ticket", query_string={"q": payload, "article": payload, "lang": payload, payload: payload}),
        client.get("/search", query_string={"q": payload, "lang": payload}),
        client.get(received.location),
        client.get("/queue", query_string={"queue": payload, "page": payload, payload: payload}),
        client.get(f"/queue/{stored()[0].reference}"),
        client.get("/ticket/received/" + payload.replace("/", "")),
        client.get("/" + payload),
    ]
    for page in pages:
        assert page.status_code < 500
        assert_harmless(page.text)
        assert "49" not in re.findall(r'value="(\d+)"', page.text)
    assert payload in unescape(pages[5].text)


@pytest.mark.parametrize(
    "text", ["nul \0 here", "half \ud800 pair", "escape \x1b[2J", "\x85 next", "\u2028 line", "\r\r\n"]
)
def test_broken_characters_never_crash(send: Send, stored: Stored, text: str) -> None:
    encoded = text.encode("utf-8", "surrogatepass")
    answer = send(subject=b"a" + encoded, description=b"b" + encoded, name=encoded, q=[encoded], article=[encoded])
    assert answer.status_code == 303
    draft = stored()[0].draft
    for kept in (draft.subject, draft.description, draft.name, *draft.trail.searches):
        assert not {"\0", "\x1b", "\x85", "\r", "\ud800"} & set(kept)


def assert_harmless(page: str) -> None:
    """Prove that no tag of a visitor is in a page, and no attribute either."""
    scripts = re.findall(r"<script[^>]*>", page)
    ours = [r'<script src="/[\w-]+/assets/3fa9c1d2/theme.js">', '<script type="module" src="/ticket/static/form.js">']
    assert len(scripts) in (0, 2)  # the site's own 404 page has none
    assert all(map(re.fullmatch, ours, scripts))
    pictures = re.findall(r"<(?:img|svg)\b[^>]*>", page)
    assert len(pictures) == len(scripts) / 2
    assert all(re.fullmatch(r'<img src="/[\w-]+/assets/3fa9c1d2/logo.svg" [^>]*>', picture) for picture in pictures)
    for tag in re.findall(r"<[a-z][^>]*>", page):
        without_values = re.sub(r'"[^"]*"', "", tag)
        assert not re.search(r"\bon\w+\s*=", without_values)
        assert not re.search(r'(href|src|action)="\s*javascript:', tag)


def break_database(services: Services) -> None:
    """Make every write fail."""
    with sqlite3.connect(services.settings.database) as connection:
        connection.execute("ALTER TABLE form_key RENAME TO away")
    connection.close()


def repair_database(services: Services) -> None:
    """Undo `break_database`."""
    with sqlite3.connect(services.settings.database) as connection:
        connection.execute("ALTER TABLE away RENAME TO form_key")
    connection.close()
