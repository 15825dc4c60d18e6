"""All rules, by name, in the order in which authors should mend what they find."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from answerdesk.checks.reading.content import Content
from answerdesk.checks.report.finding import Finding
from answerdesk.checks.rules.active import check_active
from answerdesk.checks.rules.contract import check_contract
from answerdesk.checks.rules.duplicates import check_duplicates
from answerdesk.checks.rules.headings import check_headings
from answerdesk.checks.rules.images import check_image_files, check_image_sizes, check_image_texts
from answerdesk.checks.rules.leaks import check_leaks
from answerdesk.checks.rules.leftovers import check_leftovers
from answerdesk.checks.rules.links import check_links, check_related
from answerdesk.checks.rules.markup import check_markup
from answerdesk.checks.rules.orphans import check_orphans
from answerdesk.checks.rules.personal import check_personal
from answerdesk.checks.rules.readability import check_reading, check_sentences
from answerdesk.checks.rules.redirects import check_redirects
from answerdesk.checks.rules.secrets import check_secrets
from answerdesk.checks.rules.steps import check_steps
from answerdesk.checks.rules.terminology import check_terminology
from answerdesk.checks.rules.titles import check_titles

Rule = Callable[[Content], Iterator[Finding]]

RULES: Mapping[str, Rule] = {
    "contract": check_contract,
    "leak": check_leaks,
    "secret": check_secrets,
    "personal-data": check_personal,
    "active-html": check_active,
    "markup": check_markup,
    "link": check_links,
    "anchor": check_links,
    "language": check_links,
    "audience": check_links,
    "archived": check_links,
    "related": check_related,
    "redirect": check_redirects,
    "leftover": check_leftovers,
    "image": check_image_files,
    "image-text": check_image_texts,
    "image-size": check_image_sizes,
    "heading-order": check_headings,
    "steps": check_steps,
    "title": check_titles,
    "near-duplicate": check_duplicates,
    "orphan": check_orphans,
    "long-sentence": check_sentences,
    "hard-to-read": check_reading,
    "house-word": check_terminology,
}

SEARCH_GATE = "search-gate"
"""Asks the index and not the texts, so `answerdesk.authoring.check_site` runs it."""

BUILD = "build"
"""Asks the build whatever else would stop it, so `answerdesk.authoring.check_site` runs it."""

SLOW = (BUILD, SEARCH_GATE)
"""Take longer than authors wait for at every save."""

NAMES = (*RULES, BUILD, SEARCH_GATE)


def run_rules(content: Content, names: Iterable[str] = NAMES) -> list[Finding]:
    """Return what the rules of these names find, by file and line."""
    wanted = set(names)
    checks = {RULES[name]: None for name in RULES if name in wanted}
    if wanted & {"audience", "archived"}:  # related articles are links too
        checks[check_related] = None
    found = (finding for check in checks for finding in check(content) if finding.rule in wanted)
    return sorted(found, key=lambda finding: finding.place)
