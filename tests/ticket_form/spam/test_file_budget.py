"""How many bytes of files are stored a day, and how much room is kept for texts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from ticket_form.spam.file_budget import DAY, MAX_RESERVED, FileBudget, refuse_files, reserve_of
from ticket_form.spam.rate_limit import RateCounter, spend_in
from ticket_form.storage.database import Database
from ticket_form.storage.disk import Disk
from ticket_form.storage.ticket_store import list_attachments
from ticket_form.tickets.ticket import Missing
from ticket_form.tickets.uploads import MEGABYTE

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECRET = b"a secret of at least thirty-two bytes"
BUDGET = FileBudget(network=10 * MEGABYTE, everyone=25 * MEGABYTE, reserve=0)

Refuse = Callable[..., Missing | None]


@pytest.fixture
def refuse(database: Database) -> Refuse:
    """Ask for room: `refuse(5)` for 5 MB from one address at noon."""

    def ask(
        megabytes: float, address: str | None = "198.51.100.7", *, budget: FileBudget = BUDGET, now: datetime = NOON,
        disk: Disk | None = None,
    ) -> Missing | None:  # fmt: skip
        with database.writing() as session:
            return refuse_files(
                session, int(megabytes * MEGABYTE), address=address, budget=budget, measure=lambda: disk,
                secret=SECRET, now=now,
            )  # fmt: skip

    return ask


def test_a_network_has_its_bytes_a_day_and_what_is_refused_counts_nothing(refuse: Refuse) -> None:
    assert [refuse(size) for size in (6, 5, 4, 0.001)] == [None, Missing.BUDGET, None, Missing.BUDGET]


@pytest.mark.parametrize("address", ["198.51.100.7", "127.0.0.1", "10.1.2.3", "2001:db8::1", None])
def test_neighbours_colleagues_and_unknown_addresses_have_the_same_budget(refuse: Refuse, address: str | None) -> None:
    assert [refuse(6, address), refuse(6, address)] == [None, Missing.BUDGET]


def test_addresses_of_one_network_share_a_budget_and_another_network_has_its_own(refuse: Refuse) -> None:
    assert [refuse(6, f"198.51.100.{host}") for host in (1, 2)] == [None, Missing.BUDGET]
    assert refuse(6, "198.51.101.1") is None
    assert [refuse(6, f"2001:db8:0:{host}::1") for host in (1, 2)] == [None, Missing.BUDGET]


def test_all_networks_together_have_a_budget(refuse: Refuse) -> None:
    assert [refuse(10, f"192.0.{net}.1") for net in (1, 2, 3)] == [None, None, Missing.BUDGET]
    assert refuse(5, "192.0.4.1") is None


def test_the_next_day_begins_anew(refuse: Refuse) -> None:
    assert [refuse(10), refuse(1), refuse(1, now=NOON + timedelta(days=1))] == [None, Missing.BUDGET, None]


def test_a_limit_of_nothing_is_switched_off(refuse: Refuse) -> None:
    assert [refuse(900, budget=FileBudget(network=0, everyone=0, reserve=0)) for _ in range(3)] == [None] * 3


def test_a_ticket_without_files_asks_for_nothing(refuse: Refuse) -> None:
    assert refuse(0, disk=Disk(free=0, total=100)) is None


def test_the_last_room_on_the_disk_is_kept_for_texts_and_uses_up_no_budget(refuse: Refuse) -> None:
    budget = FileBudget(network=10 * MEGABYTE, everyone=0, reserve=50 * MEGABYTE)
    tight, roomy = (Disk(free=free * MEGABYTE, total=1000 * MEGABYTE) for free in (65, 71))
    assert refuse(10, budget=budget, disk=tight) == Missing.DISK  # it is written twice, so that 45 MB would be left
    assert refuse(10, budget=budget, disk=roomy) is None


@pytest.mark.parametrize(
    ("disk", "reserve"),
    [(Disk(free=0, total=8000), 400), (Disk(free=0, total=10**15), MAX_RESERVED), (Disk(free=0, total=0), 0)],
)
def test_without_a_setting_a_share_of_the_disk_is_kept(disk: Disk, reserve: int) -> None:
    assert reserve_of(disk, FileBudget()) == reserve


def test_posts_at_the_same_moment_share_a_budget(database: Database) -> None:
    limits = {RateCounter(key="bytes", window=DAY): 100}

    def spend(_: int) -> bool:
        with database.writing() as session:
            return spend_in(session, limits, amount=30, secret=SECRET, now=NOON)

    spend(0)
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(spend, range(16))) == 2


def test_a_ticket_whose_files_are_refused_is_stored_with_their_names(
    take: Callable[..., str], database: Database
) -> None:
    reference = take("AD-1", refuse=lambda _session, size: Missing.BUDGET if size == 3 else None)
    (file,) = list_attachments(database, reference)
    assert (file.name, file.size, file.missing) == ("log.txt", 3, Missing.BUDGET)


def test_the_same_form_again_spends_nothing(take: Callable[..., str], database: Database) -> None:
    asked: list[int] = []
    for _ in range(2):
        take("AD-1", refuse=lambda _session, size: asked.append(size))
    assert asked == [3]
