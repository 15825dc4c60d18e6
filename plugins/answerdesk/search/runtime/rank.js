/**
 * Ranks articles by adding integers. `rank.py` is the twin and says what the steps are.
 *
 * @typedef {import("./shards.js").Term} Term
 * @typedef {{terms: Term[], share: number, kind: number}} Answer
 * @typedef {{weight: number, answers: Answer[], isMain: boolean}} Group
 * @typedef {{article: number, score: number, tier: string}} Match
 * @typedef {{rarities: number[], impacts: number[], coverage: number[]}} Scale
 */

export const EXACT = 16;
export const PARTIAL = "partial";
const KINDS = ["exact", "prefix", "synonym", "corrected"];
const WEAKEST = 16;

/**
 * @param {Group[]} groups
 * @param {Scale} scale
 * @returns {Match[]} best first
 */
export function rank(groups, scale) {
  /** @type {Map<number, {article: number, score: number, covered: number, words: number, weakest: number}>} */
  const found = new Map();
  let total = 0;
  let mains = 0;
  for (const group of groups) {
    const value = worth(group, scale);
    total += value;
    mains += Number(group.isMain);
    for (const [article, [impact, kind]] of bestAnswers(group, scale)) {
      let sums = found.get(article);
      if (!sums) found.set(article, (sums = { article, score: 0, covered: 0, words: 0, weakest: 0 }));
      sums.score += value * impact;
      sums.covered += value;
      if (!group.isMain) continue;
      sums.words++;
      sums.weakest = Math.max(sums.weakest, kind);
    }
  }
  const matches = [...found.values()].map(({ article, score, covered, words, weakest }) => ({
    article,
    score: Math.floor((score * scale.coverage[Math.floor((64 * covered) / total)]) / 1024),
    tier: words === mains ? KINDS[weakest] : PARTIAL,
  }));
  matches.sort((a, b) => b.score - a.score || a.article - b.article);
  return matches.filter(({ score }) => score * WEAKEST >= matches[0].score);
}

/**
 * @param {Group} group
 * @param {Scale} scale
 */
function worth({ weight, answers }, { rarities }) {
  const articles = answers.map(({ terms }) => Math.min(...terms.map((term) => term.articles)));
  return weight * rarity(rarities, Math.max(0, ...articles));
}

/**
 * @param {number[]} limits
 * @param {number} articles
 */
export function rarity(limits, articles) {
  let low = 0;
  let high = limits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (limits[middle] >= articles) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param {Group} group
 * @param {Scale} scale
 */
function bestAnswers({ answers }, { impacts }) {
  /** @type {Map<number, [number, number]>} */
  const best = new Map();
  for (const { terms, share, kind } of answers) {
    const [articles, levels] = common(terms);
    for (let i = 0; i < articles.length; i++) {
      const impact = share * impacts[levels[i]];
      const known = best.get(articles[i]);
      if (!known) best.set(articles[i], [impact, kind]);
      else {
        if (impact > known[0]) known[0] = impact;
        if (kind < known[1]) known[1] = kind;
      }
    }
  }
  return best;
}

/**
 * @param {Term[]} terms
 * @returns {[ArrayLike<number>, ArrayLike<number>]}
 */
function common([first, ...others]) {
  if (!others.length) return [first.postings, first.levels];
  let levels = new Map(Array.from(first.postings, (article, i) => [article, first.levels[i]]));
  for (const other of others) {
    /** @type {Map<number, number>} */
    const both = new Map();
    other.postings.forEach((article, i) => {
      const level = levels.get(article);
      if (level !== undefined) both.set(article, Math.min(level, other.levels[i]));
    });
    levels = both;
  }
  return [[...levels.keys()], [...levels.values()]];
}
