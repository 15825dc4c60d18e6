"""A search worker that answers what a test says, so that the portal is tested for every answer an engine could give."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

# Answers by language and text; "*" is any text. A filter narrows by the breadcrumb, an offset pages, "hold" is silence.
WORKER = """
const answers = %s;
let language = "";
addEventListener("message", ({ data: message }) => {
  if (message.type === "load") {
    language = new URL(message.baseUrl).pathname.split("/").at(-3);
    return postMessage(answers[language] ? { type: "ready" } : { type: "ready", error: "missing" });
  }
  const found = answers[language][message.text] ?? answers[language]["*"] ?? { results: [] };
  if (found.hold) return;
  const wanted = message.filters?.category;
  const results = found.results?.filter(({ breadcrumb }) => !wanted || breadcrumb.includes(wanted));
  const from = message.offset ?? 0;
  postMessage({
    corrected: null, suggested: null, also: [], ...found, type: "results", id: message.id, total: results?.length ?? 0,
    results: results?.slice(from, from + message.limit), facets: message.facets ? (found.facets ?? null) : null,
  });
});
"""


class FakeSearch:
    """Takes the place of the search worker in a browser profile."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context

    @staticmethod
    def result(name: str, *, tier: str = "exact", score: int = 100, category: str = "Accounts") -> dict[str, Any]:
        """Return a result as the worker sends it; the name is its title and its address."""
        where = {"url": f"{name.lower().replace(' ', '-')}/", "breadcrumb": [category]}
        shown = {"title": name, "summary": "", "excerpt": [["About ", False], [name, True]]}
        return where | shown | {"score": score, "tier": tier}

    def found(self, *names: str, tier: str = "exact", **fields: Any) -> dict[str, Any]:
        """Return an answer with a result of each name, and other fields as given."""
        return {"results": [self.result(name, tier=tier) for name in names]} | fields

    def answer(self, **languages: Mapping[str, Any]) -> None:
        """Answer from now on: `answer(en={"vpn": found("VPN")})`; zh_Hant stands for zh-Hant."""
        table = json.dumps({code.replace("_", "-"): answers for code, answers in languages.items()})
        self.context.unroute("**/search/worker.js")
        self.context.route(
            "**/search/worker.js",
            lambda route: route.fulfill(body=WORKER % table, content_type="text/javascript"),
        )


@pytest.fixture
def fake_search(context: BrowserContext) -> FakeSearch:
    """Open pages of this test with a worker that answers what the test says."""
    return FakeSearch(context)


@pytest.fixture
def index_files() -> re.Pattern[str]:
    """Return what the addresses of the files have in common that search loads besides its scripts."""
    return re.compile(r"/search/[^?]+(?<!\.js)$")
