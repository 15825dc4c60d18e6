"""Settings from the environment."""

import re
import stat
from pathlib import Path

import pytest

from ticket_form.errors import ConfigurationError
from ticket_form.settings import PACKAGED_ROUTING, Settings
from ticket_form.spam.verdict import is_colleague


def test_without_variables_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_env({})
    assert (settings.site, settings.database) == (Path("site"), Path("var/tickets.sqlite"))
    assert (settings.routing, settings.proxies, settings.base_url) == (PACKAGED_ROUTING, 0, None)
    assert stat.S_IMODE((tmp_path / "var/secret").stat().st_mode) == 0o600
    assert len(settings.secret_key) >= 32
    assert Settings.from_env({}) == settings


def test_every_variable_is_read() -> None:
    settings = Settings.from_env(
        {
            "TICKET_FORM_SITE": "/s",
            "TICKET_FORM_DATABASE": "/d",
            "TICKET_FORM_ROUTING": "/r",
            "TICKET_FORM_SECRET_KEY": "s" * 32,
            "TICKET_FORM_QUEUE_KEY": "q" * 16,
            "TICKET_FORM_PROXIES": "2",
            "TICKET_FORM_BASE_URL": "https://help.example.com/",
        }
    )
    assert (settings.site, settings.database, settings.routing) == (Path("/s"), Path("/d"), Path("/r"))
    assert (settings.secret_key, settings.queue_key) == (b"s" * 32, "q" * 16)
    assert (settings.proxies, settings.base_url) == (2, "https://help.example.com")


def test_the_queue_key_follows_from_the_secret_but_does_not_tell_it() -> None:
    first, same, other = (Settings.from_env({"TICKET_FORM_SECRET_KEY": email * 32}) for email in "aab")
    assert first.queue_key == same.queue_key != other.queue_key
    assert "a" * 8 not in first.queue_key
    assert re.fullmatch(r"[\w-]{43}", first.queue_key)


def test_settings_never_show_their_secrets() -> None:
    shown = repr(Settings.from_env({"TICKET_FORM_SECRET_KEY": "s3cr3t" * 8, "TICKET_FORM_QUEUE_KEY": "queue-key" * 3}))
    assert "s3cr3t" not in shown
    assert "queue-key" not in shown


def test_all_problems_are_told_together() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env(
            {
                "TICKET_FORM_SECRET_KEY": "short",
                "TICKET_FORM_QUEUE_KEY": "short",
                "TICKET_FORM_PROXIES": "some",
                "TICKET_FORM_BASE_URL": "help.example.com",
            }
        )
    told = [problem.split(":")[0].removeprefix("TICKET_FORM_") for problem in caught.value.problems]
    assert told == ["SECRET_KEY", "QUEUE_KEY", "PROXIES", "BASE_URL"]
    assert not any("short" in problem.replace("shorter", "") for problem in caught.value.problems)


@pytest.mark.parametrize("value", ["-1", "1.5", "²", " "])
def test_proxies_is_a_plain_number(value: str) -> None:
    with pytest.raises(ConfigurationError, match="TICKET_FORM_PROXIES"):
        Settings.from_env({"TICKET_FORM_SECRET_KEY": "s" * 32, "TICKET_FORM_PROXIES": value})


@pytest.mark.parametrize(
    "value",
    ["ftp://a.example", "https://", "https://a.example/path", "https://a.example?x=1", "https://[", "https://a:b"],
)
def test_the_base_url_is_the_address_of_a_site(value: str) -> None:
    with pytest.raises(ConfigurationError, match="TICKET_FORM_BASE_URL"):
        Settings.from_env({"TICKET_FORM_SECRET_KEY": "s" * 32, "TICKET_FORM_BASE_URL": value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TICKET_FORM_KEEP_DAYS", "0"),
        ("TICKET_FORM_KEEP_DAYS", "-1"),
        ("TICKET_FORM_KEEP_DAYS", "for ever"),
        ("TICKET_FORM_KEEP_DAYS", "99999"),
        ("TICKET_FORM_METRICS", "9101"),
        ("TICKET_FORM_METRICS", "127.0.0.1:"),
        ("TICKET_FORM_METRICS", "127.0.0.1:70000"),
        ("TICKET_FORM_LOGS", "xml"),
    ],
)
def test_what_an_operator_mistypes_is_told(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name}: '?{value}"):
        Settings.from_env({"TICKET_FORM_SECRET_KEY": "s" * 32, name: value})


def test_tickets_are_kept_half_a_year_and_figures_shown_nowhere_unless_asked() -> None:
    settings = Settings.from_env({"TICKET_FORM_SECRET_KEY": "s" * 32})
    assert (settings.keep_days, settings.metrics, settings.logs) == (180, None, "text")
    env = {"TICKET_FORM_KEEP_DAYS": "30", "TICKET_FORM_METRICS": "[::1]:9101", "TICKET_FORM_LOGS": "json"}
    settings = Settings.from_env({"TICKET_FORM_SECRET_KEY": "s" * 32, **env})
    assert (settings.keep_days, settings.metrics, settings.logs) == (30, ("::1", 9101), "json")


def test_the_companys_networks_are_read_and_wrong_ones_are_named(tmp_path: Path) -> None:
    env = {"TICKET_FORM_SECRET_FILE": str(tmp_path / "secret")}
    settings, problems = Settings.read(env | {"TICKET_FORM_NETWORKS": "198.51.100.0/24, 2001:db8::/32 203.0.113.9"})
    assert [str(network) for network in settings.limits.networks] == [
        "198.51.100.0/24",
        "2001:db8::/32",
        "203.0.113.9/32",
    ]
    assert problems == []
    _, problems = Settings.read(env | {"TICKET_FORM_NETWORKS": "198.51.100.7/24 office 0.0.0.0/0 ::ffff:0:0/96"})
    assert [problem.split()[1] for problem in problems] == [
        "'198.51.100.7/24'",
        "'office'",
        "0.0.0.0/0",
        "::ffff:0:0/96",
    ]


def test_a_network_of_ipv4_that_is_written_within_ipv6_has_its_colleagues(tmp_path: Path) -> None:
    env = {"TICKET_FORM_SECRET_FILE": str(tmp_path / "secret"), "TICKET_FORM_NETWORKS": "::ffff:198.51.100.0/120"}
    limits = Settings.read(env)[0].limits
    assert is_colleague("198.51.100.7", limits)
    assert is_colleague("::ffff:198.51.100.7", limits)
    assert not is_colleague("198.51.101.7", limits)
