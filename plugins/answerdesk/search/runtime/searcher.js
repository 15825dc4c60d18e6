/**
 * Searches an index in the browser. `searcher.py` is the twin: same results, same scores.
 *
 * @typedef {{url: string, title: string, summary: string, excerpt: import("./excerpt.js").Piece[], breadcrumb: string[],
 *   score: number, tier: string}} Result url: relative to the folder above the index
 * @typedef {{results: Result[], corrected: string | null, total: number}} Results
 */

import { Analyser } from "./analyse.js";
import { cutExcerpt } from "./excerpt.js";
import { readIndex } from "./index.js";
import { Dictionary, EXACT, rank, rarity } from "./rank.js";

const LONGEST = 1000;

/**
 * Opens the index in a folder.
 * @param {string} baseUrl with its slash
 * @returns {Promise<Searcher>}
 * @throws {import("./errors.js").SearchError}
 */
export async function open(baseUrl) {
  return new Searcher(await readIndex(baseUrl));
}

export class Searcher {
  /** @param {import("./index.js").Index} index */
  constructor(index) {
    this.index = index;
    this.analyser = new Analyser(index.analysis);
    this.dictionary = new Dictionary(index);
  }

  /**
   * @param {string} text
   * @param {{limit?: number}} [options]
   * @returns {Promise<Results>}
   */
  async search(text, { limit = 10 } = {}) {
    const chars = Array.from(text).slice(0, LONGEST);
    const tokens = this.analyser.tokens(chars.join(""));
    const groups = this.dictionary.groups(tokens, tokens.at(-1)?.end === chars.length);
    const matches = rank(this.index, groups);
    const values = this.#values(groups);
    return {
      results: matches.slice(0, limit).map((match) => this.#result(match, values)),
      corrected: null,
      total: matches.length,
    };
  }

  /** @param {import("./rank.js").Group[]} groups */
  #values(groups) {
    /** @type {Map<string, number>} */
    const values = new Map();
    for (const { weight, answers, isMain } of groups)
      for (const [number, share] of isMain ? answers : []) {
        const term = this.index.terms[number];
        const worth = Math.floor((weight * rarity(this.index, this.index.postings[number].length / 2) * share) / EXACT);
        values.set(term, Math.max(worth, values.get(term) ?? 0));
      }
    return values;
  }

  /**
   * @param {import("./rank.js").Match} match
   * @param {Map<string, number>} values
   * @returns {Result}
   */
  #result({ article, score, tier }, values) {
    const { url, title, summary, breadcrumb, sections } = this.index.articles[article];
    const { pieces, anchor } = cutExcerpt({ url, title, summary, breadcrumb, sections }, this.analyser, values);
    return { url: anchor ? `${url}#${anchor}` : url, title, summary, excerpt: pieces, breadcrumb, score, tier };
  }
}
