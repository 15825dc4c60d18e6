/** What the results page's address says: `?q=…&category=…&applies=…`. */

/** @typedef {{text: string, category: string, appliesTo: string}} Search an empty filter is none */

/**
 * @param {string} address
 * @returns {Search}
 */
export function readSearch(address) {
  const { searchParams } = new URL(address);
  const read = (/** @type {string} */ name) => searchParams.get(name)?.trim() ?? "";
  return { text: read("q"), category: read("category"), appliesTo: read("applies") };
}

/**
 * @param {Search} search
 * @returns {string} relative to the results page
 */
export function searchAddress({ text, category, appliesTo }) {
  const named = [["q", text], ["category", category], ["applies", appliesTo]];
  return `?${new URLSearchParams(named.filter(([, value]) => value))}`;
}
