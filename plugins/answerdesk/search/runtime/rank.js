/**
 * Ranks articles for the tokens of a query by adding integers. `rank.py` is the twin and says what the steps are.
 *
 * @typedef {import("./index.js").Index} Index
 * @typedef {{weight: number, answers: [number, number][], isMain: boolean}} Group answers: number of a term, share
 * @typedef {{article: number, score: number, tier: "exact" | "prefix" | "partial"}} Match
 */

export const EXACT = 16;
const PREFIX = 6;
const MOST_TERMS = 32;
const MOST_BEGUN = 64;
const SHORTEST_BEGUN = 2;
const COVERAGE = Array.from({ length: 65 }, (_, i) => Math.floor(128 * Math.sqrt(i)));
const WEAKEST = 16;
const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const FINALS = 28;

export class Dictionary {
  /** @param {Index} index */
  constructor(index) {
    this.index = index;
    this.numbers = new Map(index.terms.map((term, number) => [term, number]));
  }

  /**
   * @param {string} start
   * @returns {number[]}
   */
  begun(start) {
    const { terms, forms, formTerms, postings } = this.index;
    const end = after(start);
    const numbers = new Set();
    for (let i = bisect(terms, start), high = bisect(terms, end); i < high; i++) numbers.add(i);
    for (let i = bisect(forms, start), high = bisect(forms, end); i < high; i++) numbers.add(formTerms[i]);
    return [...numbers].sort((a, b) => postings[b].length - postings[a].length || a - b).slice(0, MOST_BEGUN);
  }

  /**
   * @param {import("./analyse.js").Token[]} tokens
   * @param {boolean} isBegun
   * @returns {Group[]}
   */
  groups(tokens, isBegun) {
    /** @type {Group[]} */
    const groups = [];
    const seen = new Set();
    tokens.forEach((token, place) => {
      token.terms.forEach(([term, weight], rank) => {
        const completed = rank === 0 && isBegun && place === tokens.length - 1 ? this.#completions(token) : [];
        const answers = new Map(completed.map((number) => [number, PREFIX]));
        const number = this.numbers.get(term);
        if (number !== undefined) answers.set(number, EXACT);
        if ((!answers.size && rank > 0) || seen.has(term)) return;
        seen.add(term);
        groups.push({ weight, answers: [...answers].sort((a, b) => a[0] - b[0]), isMain: rank === 0 });
      });
    });
    return groups.slice(0, MOST_TERMS);
  }

  /** @param {import("./analyse.js").Token} token */
  #completions({ form, terms: [[main, weight]] }) {
    const isAscii = /^[\0-\x7f]*$/.test(form);
    const isFiller = weight < EXACT && this.numbers.has(main);
    if (isFiller || (isAscii && form.length < SHORTEST_BEGUN)) return [];
    const hasPrefix = !isAscii && !form.startsWith(main);
    return this.begun(hasPrefix ? main : form);
  }
}

/**
 * @param {Index} index
 * @param {Group[]} groups
 * @returns {Match[]} best first
 */
export function rank(index, groups) {
  /** @type {Map<number, {score: number, covered: number, exact: number}>} */
  const found = new Map();
  let total = 0;
  for (const group of groups) {
    /** @type {Map<number, number>} */
    const best = new Map();
    for (const [term, share] of group.answers) {
      const postings = index.postings[term];
      for (let i = 0; i < postings.length; i += 2) {
        const article = postings[i];
        best.set(article, Math.max(best.get(article) ?? 0, share * postings[i + 1]));
        if (!found.has(article)) found.set(article, { score: 0, covered: 0, exact: 0 });
        if (share === EXACT && group.isMain) /** @type {any} */ (found.get(article)).exact += 1;
      }
    }
    const value = group.weight * rarity(index, best.size);
    total += value;
    for (const [article, impact] of best) {
      const sums = /** @type {any} */ (found.get(article));
      sums.score += value * impact;
      sums.covered += value;
    }
  }
  const mains = groups.filter((group) => group.isMain).length;
  return [...found]
    .map(([article, { score, covered, exact }]) => ({
      article,
      score: Math.floor((score * COVERAGE[Math.floor((64 * covered) / total)]) / 1024),
      tier: tier(exact === mains, covered === total),
    }))
    .sort((a, b) => b.score - a.score || a.article - b.article)
    .filter(({ score }, _, [best]) => score * WEAKEST >= best.score);
}

/**
 * @param {Index} index
 * @param {number} articles
 */
export function rarity({ rarities }, articles) {
  let low = 0;
  let high = rarities.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rarities[middle] >= articles) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param {boolean} isExact
 * @param {boolean} isCovered
 * @returns {Match["tier"]}
 */
function tier(isExact, isCovered) {
  if (isExact) return "exact";
  return isCovered ? "prefix" : "partial";
}

/**
 * Returns the place of the first of the sorted texts that is not before `text`.
 * @param {string[]} texts
 * @param {string} text
 */
function bisect(texts, text) {
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (texts[middle] < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {string} start */
function after(start) {
  const chars = Array.from(start);
  const last = /** @type {number} */ (/** @type {string} */ (chars.pop()).codePointAt(0));
  const isOpen = last >= FIRST_SYLLABLE && last <= LAST_SYLLABLE && (last - FIRST_SYLLABLE) % FINALS === 0;
  return chars.join("") + String.fromCodePoint(last + (isOpen ? FINALS : 1));
}
