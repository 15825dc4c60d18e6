/** What a page does that was opened from disk; joined with all that it imports, as such a page may load no modules. */

import { pageUrl } from "./place.js";
import "./page.js";
import "./results-page.js";

for (const kind of ["click", "auxclick"])
  document.addEventListener(kind, (event) => {
    const link = /** @type {Element} */ (event.target).closest?.("a[href]");
    if (link instanceof HTMLAnchorElement) link.href = pageUrl(link.href, location.href).href;
  });
