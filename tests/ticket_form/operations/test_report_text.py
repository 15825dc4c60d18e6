"""What an operator reads."""

from ticket_form.operations.alerts import Alert, AlertKind
from ticket_form.operations.report_text import write_body, write_line, write_subject

HELD = Alert(
    kind=AlertKind.HELD, summary="2 tickets are held back, the oldest for 1 hour", details=("2: quick",),
    cure=("Look.", "Release them."), page="/queue/quarantine",
)  # fmt: skip
DISK = Alert(kind=AlertKind.DISK, summary="the disk is full", cure=("Make room.",))


def test_the_subject_says_what_comes_first_and_how_much_more_there_is() -> None:
    assert write_subject([HELD]) == "2 tickets are held back"
    assert write_subject([DISK, HELD]) == "The disk is full (and 1 more)"


def test_a_line_says_what_and_how_to_mend_it() -> None:
    assert write_line(HELD) == "2 tickets are held back, the oldest for 1 hour. Look. Release them."


def test_each_alert_is_a_paragraph_with_its_details_cure_and_page() -> None:
    held, disk, _about = write_body([HELD, DISK], base_url="https://help.example.com").split("\n\n")
    assert held.splitlines() == [
        "2 tickets are held back, the oldest for 1 hour.", "  - 2: quick", "Look.", "Release them.",
        "In the queue: https://help.example.com/queue/quarantine",
    ]  # fmt: skip
    assert disk.splitlines() == ["The disk is full.", "Make room."]


def test_without_a_public_address_it_says_how_to_find_the_queue() -> None:
    assert '/queue/quarantine ("ticket-form queue address" prints' in write_body([HELD], base_url=None)
