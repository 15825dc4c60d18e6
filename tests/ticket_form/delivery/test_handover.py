"""A ticket that is moved goes to its new team whole, and leaves the old one. Each on SQLite and on PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime

from ticket_form.delivery.outbox import claim, list_deliveries, mark_delivered, mark_failed
from ticket_form.errors import PermanentFailure
from ticket_form.storage.database import Database
from ticket_form.storage.ticket_store import add_entry
from ticket_form.tickets.delivery_contract import OutboundMessage
from ticket_form.tickets.routing import Queue
from ticket_form.tickets.ticket import Attachment, Author, Entry, EntryKind

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
A = Queue(id="a", names={}, level="L1", channels=("mail", "hook"))
B = Queue(id="b", names={}, level="L2", channels=("other-hook",))
BOTH = Queue(id="both", names={}, level="L2", channels=("mail", "other-hook"))
Take = Callable[..., str]


def say(database: Database, text: str, **changes: object) -> None:
    fields = {"author": Author.VISITOR, "kind": EntryKind.COMMENT, "text": text} | changes
    add_entry(database, "AD-1", Entry(created_at=NOW, **fields), form_key=f"key {text}", now=NOW)  # type: ignore[arg-type]


def move(database: Database, queue: Queue, key: str = "move") -> None:
    entry = Entry(created_at=NOW, author=Author.TEAM, kind=EntryKind.MOVED, text=queue.id)
    add_entry(database, "AD-1", entry, form_key=f"{key} {queue.id}", now=NOW, move_to=queue)


def send(database: Database, channel: str, remote: str = "") -> OutboundMessage | None:
    taken = claim(database, channel, now=NOW)
    if taken is None:
        return None
    assert mark_delivered(database, taken, remote=remote, now=NOW)
    return taken.message


def send_all(database: Database, *channels: str) -> list[tuple[str, str, str]]:
    sent = []
    for channel in channels:
        while message := send(database, channel, remote=f"{channel} 7"):
            sent.append((channel, str(message.purpose), message.entry.text if message.entry else ""))
    return sent


def test_a_moved_ticket_reaches_its_new_team_and_leaves_the_old_one(database: Database, take: Take) -> None:
    take("AD-1", "mail", "hook")
    send_all(database, "mail", "hook")
    move(database, B)
    say(database, "Still broken.")
    assert send_all(database, "mail", "hook", "other-hook") == [
        ("mail", "left", "b"),
        ("hook", "left", "b"),
        ("other-hook", "ticket", "b"),
        ("other-hook", "entry", "Still broken."),
    ]


def test_the_new_team_gets_text_trail_files_and_all_that_happened(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    send_all(database, "mail")
    later = Attachment(name="later.txt", media_type="text/plain", size=5, sha256="e" * 64, content=b"later")
    say(database, "More.", attachments=(later,))
    say(database, "We look.", author=Author.TEAM)
    move(database, B)
    say(database, "After.", attachments=(later,))
    message = send(database, "other-hook")
    assert message is not None
    assert message.ticket.draft.description == "It drops."
    assert (message.ticket.queue, message.ticket.level) == ("b", "L2")
    assert [(entry.author, entry.text) for entry in message.history] == [("visitor", "More."), ("team", "We look.")]
    assert [file.name for file in message.files] == ["log.txt", "later.txt"]
    assert all(file.content for file in message.files)


def test_nothing_is_sent_to_a_team_that_cannot_have_seen_the_ticket(database: Database, take: Take) -> None:
    take("AD-1", "mail", "hook", acknowledge_by="mail")
    say(database, "Early.")
    move(database, B)
    assert send_all(database, "mail", "hook", "other-hook") == [
        ("mail", "acknowledgement", ""),
        ("other-hook", "ticket", "b"),
    ]


def test_a_team_that_is_just_being_told_is_told_after_it_that_the_ticket_left(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    taken = claim(database, "mail", now=NOW)
    assert taken is not None
    move(database, B)
    assert send(database, "mail") is None
    assert mark_delivered(database, taken, remote="", now=NOW)
    assert send_all(database, "mail") == [("mail", "left", "b")]


def test_a_channel_of_both_queues_keeps_the_ticket_and_is_told_of_the_move(database: Database, take: Take) -> None:
    take("AD-1", "mail", "hook")
    send_all(database, "mail", "hook")
    move(database, BOTH)
    say(database, "More.")
    assert send_all(database, "mail", "hook", "other-hook") == [
        ("mail", "entry", "both"),
        ("mail", "entry", "More."),
        ("hook", "left", "both"),
        ("other-hook", "ticket", "both"),
        ("other-hook", "entry", "More."),
    ]


def test_a_ticket_that_comes_back_is_handed_over_again_under_its_first_name(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    send_all(database, "mail")
    move(database, B)
    send_all(database, "mail", "other-hook")
    move(database, A, key="back")
    message = send(database, "mail")
    assert message is not None
    assert (message.purpose, message.remote) == ("ticket", "mail 7")
    say(database, "And now?")
    assert send_all(database, "other-hook", "mail", "hook") == [
        ("other-hook", "left", "a"),
        ("mail", "entry", "And now?"),
        ("hook", "ticket", "a"),
        ("hook", "entry", "And now?"),
    ]


def test_a_move_that_is_posted_twice_hands_over_once(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    for _ in range(2):
        move(database, B)
    assert send_all(database, "other-hook") == [("other-hook", "ticket", "b")]


def test_a_queue_without_channels_takes_the_ticket_away_from_all(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    send_all(database, "mail")
    move(database, Queue(id="inside", names={}, level="L2"))
    say(database, "More.")
    assert send_all(database, "mail") == [("mail", "left", "inside")]


def test_a_dead_letter_of_the_old_team_does_not_keep_the_new_one_waiting(database: Database, take: Take) -> None:
    take("AD-1", "mail")
    taken = claim(database, "mail", now=NOW)
    assert taken is not None
    mark_failed(database, taken, PermanentFailure("no such mailbox"), now=NOW, chance=0.5)
    move(database, B)
    say(database, "More.")
    assert send_all(database, "mail", "other-hook") == [("other-hook", "ticket", "b"), ("other-hook", "entry", "More.")]
    assert [delivery.channel for delivery in list_deliveries(database, only="dead")] == ["mail"]
