"""A routing file's channels open, or every mistake in them is told with its cure."""

import re
from pathlib import Path

import pytest
import yaml

from ticket_form.delivery.channels.registry import KINDS, open_channels
from ticket_form.errors import ConfigurationError
from ticket_form.settings import PACKAGED_ROUTING
from ticket_form.tickets.delivery_contract import Promise
from ticket_form.tickets.routing import ChannelSettings, read_routing

RT = {"url": "https://rt.example.com", "queue": "L1", "token_variable": "RT_TOKEN"}
WEBHOOK = {"url": "https://desk.example.com/tickets", "secret_variable": "DESK_SECRET"}
DOCUMENT = (Path(__file__).parents[4] / "docs" / "channels.md").read_text("utf-8")
ENV = {"RT_TOKEN": "1-2-abc", "DESK_SECRET": "a shared secret"}


def problems_of(kind: str, env: dict[str, str] = ENV, **options: object) -> tuple[str, ...]:
    """Open one channel that has mistakes, and return what is told about them."""
    with pytest.raises(ConfigurationError) as caught:
        open_channels({"desk": ChannelSettings(id="desk", kind=kind, options=options)}, env)
    return caught.value.problems


def test_channels_open_by_their_names_and_say_what_they_promise() -> None:
    settings = {
        "rt": ChannelSettings(id="rt", kind="request_tracker", options=RT),
        "hook": ChannelSettings(id="hook", kind="webhook", options=WEBHOOK),
    }
    channels = open_channels(settings, ENV)
    assert {name: channel.promise for name, channel in channels.items()} == {
        "rt": Promise.ONCE,
        "hook": Promise.AT_LEAST_ONCE,
    }


def test_a_desk_without_channels_opens_none() -> None:
    assert open_channels({}, {}) == {}


def test_an_unknown_kind_is_told_with_the_kinds_there_are() -> None:
    (problem,) = problems_of("fax")
    assert problem == f"channel 'desk': kind 'fax' is unknown. Write one of: {', '.join(sorted(KINDS))}."


def test_all_problems_of_all_channels_are_told_together() -> None:
    settings = {
        "rt": ChannelSettings(id="rt", kind="request_tracker", options={"url": "rt.example.com", "colour": "red"}),
        "hook": ChannelSettings(id="hook", kind="webhook", options={"allow_private": "maybe"}),
        "fax": ChannelSettings(id="fax", kind="fax", options={}),
    }
    with pytest.raises(ConfigurationError) as caught:
        open_channels(settings, {})
    told = [problem.split(". ")[0].split(": ", 2)[:2] for problem in caught.value.problems]
    assert [" ".join(part)[:34] for part in told] == [
        "channel 'rt' url is 'rt.example.co",
        "channel 'rt' queue is missing",
        "channel 'rt' token_variable is mis",
        "channel 'rt' 'colour' is unknown",
        "channel 'hook' allow_private is 'm",
        "channel 'hook' url is missing",
        "channel 'hook' secret_variable is ",
        "channel 'fax' kind 'fax' is unknow",
    ]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_tells_what_it_lacks_and_does_not_know(kind: str) -> None:
    problems = problems_of(kind, {}, colour="red")
    assert any("is missing. Add" in problem for problem in problems)
    assert any("'colour' is unknown. Write " in problem for problem in problems)
    assert all(problem.startswith("channel 'desk': ") for problem in problems)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_option_is_documented(kind: str) -> None:
    (unknown,) = (problem for problem in problems_of(kind, {}, colour="red") if "'colour' is unknown" in problem)
    options = unknown.rpartition("Write ")[2].rstrip(".").split(", ")
    section = re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)
    (own,) = (part for part in section if part.startswith(f"{kind}\n"))
    assert [option for option in options if f"`{option}`" not in own] == []


def test_the_examples_of_the_routing_file_and_of_the_document_are_right() -> None:
    commented = "\n".join(
        line.removeprefix("# ") for line in PACKAGED_ROUTING.read_text("utf-8").splitlines() if "kind: " in line
    )
    (documented,) = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    for example in (f"channels:\n{commented}", documented):
        document = {"queues": [{"id": "a"}], "default": "a"} | yaml.safe_load(example)
        routing = read_routing(
            document | {"default": document["queues"][0]["id"]}, path=Path("x.yml"), categories=None, languages=None
        )
        assert set(open_channels(routing.channels, ENV)) >= {"mail", "rt"}


@pytest.mark.parametrize(
    "url",
    [
        "rt.example.com", "ftp://rt.example.com", "https://", "https://rt.example.com:0", "https://rt.example.com:x",
        "https://[::1", "https://rt.example.com/#a", "https://rt.exa mple.com", "https://bücher.example", 5, "",
    ],
)  # fmt: skip
def test_an_unusable_address_is_told(url: object) -> None:
    (problem,) = problems_of("request_tracker", **{**RT, "url": url})
    assert "url is" in problem


def test_an_address_without_encryption_is_for_private_servers_only() -> None:
    options = {**WEBHOOK, "url": "http://desk.example.com/tickets"}
    (problem,) = problems_of("webhook", **options)
    assert "Write an address with https" in problem
    assert open_channels(
        {"desk": ChannelSettings(id="desk", kind="webhook", options={**options, "allow_private": True})}, ENV
    )


def test_a_password_in_an_address_is_refused_and_not_shown() -> None:
    (problem,) = problems_of("webhook", **{**WEBHOOK, "url": "https://kim:hunter2@desk.example.com"})
    assert "hunter2" not in problem


def test_a_secret_in_the_file_itself_is_refused_and_not_shown() -> None:
    options = {"url": RT["url"], "queue": "L1", "token": "1-2-hunter2"}
    (problem,) = problems_of("request_tracker", **options)
    assert problem.endswith('Put it into a variable and write "token_variable: <NAME>".')
    assert "hunter2" not in problem


def test_a_secret_in_the_place_of_its_variable_is_not_shown() -> None:
    (problem,) = problems_of("request_tracker", **{**RT, "token_variable": "1-2-hunter2"})
    assert "hunter2" not in problem


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_variable_without_a_value_is_named(value: str | None) -> None:
    env = {} if value is None else {"RT_TOKEN": value}
    (problem,) = problems_of("request_tracker", env, **RT)
    assert "the variable RT_TOKEN is empty or not set." in problem


def test_a_secret_of_two_lines_is_refused_and_not_shown() -> None:
    (problem,) = problems_of("request_tracker", {"RT_TOKEN": "hunter2\nX-Evil: 1"}, **RT)
    assert "more than one line" in problem
    assert "hunter2" not in problem


def test_a_token_that_cannot_be_one_is_told() -> None:
    (problem,) = problems_of("request_tracker", {"RT_TOKEN": "1-2-ü"}, **RT)
    assert "Copy it anew" in problem


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1-2-abc\n")
    options = {"url": RT["url"], "queue": "L1", "token_file": str(tmp_path / "token")}
    assert open_channels({"rt": ChannelSettings(id="rt", kind="request_tracker", options=options)}, {})


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_a_file_without_a_secret_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    (problem,) = problems_of("request_tracker", url=RT["url"], queue="L1", token_file=str(path))
    assert str(path) in problem


@pytest.mark.parametrize(
    ("option", "value", "cure"),
    [
        ("queue", 5, "with quotes if need be"),
        ("queue", "L1\nL2", "one line"),
        ("entries", "shout", "Write one of comment, correspond."),
        ("allow_private", "true", "Write true or false."),
        ("ca_file", "/nowhere.pem", "Give the path of a file"),
    ],
)
def test_a_wrong_value_is_told_with_its_cure(option: str, value: object, cure: str) -> None:
    (problem,) = problems_of("request_tracker", **{**RT, option: value})
    assert cure in problem


def test_a_file_without_certificates_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    (problem,) = problems_of("webhook", **{**WEBHOOK, "ca_file": str(tmp_path / "ca.pem")})
    assert "holds no certificates" in problem


@pytest.mark.parametrize("value", [0, True, "big", 2.5, 10**12])
def test_a_number_must_be_one_within_its_bounds(value: object) -> None:
    (problem,) = problems_of("webhook", **{**WEBHOOK, "largest_body": value})
    assert "Write a whole number from 10000 to 1000000000." in problem
