"""Judging whether a person sent a form."""

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from ticket_form.spam.verdict import (
    ACCEPTED,
    OFF,
    REFUSED,
    Facts,
    Limits,
    Numbers,
    Reason,
    SpamVerdict,
    is_colleague,
    judge,
    visitor_of,
)

DEFAULTS = Limits()
PERSON = Facts(trap="", taken=timedelta(minutes=2), numbers=Numbers(), is_solved=False)


def judge_numbers(limits: Limits = DEFAULTS, *, is_solved: bool = False, **numbers: int) -> SpamVerdict:
    return judge(replace(PERSON, numbers=Numbers(**numbers), is_solved=is_solved), limits)


def test_a_person_is_accepted() -> None:
    assert judge(PERSON, DEFAULTS) == ACCEPTED


def test_whoever_fills_in_what_nobody_sees_is_held() -> None:
    assert judge(replace(PERSON, trap="https://spam.example"), DEFAULTS).reason == Reason.TRAP


@pytest.mark.parametrize(
    ("seconds", "reason"), [(-28_800, None), (-5, None), (0, Reason.QUICK), (1.9, Reason.QUICK), (2, None)]
)
def test_whoever_is_quicker_than_people_is_held(seconds: float, reason: Reason | None) -> None:
    assert judge(replace(PERSON, taken=timedelta(seconds=seconds)), DEFAULTS).reason == reason


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        ({"minute": 5, "hour": 30, "network_minute": 20, "network_hour": 120, "everyone": 60}, ACCEPTED),
        ({"minute": 6, "same_text": 4}, SpamVerdict(reason=Reason.ADDRESS)),
        ({"hour": 31, "same_text": 4}, SpamVerdict(reason=Reason.ADDRESS)),
        ({"network_minute": 21, "same_text": 4}, SpamVerdict(reason=Reason.NETWORK)),
        ({"network_hour": 121, "same_text": 4}, SpamVerdict(reason=Reason.NETWORK)),
        ({"minute": 60}, ACCEPTED),
        ({"minute": 61}, REFUSED),
        ({"hour": 10_000, "network_minute": 10_000, "network_hour": 10_000}, ACCEPTED),
        ({"everyone": 61}, SpamVerdict(reason=Reason.WORK)),
        ({"everyone": 61, "minute": 10}, SpamVerdict(reason=Reason.ADDRESS)),
        ({"everyone": 61, "minute": 11}, REFUSED),
    ],
)
def test_many_are_held_and_a_flood_is_refused(numbers: dict[str, int], verdict: SpamVerdict) -> None:
    assert judge_numbers(**numbers) == verdict


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"taken": timedelta(seconds=9)}, Reason.ADDRESS),
        ({"taken": timedelta(seconds=-9)}, None),
        ({"taken": timedelta(seconds=11)}, None),
        ({"trap": "x"}, Reason.TRAP),
    ],
)
def test_many_from_one_address_are_held_only_with_another_sign(changes: dict[str, Any], reason: Reason | None) -> None:
    crowd = replace(PERSON, numbers=Numbers(minute=50, hour=50, network_minute=50, network_hour=50, same_text=1))
    assert judge(replace(crowd, **changes), DEFAULTS).reason == reason


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("127.0.0.1", True), ("10.1.2.3", True), ("172.31.255.255", True), ("172.32.0.1", False),
        ("192.168.7.7:4711", True), ("169.254.1.1", True), ("::1", True), ("[fd00::1]:80", True), ("fe80::1", True),
        ("::ffff:10.0.0.1", True), ("::ffff:203.0.113.7", False), ("100.64.0.1", False), ("192.0.2.7", False),
        ("2001:db8::1", False), ("198.51.100.200", True), ("2001:db8:7::9", True), ("unknown", False), (None, False),
    ],
)  # fmt: skip
def test_private_and_named_networks_are_colleagues(address: str | None, is_one: bool) -> None:
    own = Limits(networks=(ip_network("198.51.100.0/24"), ip_network("2001:db8:7::/48")))
    assert is_colleague(address, own) == is_one


def test_with_work_a_visitor_is_accepted_while_many_tickets_come() -> None:
    assert judge_numbers(everyone=5000, is_solved=True) == ACCEPTED


def test_work_is_no_way_around_the_limits_of_an_address() -> None:
    assert judge_numbers(everyone=5000, minute=6, same_text=4, is_solved=True).reason == Reason.ADDRESS
    assert judge_numbers(everyone=5000, minute=61, is_solved=True) == REFUSED


def test_work_that_is_always_asked_for_holds_those_without() -> None:
    assert judge_numbers(Limits(work=18)).reason == Reason.WORK
    assert judge_numbers(Limits(work=18), is_solved=True) == ACCEPTED


def test_limits_can_be_switched_off_one_by_one_and_all_together() -> None:
    flood = {"minute": 9999, "hour": 9999, "network_minute": 9999, "network_hour": 9999, "everyone": 9999}
    assert judge_numbers(OFF, **flood) == ACCEPTED
    assert judge(replace(PERSON, taken=timedelta()), OFF) == ACCEPTED
    assert judge_numbers(Limits(flood=0, everyone=0), minute=9999, same_text=4).reason == Reason.ADDRESS
    assert judge_numbers(Limits(minute=0, hour=0, everyone=0), minute=60) == ACCEPTED
    assert judge_numbers(Limits(minute=0, hour=0, everyone=0), minute=61) == REFUSED
    assert not OFF.counts
    assert not OFF.offered_work


def test_the_smallest_flood_limit_holds_for_those_without_work_too() -> None:
    assert judge_numbers(Limits(flood=3, work=18), minute=3).reason == Reason.WORK
    assert judge_numbers(Limits(flood=3, work=18), minute=4) == REFUSED


@pytest.mark.parametrize(
    ("address", "visitor", "network"),
    [
        ("192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"),
        ("192.0.2.7:49152", "192.0.2.7/32", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("::1", "::/64", "::/48"),
        (None, "unknown", "unknown"),
        ("", "unknown", "unknown"),
        ("x" * 5000, "unknown", "unknown"),
        ("192.0.2.7, 192.0.2.8", "unknown", "unknown"),
    ],
)
def test_addresses_that_one_visitor_can_change_between_are_one(address: str | None, visitor: str, network: str) -> None:
    assert visitor_of(address) == (visitor, network)
