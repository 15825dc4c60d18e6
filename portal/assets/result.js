/** Shows results as DOM; text never becomes markup. */

import { pageUrl } from "./place.js";

/** @typedef {import("./search-client.js").Result} Result */

/**
 * @param {Result} result
 * @param {URL} base the folder of its language
 */
export function resultUrl({ url }, base) {
  return pageUrl(url, base).href;
}

/**
 * Returns the best passage with its marked words, or the summary where there is none.
 * @param {Result} result
 * @returns {(string | HTMLElement)[]}
 */
export function excerptNodes({ excerpt, summary }) {
  if (!excerpt.length) return [summary];
  return excerpt.map(([text, isMarked]) => (isMarked ? element("mark", text) : text));
}

/** @param {Result} result */
export function breadcrumbText({ breadcrumb }) {
  return breadcrumb.join(" / ");
}

/**
 * Returns a result as an item of a list: where it is, its title, its best passage.
 * @param {Result} result
 * @param {URL} base
 */
export function resultItem(result, base) {
  const link = /** @type {HTMLAnchorElement} */ (directed(result.title, element("a", result.title)));
  link.href = resultUrl(result, base);
  const where = withClass("where", element("p", breadcrumbText(result)));
  return element("li", where, link, withClass("excerpt", directed(result.summary, element("p", ...excerptNodes(result)))));
}

/**
 * Gives an element the direction in which a text is read: where no translation is, an article of the other direction is listed.
 * @template {HTMLElement} T
 * @param {string} text
 * @param {T} made
 */
export function directed(text, made) {
  made.dir = /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(text) ? "rtl" : "ltr";
  return made;
}

/**
 * @param {string} name
 * @param {...(string | Node)} children
 */
export function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

/**
 * @template {HTMLElement} T
 * @param {string} name
 * @param {T} made
 */
export function withClass(name, made) {
  made.className = name;
  return made;
}
