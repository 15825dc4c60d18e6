"""A real Request Tracker, as its own users see it."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from bench.tickets.desk import DeskError

REFERENCE = re.compile(r"AD-[0-9A-Z-]+")
PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """Where it is, and a token that may read its tickets and make some."""

    url: str
    queue: str
    token: str
    variable: str = "BENCH_TRACKER_TOKEN"

    @property
    def port(self) -> int:
        """Return its port on this machine."""
        parts = urlsplit(self.url)
        if parts.hostname not in ("127.0.0.1", "localhost") or not parts.port:
            raise DeskError(f"--url: {self.url!r} is not on this machine. Write it like http://127.0.0.1:8085.")
        return parts.port

    def channel(self, name: str) -> dict[str, object]:
        """Return what a routing file says of it."""
        return {
            "id": name, "kind": "request_tracker", "url": self.url, "queue": self.queue,
            "token_variable": self.variable, "allow_private": True,
        }  # fmt: skip

    def count(self, references: Sequence[str]) -> dict[str, int]:
        """Return how often each reference is there."""
        times = Counter(reference for _, reference in self._list("AD-"))
        return {reference: times[reference] for reference in references}

    def find(self, reference: str) -> bool:
        """Tell whether a ticket with this reference is there."""
        return bool(reference) and bool(self._list(reference))

    def share_in_order(self, references: Sequence[str]) -> float:
        """Return how many of the tickets come after the one before them, by their numbers."""
        numbers = {reference: number for number, reference in self._list("AD-")}
        own = [numbers[reference] for reference in references if reference in numbers]
        pairs = list(pairwise(own))
        return sum(first < second for first, second in pairs) / len(pairs) if pairs else 1.0

    def _list(self, part: str) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        page = 1
        while True:
            query = {"query": f"Queue = '{self.queue}' AND Subject LIKE '{part}'", "fields": "Subject"}
            asked = urlencode({**query, "per_page": PAGE, "page": page})
            request = Request(f"{self.url}/REST/2.0/tickets?{asked}", headers={"Authorization": f"token {self.token}"})
            try:
                with urlopen(request, timeout=30) as answer:
                    document = json.load(answer)
            except (URLError, OSError):
                return found  # it is away
            for item in document["items"]:
                if tag := REFERENCE.search(item.get("Subject", "")):
                    found.append((int(item["id"]), tag[0]))
            if page * PAGE >= int(document.get("total", 0)):
                return found
            page += 1
