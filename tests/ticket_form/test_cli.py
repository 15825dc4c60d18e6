"""The command."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from werkzeug.test import TestResponse

from ticket_form.cli import main
from ticket_form.house import House
from ticket_form.settings import Settings
from ticket_form.store import list_tickets

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command with the environment of a desk."""
    monkeypatch.setenv("TICKET_FORM_SITE", str(settings.site))
    monkeypatch.setenv("TICKET_FORM_DATABASE", str(settings.database))
    monkeypatch.setenv("TICKET_FORM_SECRET_KEY", "s" * 32)
    return lambda *words: CliRunner().invoke(main, words, catch_exceptions=False)


def test_the_queue_is_listed_newest_first(run: Run, send: Callable[..., TestResponse], house: House) -> None:
    send(subject="First", form_key="a" * 32)
    send(subject="Second\t\x1b[31m", category="email", lang="ko", form_key="b" * 32)
    lines = run("queue", "list").output.splitlines()
    second, first = (line.split("\t") for line in lines)
    assert second[2:] == ["messaging", "email", "ko", "Second [31m"]
    assert first[2:] == ["network", "network", "en", "First"]
    assert first[0] == list_tickets(house.database).tickets[1].reference
    assert [line.split("\t")[-1] for line in run("queue", "list", "--queue", "network").output.splitlines()] == [
        "First"
    ]


def test_the_queue_is_listed_as_json(run: Run, send: Callable[..., TestResponse], app: object) -> None:
    assert json.loads(run("queue", "list", "--json").output) == []
    send(subject="느림", q=["vpn"], article=["network/vpn/"])
    (ticket,) = json.loads(run("queue", "list", "--json").output)
    assert (ticket["subject"], ticket["queue"], ticket["level"], ticket["state"]) == ("느림", "network", "L1", "new")
    assert (ticket["searches"], ticket["articles"]) == (["vpn"], ["network/vpn/"])
    assert ticket["created_at"].endswith("+00:00")
    assert json.loads(run("queue", "show", ticket["reference"], "--json").output) == ticket


def test_a_ticket_is_shown_whole(run: Run, send: Callable[..., TestResponse], house: House) -> None:
    send(q=["vpn", "tunnel"], article=["network/vpn/"])
    reference = list_tickets(house.database).tickets[0].reference
    output = run("queue", "show", reference.lower()).output
    for text in (
        reference,
        "kim@example.com",
        "VPN drops",
        "vpn",
        "tunnel",
        "network/vpn/",
        "It worked yesterday.\nNow it does not.",
    ):
        assert text in output


def test_an_unknown_ticket_is_told(run: Run, app: object) -> None:
    result = run("queue", "show", "AD-0000-0000-00")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == 'AD-0000-0000-00: there is no such ticket. See "ticket-form queue list".\n'


def test_without_a_database_the_queue_says_what_to_do(run: Run, settings: Settings) -> None:
    result = run("queue", "list")
    assert result.exit_code == 2
    assert "there is no database" in result.stderr
    assert not settings.database.exists()


def test_check_tells_what_it_found(run: Run) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "6 languages, 9 categories" in result.output
    assert "6 queues, 8 rules" in result.output


def test_check_tells_all_problems_together(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "routing.yml").write_text("queues: [{id: a}]\n")
    monkeypatch.setenv("TICKET_FORM_SITE", str(tmp_path / "none"))
    monkeypatch.setenv("TICKET_FORM_ROUTING", str(tmp_path / "routing.yml"))
    monkeypatch.setenv("TICKET_FORM_PROXIES", "x")
    result = run("check")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 3
    for told in ("TICKET_FORM_PROXIES", "answerdesk build", "default is missing"):
        assert told in result.stderr
