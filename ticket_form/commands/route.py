"""The command `ticket-form route`: explain where a ticket goes."""

import os

import click

from ticket_form.commands.console import problems_told
from ticket_form.errors import ConfigurationError
from ticket_form.portal.portal_site import load_site
from ticket_form.settings import Settings
from ticket_form.tickets.routing import Route, Routing, Rule, load_routing
from ticket_form.tickets.ticket import OTHER_CATEGORY


@click.command("route")
@click.argument("category")
@click.option("--language", default="en", show_default=True, help="The visitor's language.")
@click.option("--service", default="", help="The service that the visitor named.")
def route_command(category: str, language: str, service: str) -> None:
    """Explain where a ticket of a category would go, and why."""
    with problems_told():
        settings, _problems = Settings.read(os.environ)
        site = load_site(settings.site)
        categories = [*(known.id for known in site.categories), OTHER_CATEGORY]
        languages = [known.code for known in site.languages]
        routing = load_routing(settings.routing, categories=categories, languages=languages)
        services = [known.id for known in routing.services]
        problems = [
            f"{name} {value!r} is unknown. Use one of: {', '.join(choices)}."
            for name, value, choices in (("category", category, categories), ("language", language, languages))
            if value not in choices
        ]
        if service and service not in services:
            problems.append(f"service {service!r} is unknown. The routing file has: {', '.join(services) or 'none'}.")
        if problems:
            raise ConfigurationError(*problems)
    for line in explain(routing, routing.route(category, language, service)):
        click.echo(line)


def explain(routing: Routing, route: Route) -> list[str]:
    """Return the lines that explain a route."""
    rule = routing.rules[route.rule - 1] if route.rule else None
    why = f"rule {route.rule} ({_conditions(rule)})" if rule else "the default: no rule fits"
    lines = [f"because   {why}", f"queue     {route.queue.id}, level {route.queue.level}"]
    whose = "the rule's" if rule and rule.channels is not None else "the queue's"
    for name in route.channels:
        lines.append(f"channel   {name}, {routing.channels[name].kind}, one of {whose}")
    if not route.channels:
        lines.append(f"channel   none: it stays in the built-in queue ({whose} list is empty)")
    lines.append(
        f"visitor   {f'is written to by {routing.acknowledge_by}' if routing.acknowledge_by else 'is not written to'}"
    )
    return lines


def _conditions(rule: Rule) -> str:
    parts = {"category": rule.category, "language": rule.language, "service": rule.service}
    return ", ".join(f"{name} {value}" for name, value in parts.items() if value is not None)
