"""Opening everything."""

from dataclasses import replace
from pathlib import Path

import pytest

from ticket_form.errors import ConfigurationError
from ticket_form.settings import Settings
from ticket_form.web.services import open_services


def test_all_problems_are_told_together(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "routing.yml").write_text("queues: [{id: a}]\nrules: [{category: kitchen, queue: b}]\n")
    (tmp_path / "file").write_text("")
    broken = replace(
        settings,
        site=tmp_path / "none",
        routing=tmp_path / "routing.yml",
        database=tmp_path / "file" / "tickets.sqlite",
    )
    with pytest.raises(ConfigurationError) as caught:
        open_services(broken)
    told = "\n".join(caught.value.problems)
    assert "no built site here" in told
    assert "rule 1: queue 'b' is unknown" in told
    assert "default is missing" in told
    assert "the database cannot be written" in told
    assert "kitchen" not in told  # nobody knows the categories without a site


def test_routing_is_checked_against_the_categories_of_the_site(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "routing.yml").write_text("queues: [{id: a}]\nrules: [{category: kitchen, queue: a}]\ndefault: a\n")
    with pytest.raises(ConfigurationError, match="rule 1: category 'kitchen' is unknown"):
        open_services(replace(settings, routing=tmp_path / "routing.yml"))


def test_a_ticket_goes_to_the_queue_of_its_rule(settings: Settings) -> None:
    services = open_services(settings)
    assert services.routing.route("email", "ko").queue.id == "messaging"
    services.database.close()
