"""The command."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from werkzeug.test import TestResponse

from ticket_form.cli import main
from ticket_form.delivery.outbox import claim, mark_delivered, mark_failed
from ticket_form.errors import PermanentFailure
from ticket_form.settings import Settings
from ticket_form.storage.database import open_database
from ticket_form.storage.migrate import newest_version
from ticket_form.storage.ticket_store import accept, add_entry, list_tickets
from ticket_form.tickets.routing import Queue, Route
from ticket_form.tickets.ticket import Author, Entry, EntryKind, TicketDraft
from ticket_form.tickets.trail import Trail
from ticket_form.web.services import Services

pytestmark = pytest.mark.usefixtures("free_of_loops")

Run = Callable[..., Result]
DRAFT = TicketDraft(
    language="ko", category="network", subject="Held VPN", description="-", email="kim@example.com", name="Kim",
    trail=Trail(),
)  # fmt: skip


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command with the environment of a desk."""
    monkeypatch.setenv("TICKET_FORM_SITE", str(settings.site))
    monkeypatch.setenv("TICKET_FORM_DATABASE", str(settings.database))
    monkeypatch.setenv("TICKET_FORM_SECRET_KEY", "s" * 32)
    return lambda *words: CliRunner().invoke(main, words, catch_exceptions=False)


def test_the_queue_is_listed_newest_first(
    run: Run, send: Callable[..., TestResponse], services: Services, new_key: Callable[[], str]
) -> None:
    send(subject="First", form_key=new_key())
    send(subject="Second\t\x1b[31m", category="email", lang="ko", form_key=new_key())
    lines = run("queue", "list").output.splitlines()
    second, first = (line.split("\t") for line in lines)
    assert second[2:] == ["messaging", "email", "ko", "Second [31m"]
    assert first[2:] == ["network", "network", "en", "First"]
    assert first[0] == list_tickets(services.database).tickets[1].reference
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


def test_a_ticket_is_shown_whole(run: Run, send: Callable[..., TestResponse], services: Services) -> None:
    send(q=["vpn", "tunnel"], article=["network/vpn/"])
    reference = list_tickets(services.database).tickets[0].reference
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
    Path(settings.database).unlink()
    result = run("queue", "list")
    assert result.exit_code == 2
    assert "there is no database" in result.stderr
    assert not Path(settings.database).exists()


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


ROUTING = """
channels:
  - {id: hook, kind: webhook, url: "http://127.0.0.1:9/", allow_private: true, secret_variable: HOOK_SECRET}
services: [{id: payroll, name: Payroll}]
queues: [{id: a, level: L1}, {id: b, level: L2, channels: [hook]}]
rules:
  - {category: network, language: ko, queue: b}
  - {service: payroll, queue: b, channels: []}
default: a
"""


@pytest.fixture
def routed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Route to a webhook that nobody answers."""
    (tmp_path / "routing.yml").write_text(ROUTING)
    monkeypatch.setenv("TICKET_FORM_ROUTING", str(tmp_path / "routing.yml"))
    monkeypatch.setenv("HOOK_SECRET", "h" * 32)


@pytest.fixture
def delivering(settings: Settings) -> Iterator[str]:
    """Store a ticket that waits for the webhook, and give its reference."""
    database = open_database(settings.database)
    destination = Route(queue=Queue(id="b", names={}, level="L2"), channels=("hook",))
    reference = "AD-0000-0000-01"
    accept(database, DRAFT, destination=destination, reference=reference, form_key="k", now=datetime.now(UTC))
    yield reference
    database.close()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("network", "--language", "ko"),
            ["rule 1 (category network, language ko)", "b, level L2", "hook, webhook, one of the queue's"],
        ),
        (("network",), ["the default: no rule fits", "a, level L1", "none: it stays in the built-in queue"]),
        (("email", "--service", "payroll"), ["rule 2 (service payroll)", "b, level L2", "(the rule's list is empty)"]),
    ],
)
def test_it_explains_where_a_ticket_goes_and_why(
    run: Run, routed: None, words: tuple[str, ...], told: list[str]
) -> None:
    output = run("route", *words).output
    for text in (*told, "is not written to"):
        assert text in output


def test_a_misspelt_ticket_cannot_be_explained(run: Run, routed: None) -> None:
    result = run("route", "netwerk", "--language", "xx", "--service", "pay")
    assert result.exit_code == 2
    assert [line.split("'")[1] for line in result.stderr.splitlines()] == ["netwerk", "xx", "pay"]


def test_check_reaches_the_channels_when_asked_to(run: Run, routed: None, app: object) -> None:
    assert run("check").exit_code == 0
    result = run("check", "--channels")
    assert result.exit_code == 2
    assert result.stderr.startswith("channel hook: ")
    assert len(result.stderr.splitlines()) == 1


def test_check_tells_what_is_wrong_with_channels(run: Run, routed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOOK_SECRET")
    result = run("check")
    assert result.exit_code == 2
    assert "HOOK_SECRET" in result.stderr


def test_check_tells_of_tickets_that_wait_for_a_channel_that_is_gone(run: Run, delivering: str) -> None:
    result = run("check")
    assert result.exit_code == 2
    assert "channel hook: has 1 deliveries before it" in result.stderr


def test_check_says_that_nobody_is_written_to_and_how_that_is_changed(run: Run, routed: None) -> None:
    output = run("check").output
    assert "reports   go to the log alone: nobody is written to when tickets are held back" in output
    assert 'routing.yml, such as "report_to: mail".' in output


def test_check_says_who_is_written_to(run: Run, routed: None, tmp_path: Path) -> None:
    mail = "- {id: mail, kind: email, host: mail.example.com, from: help@example.com, to: op@example.com}"
    text = ROUTING.replace("services:", f"  {mail}\nservices:") + "report_to: mail\n"
    (tmp_path / "routing.yml").write_text(text)
    result = run("check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "reports   go by mail when tickets are held back" in result.output


def test_reports_cannot_go_to_what_writes_no_mail(run: Run, routed: None, tmp_path: Path) -> None:
    (tmp_path / "routing.yml").write_text(ROUTING + "report_to: hook\n")
    result = run("check")
    assert result.exit_code == 2
    assert result.stderr == (
        f"{tmp_path / 'routing.yml'}: report_to: 'hook' cannot write e-mails to an operator. "
        "Name a channel of kind email.\n"
    )


def test_check_says_what_waits_for_a_person(run: Run, settings: Settings) -> None:
    database = open_database(settings.database)
    accept(
        database, DRAFT, destination=Route(queue=Queue(id="b", names={}, level="L2")), reference="AD-0000-0000-01",
        form_key="k", now=datetime.now(UTC), judge=lambda _session: "quick",
    )  # fmt: skip
    database.close()
    result = run("check")
    assert result.exit_code == 0
    assert "waiting   1 ticket is held back as suspected spam, the oldest for 1 minute. " in result.output


def test_deliveries_are_listed_paused_resumed_and_replayed(run: Run, routed: None, delivering: str) -> None:
    assert run("deliveries", "list").output.split("\t")[1:6] == [delivering, "hook", "ticket", "waiting", "0"]
    assert run("deliveries", "list", "--only", "dead").output == ""
    assert run("deliveries", "list", "--ticket", delivering.lower(), "--channel", "hook").output.count("\n") == 1
    run("deliveries", "pause", "hook")
    assert "hook\tpaused\t1 waiting\t0 dead" in run("deliveries", "channels").output
    run("deliveries", "resume", "hook")
    assert "hook\tworks\t1 waiting" in run("deliveries", "channels").output
    assert run("deliveries", "replay", "--channel", "hook").output == "0 will be sent again.\n"


def test_a_dead_delivery_is_replayed_by_its_number(run: Run, routed: None, delivering: str, settings: Settings) -> None:
    database = open_database(settings.database)
    taken = claim(database, "hook", now=datetime.now(UTC))
    assert taken
    mark_failed(database, taken, PermanentFailure("no such queue"), now=datetime.now(UTC), chance=0)
    database.close()
    (dead,) = json.loads(run("deliveries", "list", "--only", "dead", "--json").output)
    assert (dead["error"], dead["state"]) == ("no such queue", "dead")
    assert run("deliveries", "replay", str(dead["id"])).output == "1 will be sent again.\n"
    assert run("deliveries", "list", "--only", "dead").output == ""


def test_a_delivery_is_parked_and_dropped_with_a_reason(run: Run, routed: None, delivering: str) -> None:
    (waiting,) = json.loads(run("deliveries", "list", "--json").output)
    number = str(waiting["id"])
    assert "replay" in run("deliveries", "park", number, "--reason", "kills it").output
    (parked,) = json.loads(run("deliveries", "list", "--only", "dead", "--json").output)
    assert parked["error"] == "parked: kills it"
    assert "replay" in run("deliveries", "drop", number, "--reason", "by hand").output
    (dropped,) = json.loads(run("deliveries", "list", "--only", "dropped", "--json").output)
    assert (dropped["state"], dropped["error"]) == ("dropped", "dropped: by hand")
    unknown = run("deliveries", "drop", "999", "--reason", "why")
    assert unknown.exit_code == 2
    assert "delivery 999: is not there" in unknown.output


@pytest.mark.parametrize(
    "words",
    [("pause", "hok"), ("resume", "hok"), ("replay", "--channel", "hok"), ("replay",), ("list", "--ticket", "x")],
)
def test_a_misspelt_delivery_is_told(run: Run, routed: None, delivering: str, words: tuple[str, ...]) -> None:
    result = run("deliveries", *words)
    assert result.exit_code in (1, 2)
    assert len(result.stderr.splitlines()) == 1


def test_held_tickets_are_released_or_rejected(run: Run, routed: None, settings: Settings, delivering: str) -> None:
    database = open_database(settings.database)
    destination = Route(queue=Queue(id="a", names={}, level="L1"))
    references = ("AD-0000-0000-02", "AD-0000-0000-03")
    for name in references:
        accept(
            database, DRAFT, destination=destination, reference=name, form_key=name, now=datetime.now(UTC),
            judge=lambda _session: "too fast",
        )  # fmt: skip
    database.close()
    listed = run("quarantine", "list").output.splitlines()
    assert [(line.split("\t")[0], line.split("\t")[-1]) for line in listed] == [
        (references[1], "too fast"),
        (references[0], "too fast"),
    ]
    assert "Held" in run("quarantine", "show", references[0]).output
    assert run("quarantine", "release", references[0]).output == f"{references[0]} goes to b.\n"
    assert run("deliveries", "list", "--ticket", references[0]).output.count("hook") == 1
    run("quarantine", "reject", references[1])
    assert run("quarantine", "list").output == ""
    assert run("quarantine", "release", delivering).exit_code == 1  # was never held


def test_migrate_makes_a_database_and_names_its_version(run: Run, settings: Settings) -> None:
    output = run("migrate").output
    assert Path(settings.database).exists()
    assert output == f"{settings.database}: version {newest_version()}\n"
    assert run("migrate").output == output


def test_a_desk_is_backed_up_and_restored_with_what_to_do_next(
    run: Run, routed: None, delivering: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = run("backup", str(tmp_path / "copy")).output
    assert "1 tickets" in output
    assert "TICKET_FORM_SECRET_KEY" in output
    monkeypatch.setenv("TICKET_FORM_DATABASE", str(tmp_path / "new" / "tickets.sqlite"))
    monkeypatch.setenv("TICKET_FORM_ROUTING", str(tmp_path / "new" / "routing.yml"))
    output = run("restore", str(tmp_path / "copy")).output
    assert "ticket-form deliveries resume hook" in output
    assert "secret" not in output
    assert (tmp_path / "new" / "routing.yml").read_text() == ROUTING
    assert "hook\tpaused" in run("deliveries", "channels").output
    result = run("restore", str(tmp_path / "copy"))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_a_restore_makes_no_secret_of_its_own(
    run: Run, delivering: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", str(tmp_path / "copy"))
    monkeypatch.delenv("TICKET_FORM_SECRET_KEY")
    monkeypatch.setenv("TICKET_FORM_SECRET_FILE", str(tmp_path / "new" / "secret"))
    monkeypatch.setenv("TICKET_FORM_DATABASE", str(tmp_path / "new" / "tickets.sqlite"))
    assert "The secret of the backup is not here" in run("restore", str(tmp_path / "copy")).output
    assert not (tmp_path / "new" / "secret").exists()


def test_there_is_nothing_to_back_up_without_a_database(run: Run, settings: Settings, tmp_path: Path) -> None:
    Path(settings.database).unlink()
    result = run("backup", str(tmp_path / "copy"))
    assert result.exit_code == 2
    assert "there is no database" in result.stderr


def test_a_person_is_forgotten_and_where_copies_are_is_told(
    run: Run, routed: None, delivering: str, settings: Settings
) -> None:
    database = open_database(settings.database)
    taken = claim(database, "hook", now=datetime.now(UTC))
    assert taken
    mark_delivered(database, taken, remote="17", now=datetime.now(UTC))
    database.close()
    output = run("forget", "KIM@example.com").output
    assert "1 tickets erased" in output
    assert f"{delivering}: hook has a copy, 17." in output
    assert "Backups hold what they held" in output
    assert "kim@example.com" not in run("queue", "show", delivering).output
    assert "0 tickets erased" in run("forget", "kim@example.com").output
    assert run("forget", "kim").exit_code == 2


def test_old_tickets_are_retired_now(
    run: Run, delivering: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(settings.database)
    long_ago = datetime.now(UTC) - timedelta(days=31)
    end = Entry(created_at=long_ago, author=Author.TEAM, kind=EntryKind.CLOSED, text="")
    add_entry(database, delivering, end, form_key="end", now=long_ago)
    database.close()
    assert run("retire").output == "0 tickets erased, closed more than 180 days ago.\n"
    monkeypatch.setenv("TICKET_FORM_KEEP_DAYS", "30")
    assert run("retire").output == "1 tickets erased, closed more than 30 days ago.\n"


def test_tickets_are_exported(run: Run, delivering: str, tmp_path: Path) -> None:
    assert run("export", str(tmp_path / "t.csv")).output == f"{tmp_path / 't.csv'}: 1 tickets\n"
    assert delivering in (tmp_path / "t.csv").read_text("utf-8")
    assert run("export", str(tmp_path / "t.xlsx")).exit_code == 2
