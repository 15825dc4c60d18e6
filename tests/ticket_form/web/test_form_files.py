"""Files in the ticket form, stored with the ticket or not at all; and services."""

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from ticket_form.errors import ConfigurationError
from ticket_form.settings import Settings
from ticket_form.spam.file_budget import FileBudget
from ticket_form.storage.disk import Disk
from ticket_form.storage.ticket_store import list_attachments, list_tickets, read_attachment
from ticket_form.tickets.filetypes import USUAL_TYPES
from ticket_form.tickets.ticket import Ticket
from ticket_form.tickets.uploads import MEGABYTE, FileLimits, ReadFiles, read_files
from ticket_form.web import intake
from ticket_form.web.app import LARGE_POST_BYTES, largest_post
from ticket_form.web.services import EXTENSION, LARGE_POST_SLOTS, Services

FORM = {"lang": "en", "category": "network", "subject": "VPN", "description": "Drops.", "email": "kim@example.com"}
Send = Callable[..., TestResponse]
Encode = Callable[[dict[str, object]], tuple[bytes, str]]
Stored = Callable[[], tuple[Ticket, ...]]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
LOG = "10:15 오류 0x80070035\r\n".encode()
SERVICES = """
queues:
  - {id: desk, name: Desk}
  - {id: sap-team, name: SAP team}
services:
  - {id: sap, name: {en: SAP <accounting>, ko: 회계}}
  - {id: vpn, name: VPN, category: network}
rules:
  - {service: sap, queue: sap-team}
default: desk
"""


def file(name: str, content: bytes = PNG) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_files_are_stored_with_their_ticket(send: Send, stored: Stored, services: Services) -> None:
    answer = send(files=[file("screen shot.png"), file("logs/vpn.log", LOG)])
    assert answer.status_code == 303
    reference = stored()[0].reference
    listed = list_attachments(services.database, reference)
    assert [(one.name, one.media_type, one.size) for one in listed] == [
        ("screen shot.png", "image/png", len(PNG)),
        ("vpn.log", "text/plain", len(LOG)),
    ]
    read = [read_attachment(services.database, reference, one.id) for one in listed]
    assert [one.content for one in read if one] == [PNG, LOG]


def test_a_browser_that_sends_an_empty_file_field_sends_no_file(send: Send, stored: Stored, services: Services) -> None:
    assert send(files=[file("", b"")]).status_code == 303
    assert list_attachments(services.database, stored()[0].reference) == ()


def test_the_same_form_with_the_same_files_is_one_ticket_with_other_files_is_asked_about(
    send: Send, stored: Stored
) -> None:
    first, again = send(files=[file("a.png")]), send(files=[file("a.png")])
    assert first.location == again.location
    other = send(files=[file("a.png", PNG + b"other")])
    assert other.status_code == 409
    assert "It worked yesterday." in other.text
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("given_file", "told"),
    [
        (file("virus.exe"), "<bdi>virus.exe</bdi> is of a type that cannot be sent here"),
        (file("photo.png", b"no picture"), "<bdi>photo.png</bdi> is damaged, or not what its name says"),
        (file("nothing.txt", b""), "<bdi>nothing.txt</bdi> is empty"),
        (file("<img src=x>.svg"), "<bdi>_img src=x_.svg</bdi>"),
    ],
)
def test_a_wrong_file_is_told_at_its_field_and_nothing_typed_is_lost(
    send: Send, stored: Stored, given_file: tuple[io.BytesIO, str], told: str
) -> None:
    answer = send(files=[given_file])
    assert answer.status_code == 422
    assert stored() == ()
    page = answer.text
    assert page.count(told) >= 2  # in the summary and at the field
    assert '<a href="#files">' in page
    assert "It worked yesterday.\nNow it does not.</textarea>" in page
    assert re.search(
        r'<input id="files"[^>]+aria-describedby="files-hint files-again files-error" aria-invalid="true"', page
    )


def test_after_any_error_the_files_are_asked_for_again_by_name(send: Send) -> None:
    page = send(email="", files=[file("first.png"), file("second.log", LOG)]).text
    again = page[page.index('id="files-again"') :]
    assert "Please choose your files again" in again
    assert "<bdi>first.png</bdi>" in again
    assert "<bdi>second.log</bdi>" in again


def test_without_files_nothing_is_asked_for_again(send: Send) -> None:
    assert "files-again" not in send(email="").text


def test_files_that_are_too_large_come_back_with_the_text(make_app: Callable[..., Flask], settings: Settings) -> None:
    client = make_app(files=FileLimits(size=MEGABYTE, total=MEGABYTE)).test_client()
    fields = {"lang": "en", "subject": "Kept subject", "files": FileStorage(*file("big.png", PNG + bytes(MEGABYTE)))}
    boundary, body = encode_multipart(fields)  # the client itself would leave a temporary file open
    answer = client.post("/ticket?lang=en", data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == 422
    assert "<bdi>big.png</bdi> is too large. A file may have at most <bdi" in answer.text
    assert 'value="Kept subject"' in answer.text


def test_beyond_twice_the_limit_the_page_says_to_go_back(make_app: Callable[..., Flask]) -> None:
    limits = FileLimits(size=MEGABYTE, total=MEGABYTE)
    client = make_app(files=limits).test_client()
    body, kind = bytes(largest_post(limits) + 1), "multipart/form-data; boundary=b"
    answer = client.post("/ticket?lang=en", data=body, content_type=kind)
    assert answer.status_code == 413
    assert "Press the Back button" in answer.text


def test_text_outside_a_file_has_a_limit_of_its_own(client: FlaskClient, stored: Stored) -> None:
    fields = {"description": "x" * 300_000, "files": file("a.png")}
    assert client.post("/ticket", data=fields).status_code == 413
    assert stored() == ()


def test_an_operator_may_take_no_files(make_app: Callable[..., Flask], form_key: str) -> None:
    client = make_app(files=FileLimits(count=0)).test_client()
    assert 'type="file"' not in client.get("/ticket").text
    sent = {"lang": "en", "form_key": form_key, "category": "other", "subject": "S", "description": "D"}
    answer = client.post("/ticket", data={**sent, "email": "kim@example.com", "files": file("a.png")})
    assert answer.status_code == 422


def test_the_limits_are_told_before_a_file_is_chosen(client: FlaskClient) -> None:
    page = client.get("/ticket?lang=en").text
    text = re.sub(r"<[^>]+>", "", page)
    assert "At most 5 files, 10 MB each, 20 MB together." in text
    assert 'accept=".png,.jpg,' in page
    assert 'enctype="multipart/form-data"' in page


def test_a_broken_database_keeps_no_file_without_its_ticket(send: Send, services: Services, stored: Stored) -> None:
    with services.database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE form_key RENAME TO away")
    assert send(files=[file("a.png")]).status_code == 503
    with services.database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM attachment").scalar() == 0


def test_limits_come_from_the_environment(tmp_path: Path) -> None:
    env = {"TICKET_FORM_SECRET_KEY": "s" * 32, "TICKET_FORM_SITE": str(tmp_path)}
    assert Settings.from_env(env).files == FileLimits(types=USUAL_TYPES)
    given = {"COUNT": "3", "SIZE": "2", "TOTAL": "4", "TYPES": ".PNG, log zip"}
    changed = Settings.from_env(env | {f"TICKET_FORM_FILES_{name}": value for name, value in given.items()}).files
    assert changed == FileLimits(count=3, size=2 * MEGABYTE, total=4 * MEGABYTE, types=("png", "log", "zip"))
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env(env | {"TICKET_FORM_FILES_COUNT": "few", "TICKET_FORM_FILES_TYPES": "png exe svg"})
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "TICKET_FORM_FILES_COUNT",
        "TICKET_FORM_FILES_TYPES",
    ]
    assert "exe, svg cannot be checked" in caught.value.problems[1]


@pytest.fixture
def with_services(make_app: Callable[..., Flask], tmp_path: Path) -> FlaskClient:
    """Visit an app whose routing file has services."""
    routing = tmp_path / "routing.yml"
    routing.write_text(SERVICES, "utf-8")
    return make_app(routing=routing).test_client()


def test_services_are_offered_in_the_visitors_language(with_services: FlaskClient) -> None:
    assert '<option value="sap">SAP &lt;accounting&gt;</option>' in with_services.get("/ticket?lang=en").text
    assert '<option value="sap">회계</option>' in with_services.get("/ticket?lang=ko").text


def test_a_link_may_choose_the_service_and_so_the_category(with_services: FlaskClient) -> None:
    page = with_services.get("/ticket?service=vpn").text
    assert '<option value="vpn" data-category="network" selected>' in page
    assert '<option value="network" selected>' in page
    assert "selected" not in with_services.get("/ticket?service=none").text


def test_a_service_leads_to_its_queue(with_services: FlaskClient, form_key: str, send: Send) -> None:
    sent = {"lang": "en", "form_key": form_key, "category": "other", "subject": "S", "description": "D"}
    sent |= {"email": "kim@example.com"}
    wrong = with_services.post("/ticket", data={**sent, "service": "payroll"})
    assert wrong.status_code == 422
    assert '<a href="#service">' in wrong.text
    assert with_services.post("/ticket", data={**sent, "service": "sap"}).status_code == 303
    with_services.get("/queue?key=the key of the agents")
    assert "SAP team" in with_services.get("/queue?queue=sap-team").text


def test_without_services_none_is_asked_for(client: FlaskClient) -> None:
    assert 'name="service"' not in client.get("/ticket").text


def test_the_receipt_leads_to_the_status_page(send: Send, client: FlaskClient) -> None:
    receipt = client.get(send().location).text
    (address,) = re.findall(r'id="status-link" href="(/ticket/status/[\w-]{43})"', receipt)
    assert "VPN drops" in client.get(address).text


def test_who_reads_the_database_can_open_no_status_page(send: Send, client: FlaskClient, settings: Settings) -> None:
    receipt = client.get(send().location).text
    (secret,) = re.findall(r'id="status-link" href="/ticket/status/([\w-]{43})"', receipt)
    database = Path(settings.database)
    stored = b"".join(part.read_bytes() for part in database.parent.glob(f"{database.name}*"))
    assert b"VPN drops" in stored
    assert secret.encode() not in stored
    for known in re.findall(rb"[0-9a-f]{64}", stored):
        assert client.get(f"/ticket/status/{known.decode()}").status_code == 404


def test_few_posts_at_a_time_have_their_files_in_memory(
    app: Flask, new_key: Callable[[], str], stored: Stored, encode: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, most, large = 0, 0, PNG + bytes(LARGE_POST_BYTES)
    together = Barrier(LARGE_POST_SLOTS)

    def count(*arguments: Any) -> ReadFiles:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        together.wait(30)  # as many as there may be at once meet here
        inside -= 1
        return read_files(*arguments)

    def post(key: str) -> int:
        sent = {"lang": "en", "form_key": key, "category": "other", "subject": "S", "description": "D"}
        sent |= {"email": "kim@example.com"}
        body, kind = encode({**sent, "files": file("a.png", large)})
        return app.test_client().post("/ticket", data=body, content_type=kind).status_code

    monkeypatch.setattr(intake, "read_files", count)
    with ThreadPoolExecutor(2 * LARGE_POST_SLOTS) as pool:
        assert list(pool.map(post, [new_key() for _ in range(2 * LARGE_POST_SLOTS)])) == [303] * 2 * LARGE_POST_SLOTS
    assert most == LARGE_POST_SLOTS
    assert len(stored()) == 2 * LARGE_POST_SLOTS


def services_of(app: Flask) -> Services:
    """Look behind an app."""
    services = app.extensions[EXTENSION]
    assert isinstance(services, Services)
    return services


@pytest.fixture
def crowded(make_app: Callable[..., Flask]) -> Flask:
    """Make an app that has room for 1 MB of files a day from one network."""
    return make_app(budget=FileBudget(network=MEGABYTE, everyone=0, reserve=0))


@pytest.mark.parametrize("code", ["en", "zh-Hans", "zh-Hant", "ko", "tr", "ar"])
def test_files_beyond_the_days_bytes_are_named_on_the_receipt_and_the_text_is_stored(
    crowded: Flask, encode: Encode, new_key: Callable[[], str], code: str
) -> None:
    client, words = crowded.test_client(), services_of(crowded).words[code]
    body, kind = encode(
        {**FORM, "lang": code, "form_key": new_key(), "files": [file("a & b.log", b"x" * MEGABYTE * 2)]}
    )
    receipt = client.post("/ticket", data=body, content_type=kind, follow_redirects=True)
    assert receipt.status_code == 200
    assert words.plain("received_files_missing") in unescape(receipt.text)
    assert "<bdi>a &amp; b.log</bdi>" in receipt.text
    (ticket,) = list_tickets(services_of(crowded).database).tickets
    assert ticket.draft.description == FORM["description"]
    page = client.get(re.search(r"/ticket/status/[\w-]+", receipt.text)[0])  # type: ignore[index]
    assert words.plain("file_not_stored") in unescape(page.text)


def test_a_file_that_is_not_stored_cannot_be_asked_for(
    crowded: Flask, encode: Encode, new_key: Callable[[], str]
) -> None:
    client = crowded.test_client()
    body, kind = encode({**FORM, "form_key": new_key(), "files": [file("a.log", b"x" * MEGABYTE * 2)]})
    client.post("/ticket", data=body, content_type=kind)
    services = services_of(crowded)
    (ticket,) = list_tickets(services.database).tickets
    (missing,) = list_attachments(services.database, ticket.reference)
    assert read_attachment(services.database, ticket.reference, missing.id) is None
    client.get(f"/queue?key={services.settings.queue_key}")
    page = client.get(f"/queue/{ticket.reference}").text
    assert "a.log" in page
    assert f"files/{missing.id}" not in page
    assert client.get(f"/queue/{ticket.reference}/files/{missing.id}").status_code == 404


def test_what_is_added_later_has_the_same_budget(crowded: Flask, encode: Encode, new_key: Callable[[], str]) -> None:
    client = crowded.test_client()
    receipt = client.post("/ticket", data={**FORM, "form_key": new_key(), "suggested": "1"}, follow_redirects=True)
    address = re.search(r"/ticket/status/[\w-]+", receipt.text)[0]  # type: ignore[index]
    added = {"kind": "comment", "text": "Here", "form_key": new_key(), "files": [file("a.log", b"x" * MEGABYTE * 2)]}
    body, kind = encode(added)
    page = client.post(address, data=body, content_type=kind, follow_redirects=True)
    assert page.status_code == 200
    assert "a.log" in page.text
    assert services_of(crowded).words["en"].plain("file_not_stored") in unescape(page.text)


def test_a_full_disk_takes_texts_and_no_files(
    make_app: Callable[..., Flask], encode: Encode, new_key: Callable[[], str]
) -> None:
    app = make_app()
    services_of(app).health.measure = lambda _database: Disk(free=900 * MEGABYTE, total=100_000 * MEGABYTE)
    body, kind = encode({**FORM, "form_key": new_key(), "files": [file("a.log", b"x")]})
    receipt = app.test_client().post("/ticket", data=body, content_type=kind, follow_redirects=True)
    assert services_of(app).words["en"].plain("received_files_missing") in unescape(receipt.text)
