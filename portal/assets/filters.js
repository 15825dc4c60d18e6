/** The results page's filters: links with counts, each an address of its own. */

import { searchAddress } from "./address.js";
import { say } from "./phrase.js";
import { element, withClass } from "./result.js";

/** @typedef {import("./address.js").Search} Search */
/** @typedef {"category" | "appliesTo"} Facet */

/** @type {[Facet, string][]} */
const FACETS = [["category", "filter-category"], ["appliesTo", "applies-to"]];

/**
 * Returns what narrows a search: nothing where there is nothing to choose, or where every choice leaves all that is found.
 * @param {import("./search-client.js").Answer} answer
 * @param {Search} search
 * @returns {HTMLElement[]}
 */
export function filterNodes({ facets, total }, search) {
  const groups = FACETS.flatMap(([facet, title]) => group(facet, title, facets?.[facet] ?? [], total, search));
  return search.category || search.appliesTo ? [...groups, clearLink(search)] : groups;
}

/**
 * @param {Facet} facet
 * @param {string} title
 * @param {[string, number][]} counts
 * @param {number} total
 * @param {Search} search
 * @returns {HTMLElement[]}
 */
function group(facet, title, counts, total, search) {
  const chosen = search[facet];
  if (!chosen && (counts.length < 2 || counts.every(([, count]) => count >= total))) return [];
  // A chosen value is shown even when nothing has it, or it could not be taken back.
  /** @type {[string, number | null][]} */
  const values = chosen && !counts.some(([value]) => value === chosen) ? [[chosen, null], ...counts] : counts;
  const list = element("ul", ...values.map(([value, count]) => element("li", filterLink(facet, value, count, search))));
  const heading = element("h2", say(title));
  heading.id = `filter-${facet}`;
  list.setAttribute("aria-labelledby", heading.id);
  return [withClass("filter", element("div", heading, list))];
}

/**
 * @param {Facet} facet
 * @param {string} value
 * @param {number | null} count
 * @param {Search} search
 */
function filterLink(facet, value, count, search) {
  const isChosen = search[facet] === value;
  const link = searchLink(searchAddress({ ...search, [facet]: isChosen ? "" : value }), element("bdi", value));
  if (count !== null) link.append(" ", withClass("number", element("span", String(count))));
  if (isChosen) link.setAttribute("aria-current", "true");
  link.dataset.key = `${facet} ${value}`; // finds the same link again after the filters were drawn anew
  return link;
}

/** @param {Search} search */
function clearLink({ text }) {
  return withClass("clear", searchLink(searchAddress({ text, category: "", appliesTo: "" }), say("clear-filters")));
}

/**
 * Returns a link that the results page answers without being loaded anew.
 * @param {string} address
 * @param {...(string | Node)} children
 */
export function searchLink(address, ...children) {
  const link = /** @type {HTMLAnchorElement} */ (element("a", ...children));
  link.href = address;
  link.dataset.searchLink = "";
  return link;
}
