"""Copies of a desk, and desks of copies."""

import json
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ticket_form.delivery.outbox import claim, list_channels, list_deliveries, mark_delivered, resume
from ticket_form.delivery.worker import Worker
from ticket_form.errors import ConfigurationError, TemporaryFailure
from ticket_form.operations.backup import Backup, back_up, read_backup
from ticket_form.operations.durable_files import sha256_of
from ticket_form.operations.restore import RestoreTarget, restore
from ticket_form.settings import Settings
from ticket_form.storage.database import Database, open_database
from ticket_form.storage.ticket_store import list_attachments, list_tickets, read_attachment
from ticket_form.tickets.delivery_contract import OutboundMessage, Promise, Purpose

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Take = Callable[..., str]
Make = Callable[..., Backup]


@pytest.fixture
def desk(settings: Settings, place: Path | str, tmp_path: Path) -> Settings:
    """Give the settings of a desk with a routing file of its own, on each kind of database."""
    routing = tmp_path / "own.yml"
    routing.write_text("queues: [{id: a}]\ndefault: a\n")
    return replace(settings, database=place, routing=routing)


@pytest.fixture
def make(desk: Settings, tmp_path: Path) -> Make:
    """Make a backup."""

    def make_backup(name: str = "backup", *, with_secret: bool = False) -> Backup:
        return back_up(desk, tmp_path / name, with_secret=with_secret, now=NOW)

    return make_backup


@pytest.fixture
def new_place(place: Path | str, tmp_path: Path, request: pytest.FixtureRequest) -> Path | str:
    """Give the address of a place where no desk is."""
    if isinstance(place, Path):
        return tmp_path / "new" / "tickets.sqlite"
    return str(request.getfixturevalue("postgresql_server").new_database())


def test_a_backup_is_a_desk_again(make: Make, take: Take, new_place: Path | str, desk: Settings) -> None:
    take("AD-1", "rt")
    take("AD-2")
    made = make()
    assert made.tickets == 2
    restored = restore(made.folder, RestoreTarget(database=new_place, secret=desk.secret_key), now=NOW)
    assert not restored.is_secret_missing
    database = open_database(new_place)
    assert [ticket.reference for ticket in list_tickets(database).tickets] == ["AD-2", "AD-1"]
    (file,) = list_attachments(database, "AD-1")
    found = read_attachment(database, "AD-1", file.id)
    assert found
    assert found.content == b"log"
    database.close()


def test_everything_in_a_backup_is_its_owners_alone(make: Make, take: Take) -> None:
    folder = make(with_secret=True).folder
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_what_was_taken_before_a_backup_began_is_in_it_however_busy_the_desk_is(
    make: Make, take: Take, database: Database, tmp_path: Path
) -> None:
    taken: list[str] = []
    stopping = threading.Event()

    def write() -> None:
        while not stopping.is_set():
            taken.append(take(f"AD-{len(taken)}", "rt"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            before = set(taken)
            made = make(f"backup {number}")
            read_backup(made.folder)  # whole
            if database.is_sqlite:
                with closing(sqlite3.connect(made.folder / "tickets.sqlite")) as copy:
                    stored = {row[0] for row in copy.execute("SELECT reference FROM ticket")}
                    assert before <= stored
                    assert copy.execute("SELECT count(*) FROM delivery").fetchone()[0] == len(stored)
    finally:
        stopping.set()
        writer.join()


def test_a_restored_desk_sends_nothing_until_it_is_told_and_then_looks_first(
    make: Make, take: Take, new_place: Path | str, database: Database
) -> None:
    take("AD-1", "rt", "mail")
    take("AD-2", "rt")
    _deliver(database, "rt")
    made = make()
    _deliver(database, "rt")  # went out after the backup
    restored = restore(made.folder, RestoreTarget(database=new_place), now=NOW)
    assert restored.held == {"mail": 1, "rt": 1}
    again = open_database(new_place)
    channel = LooksFirst(known={"AD-2": "18"})
    worker = Worker(database=again, channels={"rt": channel, "mail": channel}, now=lambda: NOW)
    assert worker.send_one("rt") is False
    assert {state.name for state in list_channels(again) if state.paused_at} == {"mail", "rt"}
    for name in ("rt", "mail"):
        resume(again, name)
        assert worker.send_one(name)
    assert channel.created == ["AD-1"]  # by mail; AD-2 was found
    assert {delivery.remote for delivery in list_deliveries(again, reference="AD-2")} == {"18"}
    again.close()


def test_a_place_with_tickets_is_never_written_over(make: Make, take: Take, place: Path | str) -> None:
    take("AD-1")
    made = make()
    with pytest.raises(ConfigurationError, match=r"exists|has tickets already"):
        restore(made.folder, RestoreTarget(database=place), now=NOW)


@pytest.mark.parametrize("damage", ["change", "delete", "truncate"])
def test_a_damaged_backup_is_refused_before_anything_is_written(
    make: Make, take: Take, new_place: Path | str, damage: str
) -> None:
    take("AD-1")
    folder = make().folder
    path = next(path for path in folder.iterdir() if path.name.startswith("tickets"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    if damage != "delete":
        path.write_bytes(content if damage == "change" else content[:100])
    with pytest.raises(ConfigurationError, match="not what was backed up"):
        restore(folder, RestoreTarget(database=new_place), now=NOW)
    assert not isinstance(new_place, Path) or not new_place.parent.exists()


def test_a_database_that_was_damaged_when_it_was_copied_is_refused(settings: Settings, tmp_path: Path) -> None:
    open_database(settings.database).close()
    folder = back_up(settings, tmp_path / "backup", with_secret=False, now=NOW).folder
    path = folder / "tickets.sqlite"
    with closing(sqlite3.connect(path)) as broken:
        broken.execute("INSERT INTO trail VALUES (999, 1, 'search', 'of no ticket')")
        broken.commit()
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["tickets.sqlite"] = sha256_of(path)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ConfigurationError, match="damaged"):
        restore(folder, RestoreTarget(database=tmp_path / "new.sqlite"), now=NOW)
    assert not list(tmp_path.glob("*new*"))


@pytest.mark.parametrize("content", [None, "{", "[]", '{"format": 2}', '{"format": 1}'])
def test_what_is_no_backup_is_told(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ConfigurationError) as caught:
        read_backup(tmp_path)
    assert len(caught.value.problems) == 1


def test_a_manifest_leads_to_no_file_outside_of_its_folder(make: Make, take: Take) -> None:
    folder = make().folder
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["../own.yml"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ConfigurationError, match=r"\.\./own\.yml"):
        read_backup(folder)


def test_an_existing_folder_is_left_alone(make: Make, take: Take, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    with pytest.raises(ConfigurationError, match="exists"):
        make()
    assert list((tmp_path / "backup").iterdir()) == []


def test_a_backup_that_fails_leaves_nothing(
    make: Make, take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, desk: Settings
) -> None:
    desk.routing.unlink()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ConfigurationError, match="cannot be written"):
        make()
    assert sorted(tmp_path.iterdir()) == before


def test_the_secret_is_in_a_backup_only_if_that_is_wanted(make: Make, take: Take, desk: Settings) -> None:
    for path in make().folder.iterdir():
        assert desk.secret_key not in path.read_bytes()
        assert desk.secret_key.hex().encode() not in path.read_bytes()
    assert (make("second", with_secret=True).folder / "secret").read_text() == desk.secret_key.hex()


def test_routing_and_secret_come_back_where_none_are(
    make: Make, take: Take, new_place: Path | str, tmp_path: Path, desk: Settings
) -> None:
    made = make(with_secret=True)
    routing, secret = tmp_path / "new" / "routing.yml", tmp_path / "new" / "secret"
    restored = restore(made.folder, RestoreTarget(database=new_place, routing=routing, secret_file=secret), now=NOW)
    assert restored.written == (routing, secret)
    assert routing.read_bytes() == desk.routing.read_bytes()
    assert bytes.fromhex(secret.read_text()) == desk.secret_key
    assert secret.stat().st_mode & 0o777 == 0o600
    assert not restored.is_secret_missing


def test_routing_and_secret_of_a_place_stay_and_another_secret_is_told(
    make: Make, take: Take, new_place: Path | str, tmp_path: Path
) -> None:
    made = make()
    routing = tmp_path / "kept.yml"
    routing.write_text("kept")
    restored = restore(made.folder, RestoreTarget(database=new_place, routing=routing, secret=b"another" * 8), now=NOW)
    assert routing.read_text() == "kept"
    assert restored.is_secret_missing


def test_a_backup_of_one_kind_is_no_desk_of_the_other(
    make: Make, take: Take, database: Database, tmp_path: Path
) -> None:
    made = make()
    other = "postgresql://nobody@127.0.0.1:1/none" if database.is_sqlite else tmp_path / "new.sqlite"
    with pytest.raises(ConfigurationError, match="the backup is of"):
        restore(made.folder, RestoreTarget(database=other), now=NOW)


def test_without_the_programs_of_postgresql_it_says_what_to_install(
    settings: Settings, postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _program: None)
    with pytest.raises(ConfigurationError, match="pg_dump: is not installed"):
        back_up(replace(settings, database=postgresql), tmp_path / "backup", with_secret=False, now=NOW)
    assert not (tmp_path / "backup").exists()


class LooksFirst:
    """A channel that looks for a ticket before it sends it again."""

    promise = Promise.ONCE
    acknowledges = False

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known
        self.created: list[str] = []

    def send(self, message: OutboundMessage) -> str:
        if not message.is_retry:
            raise TemporaryFailure("a restored delivery must count as a retry")
        reference = message.ticket.reference
        if reference not in self.known:
            self.created.append(reference)
        return self.known.get(reference, "new")

    def check(self) -> str:
        return ""


def _deliver(database: Database, channel: str) -> None:
    taken = claim(database, channel, now=NOW)
    assert taken
    assert taken.message.purpose == Purpose.TICKET
    mark_delivered(database, taken, remote="17", now=NOW)
