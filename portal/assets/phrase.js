/** The interface's phrases, which the page carries in its language, and values put into them: «Results: {count}». */

/** @typedef {Record<string, string | number | Node>} Values */

/**
 * Returns a phrase as text.
 * @param {string} name as in `words/*.yml`, with hyphens
 * @param {Record<string, string | number>} [values]
 */
export function say(name, values = {}) {
  return phrase(name).replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
}

/**
 * Returns a phrase as nodes, so that a value may be a link or have its own direction.
 * @param {string} name
 * @param {Values} values
 * @returns {(string | Node)[]}
 */
export function sayNodes(name, values) {
  return phrase(name)
    .split(/\{(\w+)\}/)
    .map((piece, i) => (i % 2 ? toNode(values[piece] ?? `{${piece}}`) : piece));
}

/** @param {string} name */
function phrase(name) {
  return document.body.getAttribute(`data-word-${name}`) ?? "";
}

/** @param {string | number | Node} value */
function toNode(value) {
  return typeof value === "number" ? String(value) : value;
}
