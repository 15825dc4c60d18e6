/** Shows results as DOM; text never becomes markup. */

import { siteBase } from "./search-client.js";

/** @typedef {import("../../plugins/answerdesk/search/runtime/searcher.js").Result} Result */

/**
 * @param {Result} result
 * @returns {string}
 */
export function resultUrl({ url }) {
  return new URL(url, siteBase).href;
}

/**
 * @param {[string, boolean][]} pieces
 * @returns {(string | HTMLElement)[]}
 */
export function excerptNodes(pieces) {
  return pieces.map(([text, isMarked]) => (isMarked ? element("mark", text) : text));
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
 * Puts values into a phrase of the interface: «Results: {count}».
 * @param {string | undefined} phrase
 * @param {Record<string, string | number>} values
 */
export function fill(phrase, values) {
  return (phrase ?? "").replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
