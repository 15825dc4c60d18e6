/** Keeps a list of results steady under the visitor's eyes while a word is being typed. */

/** @typedef {import("./search-client.js").Result} Result */
/** @typedef {{text: string, results: Result[]}} Shown */

/** @type {import("./search-client.js").Tier[]} */
const BEST_FIRST = ["exact", "prefix", "synonym", "corrected", "partial"];
const HANGUL_END = /[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]$/;

/**
 * Returns the results in the order to show them in. While the last word only grows, what is shown keeps its order and what is new
 * comes below, unless the best result is new, of a better tier, or by half better than what would stand above it: then being
 * right is worth a jump.
 * @param {Shown | null} before
 * @param {Shown} found
 * @returns {Result[]}
 */
export function keepOrder(before, { text, results }) {
  if (!before || !isContinued(before.text, text)) return results;
  const kept = before.results.flatMap((shown) => results.filter((result) => isSameArticle(shown, result)));
  const [best] = results;
  const [top] = kept;
  if (!top || !kept.includes(best) || isClearlyBetter(best, top)) return results;
  return [...kept, ...results.filter((result) => !kept.includes(result))];
}

/**
 * Tells whether the words before are the same and the last one has only grown.
 * @param {string} before
 * @param {string} now
 */
export function isContinued(before, now) {
  const old = before.trimStart();
  const text = now.trimStart();
  if (!old || old !== old.trimEnd()) return false; // the next letter begins another word
  // A Korean syllable changes while it is written: 빔 becomes 비미.
  const firm = HANGUL_END.test(old) && HANGUL_END.test(text.slice(0, old.length)) ? old.slice(0, -1) : old;
  return text.startsWith(firm) && text.length >= old.length && !/\s/.test(text.slice(firm.length));
}

/**
 * @param {Result} best
 * @param {Result} top
 */
function isClearlyBetter(best, top) {
  const gap = BEST_FIRST.indexOf(top.tier) - BEST_FIRST.indexOf(best.tier);
  return gap > 0 || (gap === 0 && 2 * best.score >= 3 * top.score);
}

/**
 * @param {Result} one
 * @param {Result} other its best section may be another by now
 */
function isSameArticle(one, other) {
  return articleOf(one) === articleOf(other);
}

/** @param {Result} result */
export function articleOf({ url }) {
  return url.split("#")[0];
}
