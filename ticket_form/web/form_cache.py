"""Cache blank forms, which differ only in their one-time key."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from ticket_form.portal.portal_site import Site

MAX_FORMS = 100  # cached forms: languages × categories × services may be many
_PLACE = secrets.token_hex(16)  # placeholder of the key in a cached form


@dataclass(kw_only=True)
class BlankForms:
    """Cached forms of a site, until it is rebuilt."""

    _kept: tuple[Site, dict[tuple[str, ...], list[str]]] | None = None

    def fill_in(self, form_key: str, site: Site, chosen: tuple[str, ...], render: Callable[[str], str]) -> str:
        """Return a form with a key; `render` creates the form of this language and choices for a placeholder key."""
        kept = self._kept  # another thread may reset the cache meanwhile
        if kept is None or kept[0] is not site or len(kept[1]) >= MAX_FORMS:
            kept = self._kept = (site, {})
        parts = kept[1].get(chosen)
        if parts is None:
            parts = kept[1][chosen] = render(_PLACE).split(_PLACE)
        return form_key.join(parts)
