"""Shared objects of all requests, opened once at start-up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import BoundedSemaphore
from typing import TypeVar, cast

from flask import current_app

from ticket_form.delivery.worker import Worker
from ticket_form.delivery.worker_factory import make_worker
from ticket_form.errors import ConfigurationError
from ticket_form.i18n.messages import Words, load_words
from ticket_form.operations.health import Health, Sender
from ticket_form.portal.file_cache import FileCached
from ticket_form.portal.portal_site import Site, load_site
from ticket_form.portal.search_indexes import Searches
from ticket_form.settings import Settings
from ticket_form.storage.database import Database, open_database
from ticket_form.tickets.routing import Routing, load_routing
from ticket_form.tickets.ticket import OTHER_CATEGORY
from ticket_form.web.form_cache import BlankForms
from ticket_form.web.request_log import Observe

EXTENSION = "ticket_form"
LARGE_POST_SLOTS = 3
Opened = TypeVar("Opened")


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The open site, routing, database and worker."""

    settings: Settings
    cached_site: FileCached[Site]
    searches: Searches
    routing: Routing
    database: Database
    words: Mapping[str, Words]
    health: Health
    worker: Sender | None = None
    observers: list[Observe] = field(default_factory=list)
    blank_forms: BlankForms = field(default_factory=BlankForms)
    # Slots for posts with large files in memory. A single writer stores them anyway, so waiting costs no time.
    file_room: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(LARGE_POST_SLOTS))

    @property
    def own_worker(self) -> Worker | None:
        """Return the delivery worker of this process, if it has one."""
        return self.worker if isinstance(self.worker, Worker) else None

    @property
    def site(self) -> Site:
        """Return the site as of its last build."""
        return self.cached_site.get()

    def wake_worker(self) -> None:
        """Wake the delivery worker, if this program runs one."""
        if self.worker:
            self.worker.wake()


def open_services(
    settings: Settings, env: Mapping[str, str] | None = None, *, sender: Sender | None = None, processes: int = 1
) -> Services:
    """Open all services, or raise all problems together; with an environment also a worker and its channels.

    Otherwise `sender` is the worker of another process. The slots for large files are divided among the processes.
    """
    problems: list[str] = []
    path = settings.site / "portal.json"
    cached_site = FileCached(path, read=lambda: load_site(settings.site), failures=ConfigurationError)
    site = _attempt(cached_site.get, problems)
    routing = _attempt(
        lambda: load_routing(
            settings.routing,
            categories=[category.id for category in site.categories] + [OTHER_CATEGORY] if site else None,
            languages=[language.code for language in site.languages] if site else None,
        ),
        problems,
    )
    database = _attempt(lambda: open_database(settings.database), problems)
    worker = sender
    if env is not None and routing and database:
        worker = _attempt(partial(make_worker, settings, routing, database, env), problems)
    if not (site and routing and database) or problems:
        if database:
            database.close()
        raise ConfigurationError(*problems)
    return Services(
        settings=settings,
        cached_site=cached_site,
        searches=Searches(site.root),
        routing=routing,
        database=database,
        words=load_words(),
        health=Health(database=database, worker=worker),
        worker=worker,
        file_room=BoundedSemaphore(max(1, LARGE_POST_SLOTS // (2 * processes - 1))),
    )


def current_services() -> Services:
    """Return the services of the running app."""
    return cast(Services, current_app.extensions[EXTENSION])


def _attempt(open_it: Callable[[], Opened], problems: list[str]) -> Opened | None:
    try:
        return open_it()
    except ConfigurationError as error:
        problems.extend(error.problems)
        return None
