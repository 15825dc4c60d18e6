/** The results page: answers `?q=` as it stands in the address. */

import { element, excerptNodes, fill, resultUrl } from "./result.js";
import { ask } from "./search-client.js";
import { addToTrail } from "./trail.js";

const LIMIT = 20;
const page = /** @type {HTMLElement} */ (document.querySelector("[data-results-page]"));
const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (page.querySelector(`[data-${name}]`));
const query = new URLSearchParams(location.search).get("q")?.trim() ?? "";
const input = /** @type {HTMLInputElement} */ (document.querySelector("form.search-form input[name=q]"));
input.value = query;
if (query) show().catch(sayMissing);
else input.focus();

function sayMissing() {
  find("none-title").textContent = document.body.dataset.wordMissing ?? "";
  find("none").hidden = false;
}

async function show() {
  document.title = `${fill(page.dataset.title, { query })} · ${page.dataset.site}`;
  addToTrail("searches", query);
  const { results, total } = await ask(query, LIMIT);
  find("count").textContent = fill(document.body.dataset.wordResults, { count: total });
  find("none-title").textContent = fill(document.body.dataset.wordNone, { query });
  find("none").hidden = results.length > 0;
  find("list").replaceChildren(...results.map(item));
}

/** @param {import("./result.js").Result} result */
function item(result) {
  const link = /** @type {HTMLAnchorElement} */ (element("a", result.title));
  link.href = resultUrl(result);
  const where = element("p", result.breadcrumb.join(" / "));
  where.className = "where";
  return element("li", where, link, element("p", ...excerptNodes(result.excerpt)));
}
