/**
 * Ranks articles by adding integers. `rank.py` is the twin and says what the steps are.
 *
 * @typedef {import("./shards.js").Term} Term
 * @typedef {{terms: Term[], share: number, kind: number}} Answer
 * @typedef {{weight: number, answers: Answer[], isMain: boolean}} Group
 * @typedef {{article: number, score: number, tier: string}} Match
 * @typedef {{rarities: number[], impacts: number[], coverage: number[]}} Scale
 */

import constants from "./constants.json" with { type: "json" };


/** What a query adds up for each article; kept from query to query, and left all zero. */
export class Tally {
  /** @param {number} articles */
  constructor(articles) {
    this.articles = articles;
    this.score = new Float64Array(articles);
    this.covered = new Float64Array(articles);
    this.best = new Float64Array(articles);
    this.words = new Uint8Array(articles);
    this.weakest = new Uint8Array(articles);
    this.kinds = new Uint8Array(articles);
  }
}

/**
 * @param {Group[]} groups
 * @param {Scale} scale
 * @param {Tally} tally
 * @returns {Match[]} best first
 */
export function rank(groups, scale, tally) {
  const { articles, score, covered, best, words, weakest, kinds } = tally;
  /** @type {number[]} */
  const touched = [];
  let total = 0;
  let mains = 0;
  for (const group of groups) {
    const value = worth(group, scale);
    total += value;
    mains += Number(group.isMain);
    for (const article of takeBest(group, scale, tally)) {
      if (!covered[article]) touched.push(article);
      score[article] += value * best[article];
      covered[article] += value;
      best[article] = 0;
      if (!group.isMain) continue;
      words[article]++;
      weakest[article] = Math.max(weakest[article], kinds[article]);
    }
  }
  // One number an article, which sorts by score and then by article: far quicker than comparing objects.
  const keys = Float64Array.from(touched, (article) => {
    const coverage = scale.coverage[Math.floor((constants.COVERAGE_STEPS * covered[article]) / total)];
    const final = Math.floor((score[article] * coverage) / constants.COVERAGE_UNIT);
    return final * articles + articles - 1 - article;
  });
  keys.sort().reverse();
  const least = Math.floor((keys[0] ?? 0) / articles) / constants.MAX_SCORE_RATIO;
  const matches = Array.from(keys.filter((key) => Math.floor(key / articles) >= least), (key) => {
    const article = articles - 1 - (key % articles);
    const tier = words[article] === mains ? constants.MATCH_TIERS[weakest[article]] : constants.PARTIAL_TIER;
    return { article, score: Math.floor(key / articles), tier };
  });
  for (const article of touched) score[article] = covered[article] = words[article] = weakest[article] = 0;
  return matches;
}

/**
 * @param {Group} group
 * @param {Scale} scale
 */
function worth({ weight, answers }, { rarities }) {
  const typed = answers.filter(({ kind }) => !kind);
  const articles = (typed.length ? typed : answers).map(({ terms }) => Math.min(...terms.map((term) => term.articles)));
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
 * Puts each article's best answer into the tally, and returns the articles that have one.
 * @param {Group} group
 * @param {Scale} scale
 * @param {Tally} tally
 */
function takeBest({ answers }, { impacts }, { best, kinds }) {
  const found = [];
  for (const { terms, share, kind } of answers) {
    const [articles, levels] = common(terms);
    for (let i = 0; i < articles.length; i++) {
      const article = articles[i];
      const impact = share * impacts[levels[i]];
      if (!best[article]) {
        found.push(article);
        best[article] = impact;
        kinds[article] = kind;
      } else {
        if (impact > best[article]) best[article] = impact;
        if (kind < kinds[article]) kinds[article] = kind;
      }
    }
  }
  return found;
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
