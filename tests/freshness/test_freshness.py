"""`answerdesk freshness`: each owner learns what is to be reviewed: on the screen, in a table, on a page, by mail."""

import csv
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from accessibility import violations
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from click.testing import CliRunner, Result
from servers import Certificates, free_port

from answerdesk.articles.errors import ContentError
from answerdesk.cli import main
from answerdesk.freshness.smtp import read_sender, read_server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def article(request: pytest.FixtureRequest) -> Callable[..., str]:
    return request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py")).article


@pytest.fixture
def site(tree: Callable[..., Any], article: Callable[..., str]) -> Any:
    """Write articles of three owners; on 20 November 2026 they stand as their names say."""
    return tree(
        {
            "owners.yml": "identity: identity@example.com\nnet: net@example.com\n",
            "en/account/current.md": article("Current"),
            "en/account/soon.md": article("Soon", review_every=60),
            "en/account/overdue.md": article("=Overdue", review_every=30),
            "en/account/secret.md": article("Secret", review_every=30, audience="internal"),
            "en/account/draft.md": article("Draft", review_every=1, draft=True),
            "ko/account/overdue.md": article("늦음", reviewed=date(2025, 1, 1)),
            "en/network/a.md": article("<b>A</b>", category="network", owner="net", review_every=40),
            "en/network/b.md": article("B", category="network", owner="calm"),
        },
        languages=["en", "ko"],
    )


def run(made: Any, *arguments: str, **variables: str) -> Result:
    return CliRunner().invoke(main, ["freshness", *arguments, "--config-file", str(made.config)], env=variables)


def test_the_report_names_each_owner_and_what_is_urgent_first(site: Any) -> None:
    assert run(site).output == (
        "Freshness on 2026-11-20\n"
        "\n"
        "calm: 1 current\n"
        "\n"
        "identity: 1 archived, 2 overdue, 1 due soon, 1 current, 1 draft\n"
        "  ko/account/overdue.md  archived; due on 2025-06-30, 508 days ago\n"
        "  en/account/overdue.md  overdue for 20 days, due on 2026-10-31\n"
        "  en/account/secret.md   overdue for 20 days, due on 2026-10-31\n"
        "  en/account/soon.md     due on 2026-11-30, in 10 days\n"
        "\n"
        "net: 1 overdue\n"
        "  en/network/a.md  overdue for 10 days, due on 2026-11-10\n"
        "\n"
        "5 articles to review.\n"
    )


def test_another_day_may_be_named(site: Any) -> None:
    assert "  en/network/a.md  due on 2026-11-10, in 1 day\n" in run(site, "--today", "2026-11-09").output
    assert "  en/network/a.md  due today, 2026-11-10\n" in run(site, "--today", "2026-11-10").output
    assert "en/network/a.md" not in run(site, "--today", "2026-11-09", "--soon", "0").output


def test_one_owner_may_be_asked_for(site: Any) -> None:
    assert "identity" not in run(site, "--owner", "net").output
    assert "--owner is 'none'; articles have: calm, identity, net." in run(site, "--owner", "none").output


def test_the_table_has_every_article(site: Any, tmp_path: Path) -> None:
    run(site, "--csv", str(tmp_path / "out.csv"))
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == 8
    assert {row["article"]: row["state"] for row in rows if row["language"] == "en"} == {
        "account/current": "current", "account/soon": "current", "account/overdue": "overdue",
        "account/secret": "overdue", "account/draft": "draft", "network/a": "overdue", "network/b": "current",
    }  # fmt: skip
    assert [row["title"] for row in rows if row["article"] == "account/overdue"] == ["늦음", "'=Overdue"]


def test_the_page_names_owners_and_needs_no_other_file(site: Any, tmp_path: Path, page: Any) -> None:
    run(site, "--html", str(tmp_path / "out.html"))
    page.goto((tmp_path / "out.html").as_uri())
    assert page.locator("h2").all_inner_texts() == ["calm", "identity", "net"]
    assert page.locator("bdi[lang=ko]").all_inner_texts() == ["늦음"]
    assert page.locator("bdi", has_text="<b>A</b>").count() == 1
    assert page.locator("link, script, img").count() == 0
    assert not violations(page)


@pytest.mark.parametrize("option", ["--csv", "--html"])
def test_it_is_said_what_was_written(site: Any, tmp_path: Path, option: str) -> None:
    assert run(site, option, str(tmp_path / "out")).output.startswith(f"{tmp_path / 'out'} written: 8 articles.\n")
    said = run(site, option, str(tmp_path / "out"), "--owner", "calm").output
    assert said.startswith(f"{tmp_path / 'out'} written: 1 article.\n")


@pytest.mark.parametrize("option", ["--csv", "--html"])
def test_no_report_is_written_where_everyone_may_read_it(site: Any, option: str) -> None:
    result = run(site, option, str(site.site / "en/report"))
    assert result.exit_code == 2
    assert "which everyone may read" in result.output
    assert not site.site.exists()


class Sink:
    """Keeps mails; takes one password, and none for a certain address."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_RCPT(self, _server: object, _session: object, envelope: Envelope, address: str, _: object) -> str:
        if address.startswith("net@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, session: Any, envelope: Envelope) -> str:
        assert session.ssl is not None
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content or b"", policy=default)))  # type: ignore[arg-type]
        return "250 OK"

    def authenticate(self, _server: object, _session: object, _envelope: object, _mechanism: str, login: Any) -> Any:
        return AuthResult(success=(login.login, login.password) == (b"me", b"p@ss:/"), handled=False)


@contextmanager
def serving(sink: Sink, certificates: Certificates) -> Iterator[int]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)
    port = free_port()
    controller = Controller(
        sink, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True, auth_required=True,
        authenticator=sink.authenticate,
    )  # fmt: skip
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def test_each_owner_gets_a_mail_over_tls_and_who_does_not_is_named(site: Any, certificates: Certificates) -> None:
    sink = Sink()
    with serving(sink, certificates) as port:
        result = run(
            site,
            "--mail",
            ANSWERDESK_SMTP_URL=f"smtp://me:p%40ss%3A%2F@localhost:{port}",
            ANSWERDESK_MAIL_FROM="help@example.com",
            SSL_CERT_FILE=str(certificates.authority),
        )
    assert result.exit_code == 1
    assert "identity@example.com: sent\n" in result.output
    assert "net@example.com: not sent: 550 no such user\n" in result.output
    [(recipients, mail)] = sink.mails
    assert recipients == ["identity@example.com"]
    assert (mail["To"], mail["From"]) == ("identity@example.com", "help@example.com")
    assert mail["Subject"] == "4 articles of identity to review"
    text = mail.get_content().replace("\r\n", "\n")
    assert "늦음\n  ko/account/overdue.md: archived; due on 2025-06-30, 508 days ago\n" in text
    assert "  answerdesk reviewed account/overdue --lang ko\n" in text
    assert "  answerdesk reviewed account/soon\n" in text
    assert "Current" not in text


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("smtp://me:wrong@localhost:{port}", "it refuses the user name or the password (535)"),
        ("smtp://me:wrong@127.0.0.1:{port}", "certificate"),
    ],
)
def test_a_server_that_takes_nothing_is_named_without_the_password(
    site: Any, certificates: Certificates, url: str, message: str
) -> None:
    sink = Sink()
    with serving(sink, certificates) as port:
        result = run(
            site,
            "--mail",
            ANSWERDESK_SMTP_URL=url.format(port=port),
            ANSWERDESK_MAIL_FROM="help@example.com",
            SSL_CERT_FILE=str(certificates.authority),
        )
    assert result.exit_code == 2
    assert message in result.output
    assert "wrong" not in result.output
    assert sink.mails == []


def test_a_dry_run_prints_the_mails_and_needs_no_server(site: Any) -> None:
    result = run(site, "--mail", "--dry-run")
    assert result.exit_code == 0
    assert "To: net@example.com\nSubject: 1 article of net to review\n" in result.output
    assert "To: calm" not in result.output


def test_an_owner_without_an_address_is_named_and_the_others_are_written_to(site: Any) -> None:
    site.write({"owners.yml": "net: net@example.com\n"})
    result = run(site, "--mail", "--dry-run")
    assert result.exit_code == 1
    assert "content/owners.yml: identity is missing. Add “identity: <address>”." in result.output
    assert "To: net@example.com" in result.output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "owners.yml is missing. Write one “owner: address” a line"),
        ("- a", "holds a list"),
        ("a: [", "did not find expected node content"),
        ("net: nobody", "net is 'nobody'"),
        ("net: 'a@example.com\\nBcc: b@example.com'", "net is"),
    ],
)
def test_owners_that_cannot_be_read_are_explained(site: Any, text: str | None, message: str) -> None:
    (site.folder / "content/owners.yml").unlink()
    if text:
        site.write({"owners.yml": text})
    result = run(site, "--mail", "--dry-run")
    assert result.exit_code == 2
    assert message in result.output


def test_a_dry_run_without_mails_is_refused(site: Any) -> None:
    assert run(site, "--dry-run").exit_code == 2


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "ANSWERDESK_SMTP_URL is missing."),
        ("localhost:25", "is no address of a mail server"),
        ("https://me:secret@host", "is no address of a mail server"),
        ("smtp://me:secret@host:many", "is no address of a mail server"),
        ("smtp://me:secret@host?security=none", "would show the password to everybody"),
        ("smtp://host?tls=no", "what stands behind ? is not known"),
    ],
)
def test_a_server_that_is_none_is_explained_without_the_password(url: str, message: str) -> None:
    with pytest.raises(ContentError) as raised:
        read_server(url)
    assert message in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "host", "port", "is_protected"),
    [
        ("smtp://host", "host", 587, True),
        ("smtps://host", "host", 465, True),
        ("smtp://localhost:25?security=none", "localhost", 25, False),
    ],
)
def test_a_server_is_protected_unless_told_otherwise(url: str, host: str, port: int, is_protected: bool) -> None:
    server = read_server(url)
    assert (server.host, server.port, server.is_protected) == (host, port, is_protected)


@pytest.mark.parametrize("text", ["", "nobody", "a@b\nBcc: c@d", "@example.com"])
def test_a_sender_that_is_none_is_explained(text: str) -> None:
    with pytest.raises(ContentError, match="ANSWERDESK_MAIL_FROM"):
        read_sender(text)
