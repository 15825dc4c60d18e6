"""All rules, by name, in the order in which authors should mend what they find."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from answerdesk.checks.active import check_active
from answerdesk.checks.content import Content
from answerdesk.checks.contract import check_contract
from answerdesk.checks.duplicates import check_duplicates
from answerdesk.checks.finding import Finding
from answerdesk.checks.headings import check_headings
from answerdesk.checks.house import check_house_words
from answerdesk.checks.images import check_image_files, check_image_sizes, check_image_texts
from answerdesk.checks.leaks import check_leaks
from answerdesk.checks.leftovers import check_leftovers
from answerdesk.checks.links import check_links, check_related
from answerdesk.checks.orphans import check_orphans
from answerdesk.checks.personal import check_personal
from answerdesk.checks.readability import check_reading, check_sentences
from answerdesk.checks.redirects import check_redirects
from answerdesk.checks.secrets import check_secrets
from answerdesk.checks.steps import check_steps
from answerdesk.checks.titles import check_titles

Rule = Callable[[Content], Iterator[Finding]]

RULES: Mapping[str, Rule] = {
    "contract": check_contract,
    "leak": check_leaks,
    "secret": check_secrets,
    "personal-data": check_personal,
    "active-html": check_active,
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
    "house-word": check_house_words,
}

SEARCH_GATE = "search-gate"
"""Asks the index and not the texts, so `answerdesk.check` runs it."""

NAMES = (*RULES, SEARCH_GATE)


def run_rules(content: Content, names: Iterable[str] = NAMES) -> list[Finding]:
    """Return what the rules of these names find, by file and line."""
    wanted = set(names)
    checks = {RULES[name]: None for name in RULES if name in wanted}
    if wanted & {"audience", "archived"}:  # related articles are links too
        checks[check_related] = None
    found = (finding for check in checks for finding in check(content) if finding.rule in wanted)
    return sorted(found, key=lambda finding: finding.place)
