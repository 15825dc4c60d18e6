"""Cache blank forms, which differ in nothing but their one-time key."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from ticket_form.portal.portal_site import Site

MAX_FORMS = 100  # forms at once: languages by categories and services may be many
_PLACE = secrets.token_hex(16)  # stands where the key will


@dataclass(kw_only=True)
class BlankForms:
    """The forms of one site, as long as it is not built anew."""

    _kept: tuple[Site, dict[tuple[str, ...], list[str]]] | None = None

    def fill_in(self, form_key: str, site: Site, chosen: tuple[str, ...], render: Callable[[str], str]) -> str:
        """Return a form with a key; `render` makes the one of this language and choices around any key."""
        kept = self._kept  # another thread may begin anew meanwhile
        if kept is None or kept[0] is not site or len(kept[1]) >= MAX_FORMS:
            kept = self._kept = (site, {})
        parts = kept[1].get(chosen)
        if parts is None:
            parts = kept[1][chosen] = render(_PLACE).split(_PLACE)
        return form_key.join(parts)
