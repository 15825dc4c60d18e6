"""Tickets in a file."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ticket_form.errors import ConfigurationError
from ticket_form.operations.export import COLUMNS, export, record_of, safe_cell
from ticket_form.storage.database import Database
from ticket_form.storage.ticket_store import accept, add_entry, find_ticket
from ticket_form.tickets.routing import Queue, Route
from ticket_form.tickets.ticket import Attachment, Author, Entry, EntryKind, TicketDraft
from ticket_form.tickets.trail import Trail

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DRAFT = TicketDraft(
    language="ko", category="network", subject='느림, "매우"; 느림', description="One\nTwo", email="kim@example.com",
    name="Kim", trail=Trail(searches=("vpn", "=tunnel"), articles=("network/vpn/",)),
)  # fmt: skip
Fill = Callable[..., None]


@pytest.fixture
def fill(database: Database) -> Fill:
    """Store tickets: `fill("AD-1", "AD-2", subject="VPN")`."""

    def store(*references: str, queue: str = "network", **changes: str) -> None:
        destination = Route(queue=Queue(id=queue, names={}, level="L1"))
        for reference in references:
            accept(
                database, replace(DRAFT, **changes), destination=destination, reference=reference,
                form_key=reference, now=NOW,
            )  # fmt: skip

    return store


def test_every_ticket_is_a_line_of_json_oldest_first(database: Database, fill: Fill, tmp_path: Path) -> None:
    fill("AD-1", "AD-2")
    said = Entry(created_at=NOW, author=Author.TEAM, kind=EntryKind.COMMENT, text="Restart it.")
    add_entry(database, "AD-1", said, form_key="entry", now=NOW)
    path = tmp_path / "tickets.jsonl"
    assert export(database, path) == 2
    first, second = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    assert (first["reference"], second["reference"]) == ("AD-1", "AD-2")
    assert (first["subject"], first["description"]) == (DRAFT.subject, DRAFT.description)
    assert (first["searches"], first["state"]) == (["vpn", "=tunnel"], "open")
    assert [(entry["author"], entry["text"]) for entry in first["entries"]] == [("team", "Restart it.")]
    assert second["entries"] == []


def test_a_spreadsheet_gets_every_column_as_text(database: Database, fill: Fill, tmp_path: Path) -> None:
    fill("AD-1")
    path = tmp_path / "tickets.csv"
    export(database, path)
    (row,) = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    assert tuple(row) == COLUMNS
    assert (row["subject"], row["description"]) == (DRAFT.subject, DRAFT.description)
    assert row["searches"] == "vpn\n=tunnel"
    assert row["created_at"] == "2026-11-21T12:00:00+00:00"


@pytest.mark.parametrize(
    "value",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", '"=1+1"', "'=1", ' "=1', " =1", "\u00a0=1",
        "\u3000=1", "＝1", "＋1", "－1", "＠SUM", '""=cmd|\' /C calc\'!A0',
    ],
)  # fmt: skip
def test_no_cell_begins_a_formula(value: str) -> None:
    assert safe_cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "VPN", "1 = 1", "a@b.example", '"VPN"', "2-1"])
def test_other_cells_stay_as_they_are(value: str) -> None:
    assert safe_cell(value) == value


def test_formulas_are_disarmed_in_every_column(database: Database, fill: Fill, tmp_path: Path) -> None:
    fill("AD-1", subject="=1+1", description="@SUM(A1)", name="+1", email="=1@example.com")
    path = tmp_path / "tickets.csv"
    export(database, path)
    for cells in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")):
        assert not [cell for cell in cells if cell[:1] in tuple("=+-@")]


def test_formulas_are_disarmed_in_the_names_of_files_and_in_the_trail(
    database: Database, fill: Fill, tmp_path: Path
) -> None:
    file = Attachment(name="=1+1.png", media_type="image/png", size=1, sha256="f" * 64, content=b"x")
    fill("AD-1", attachments=(file,), trail=Trail(searches=("+1",), articles=("@SUM/",)))
    path = tmp_path / "tickets.csv"
    export(database, path)
    (row,) = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    assert (row["files"], row["searches"], row["articles"]) == ("'=1+1.png", "'+1", "'@SUM/")


def test_one_queue_can_be_chosen_and_parts_are_joined(
    database: Database, fill: Fill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ticket_form.operations.export.TICKETS_PER_READ", 2)
    fill("AD-1", "AD-2", "AD-3", "AD-4")
    fill("AD-5", queue="identity")
    path = tmp_path / "tickets.jsonl"
    assert export(database, path) == 5
    assert export(database, path, queue="network") == 4
    references = [json.loads(line)["reference"] for line in path.read_text("utf-8").splitlines()]
    assert references == ["AD-1", "AD-2", "AD-3", "AD-4"]


def test_the_file_is_its_owners_alone_and_whole_or_not_there(
    database: Database, fill: Fill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill("AD-1")
    path = tmp_path / "tickets.csv"
    export(database, path)
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    monkeypatch.setattr("ticket_form.operations.export.safe_cell", lambda value: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export(database, path)
    assert path.read_bytes() == before
    assert [left.name for left in tmp_path.iterdir() if left.is_file()] == ["tickets.csv"]


@pytest.mark.parametrize("name", ["tickets.xlsx", "tickets", "none/tickets.csv"])
def test_a_file_that_cannot_be_made_is_told(database: Database, tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        export(database, tmp_path / name)


def test_a_record_names_all_of_a_ticket(database: Database, fill: Fill) -> None:
    fill("AD-1")
    ticket = find_ticket(database, "AD-1")
    assert ticket
    assert tuple(record_of(ticket)) == COLUMNS
