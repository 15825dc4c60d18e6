"""What axe finds on a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST: dict[str, Any] = {"type": "rule", "values": ["color-contrast"]}  # all that dark pages have of their own
FIND = "options => axe.run(document, options).then(found => found.violations)"


def violations(page: Page, rules: Any = ALL, *, has_colours: bool = True) -> list[str]:
    """Return each rule that a page violates, with the place.

    To compare colours takes longer than all else: they need not be looked at again on pages with the same styles.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    # What passes is not asked for: to write that down takes longer than to look for what does not.
    found = page.evaluate(
        FIND, {"runOnly": rules, "resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": has_colours}}}
    )
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]
