/**
 * Which help pages may answer a ticket before it is sent. `suggestions.py` is the twin and says why: same query, same choice.
 *
 * @typedef {{url: string, title: string, summary: string, excerpt: [string, boolean][], score: number}} Result
 */

const MOST = 3;
const MIN_SCORE = 2_200_000;
const MIN_SHARE_OF_BEST = 0.45;
const LONGEST = 1000; // code points of a query that are read
const QUOTES = /["“”„«»「」『』]/gu;

/**
 * @param {string} subject
 * @param {string} description
 */
export function queryOf(subject, description) {
  const text = [...`${subject} ${description}`.replace(QUOTES, " ")];
  return `${text.slice(0, LONGEST - 1).join("").trim()} `;
}

/** @param {number} seen how many pages were read already */
export const howMany = (seen) => MOST + seen;

/**
 * @param {Result[]} results best first
 * @param {string[]} seen addresses of pages that were read already
 */
export function choose(results, seen) {
  const bare = (/** @type {string} */ url) => url.replace(/\/+$/, "");
  const read = new Set(seen.map(bare));
  const good = results.filter(({ score }) => score >= MIN_SCORE);
  const least = (good[0]?.score ?? 0) * MIN_SHARE_OF_BEST;
  return good.filter(({ score, url }) => score >= least && !read.has(bare(url))).slice(0, MOST);
}
