/**
 * Searches an index in the browser. `searcher.py` is the twin: same results, same scores.
 *
 * @typedef {{url: string, title: string, summary: string, excerpt: import("./excerpt.js").Piece[], breadcrumb: string[],
 *   score: number, tier: string}} Result url: relative to the folder above the index
 * @typedef {Record<string, [string, number][]>} Facets values and their numbers, of `category` and `appliesTo`
 * @typedef {{results: Result[], corrected: string | null, suggested: string | null, also: string[], total: number,
 *   facets: Facets | null}} Results
 * @typedef {{limit?: number, offset?: number, filters?: Record<string, string>, facets?: boolean, signal?: AbortSignal,
 *   pause?: number}} Options
 * @typedef {import("./query.js").Query} Query
 * @typedef {import("./plan.js").Plan} Plan
 * @typedef {import("./rank.js").Match} Match
 */

import constants from "./constants.json" with { type: "json" };
import { Analyser } from "./analyse.js";
import { edits } from "./dictionary.js";
import { cutExcerpt } from "./excerpt.js";
import { retyped } from "./keyboard.js";
import { Lexicon } from "./lexicon.js";
import { decode, expand } from "./pack.js";
import { Planner } from "./plan.js";
import { Thesaurus, mainTerms, parse } from "./query.js";
import { Recent } from "./recent.js";
import { Tally, rank, rarity } from "./rank.js";
import { readBlock, sums } from "./shards.js";
import { Store } from "./store.js";

const MOST_BLOCKS = 300; // some megabytes

/**
 * Opens the index in a folder.
 * @param {string} baseUrl with its slash
 * @returns {Promise<Searcher>}
 * @throws {import("./errors.js").SearchError}
 */
export async function open(baseUrl) {
  return new Searcher(await Store.open(baseUrl));
}

/**
 * Opens an index that is at hand as one file, in Base64: a page opened from disk may fetch nothing.
 * @param {string} bundle
 * @param {string} baseUrl
 */
export async function openBundle(bundle, baseUrl) {
  const bytes = Uint8Array.from(atob(bundle), (char) => char.charCodeAt(0));
  return new Searcher(Store.whole(await expand(bytes, "", baseUrl), baseUrl));
}

export class Searcher {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    try {
      const { head } = store;
      this.analyser = new Analyser(head.analysis);
      this.lexicon = new Lexicon(store, this.analyser);
      this.planner = new Planner(this.lexicon, new Thesaurus(head.synonyms, this.analyser), this.analyser);
      this.scale = { rarities: sums(head.rarities).reverse(), impacts: sums(head.impacts), coverage: sums(head.coverage) };
      this.each = Number(head.each);
      this.count = Number(head.articles);
      this.tally = new Tally(this.count);
    } catch {
      throw store.damaged("head");
    }
    /** @type {Recent<number, import("./shards.js").Article[]>} */
    this.blocks = new Recent(MOST_BLOCKS);
  }

  /**
   * @param {string} text
   * @param {Options} [options] `signal` gives up a query that was overtaken; `pause` is how many milliseconds to wait for
   *   that before texts are fetched
   * @returns {Promise<Results>}
   */
  async search(
    text,
    { limit = constants.DEFAULT_RESULTS, offset = 0, filters = {}, facets: withFacets = false, signal, pause = 0 } = {},
  ) {
    let { query, plan, matches } = await this.#ask(text, signal);
    let corrected = plan.corrections.length ? replaced(query.text, plan.corrections) : null;
    if (!plan.groups.some(({ answers }) => answers.length))
      for (const other of retyped(query.text, this.store.head.analysis.rules)) {
        const retry = await this.#ask(other, signal);
        if (!retry.matches.length || retry.matches[0].tier === constants.PARTIAL_TIER) continue;
        corrected = other;
        ({ query, plan, matches } = retry);
        break;
      }
    if (query.phrases.length) matches = await this.#withPhrases(query.phrases, matches);
    const asked = Object.entries(filters);
    const facets = asked.length || withFacets ? await this.#facets() : {};
    const answers = matches;
    matches = filtered(answers, facets, asked);
    signal?.throwIfAborted();
    const page = matches.slice(offset, offset + limit);
    const found = page.map(({ article }) => article);
    if (pause && found.some((article) => !this.blocks.get(Math.floor(article / this.each)))) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      signal?.throwIfAborted();
    }
    await this.#load(found);
    signal?.throwIfAborted();
    const values = this.#values(plan);
    return {
      results: page.map((match) => this.#result(match, values)),
      corrected: matches.length ? corrected : null,
      suggested: corrected ? null : await this.#suggestion(query),
      also: this.#also(plan, matches),
      total: matches.length,
      facets: withFacets ? counted(facets, answers, asked) : null,
    };
  }

  /**
   * @param {string} text
   * @param {AbortSignal} [signal]
   */
  async #ask(text, signal) {
    const query = parse(text, this.analyser);
    const plan = await this.planner.plan(query, signal);
    return { query, plan, matches: rank(plan.groups, this.scale, this.tally) };
  }

  /** @param {number[]} articles */
  async #load(articles) {
    const numbers = new Set(articles.map((article) => Math.floor(article / this.each)).filter((number) => !this.blocks.get(number)));
    await Promise.all(
      [...numbers].map(async (number) => {
        const data = await this.store.part("texts", number);
        try {
          const block = readBlock(data, number * this.each);
          if (block.length !== Math.min(this.each, this.count - number * this.each)) throw new RangeError("another block");
          this.blocks.set(number, block);
        } catch {
          throw this.store.damaged(`texts/${number}`);
        }
      }),
    );
  }

  /** @param {number} article */
  #article(article) {
    const found = this.blocks.get(Math.floor(article / this.each))?.[article % this.each];
    if (!found) throw this.store.damaged(`texts/${Math.floor(article / this.each)}`);
    return found;
  }

  /**
   * @param {string[][]} phrases
   * @param {Match[]} matches
   */
  async #withPhrases(phrases, matches) {
    for (const phrase of phrases)
      for (const term of phrase.map((name) => this.lexicon.term(name))) {
        const found = new Set(term?.postings);
        if (!term || phrase.length === 1 || found.size === term.articles) matches = matches.filter(({ article }) => found.has(article));
      }
    const longer = phrases.filter(({ length }) => length > 1);
    if (!longer.length) return matches;
    matches = matches.slice(0, constants.MAX_PHRASE_ARTICLES);
    await this.#load(matches.map(({ article }) => article));
    return matches.filter(({ article }) => {
      const { title, summary, sections } = this.#article(article);
      const texts = [title, summary, ...sections.flatMap(({ heading, text }) => [heading, text])];
      let missing = longer;
      return texts.some((text) => {
        const row = mainTerms(this.analyser, text);
        missing = missing.filter((phrase) => !holds(row, phrase));
        return !missing.length;
      });
    });
  }

  /** @param {Plan} plan */
  #values({ groups }) {
    /** @type {Map<string, number>} */
    const values = new Map();
    for (const { weight, answers, isMain } of groups)
      for (const { terms, share } of isMain ? answers : [])
        for (const { name, articles } of terms) {
          const worth = Math.floor((weight * rarity(this.scale.rarities, articles) * share) / constants.EXACT_SHARE);
          values.set(name, Math.max(worth, values.get(name) ?? 0));
        }
    return values;
  }

  /**
   * @param {Match} match
   * @param {Map<string, number>} values
   * @returns {Result}
   */
  #result({ article, score, tier }, values) {
    const found = this.#article(article);
    const { url, title, summary, breadcrumb } = found;
    const { pieces, anchor } = cutExcerpt(found, this.analyser, values);
    return { url: anchor ? `${url}#${anchor}` : url, title, summary, excerpt: pieces, breadcrumb, score, tier };
  }

  /**
   * @param {Plan} plan
   * @param {Match[]} matches
   */
  #also({ synonyms }, matches) {
    const best = matches.slice(0, constants.MAX_SHOWN_SYNONYMS).map(({ article }) => article);
    const has = (/** @type {import("./shards.js").Term} */ { postings }, /** @type {number} */ article) => postings.includes(article);
    const found = synonyms.filter(([, names]) => {
      const terms = this.lexicon.all(names);
      return terms.length && best.some((article) => terms.every((term) => has(term, article)));
    });
    return found.slice(0, constants.MAX_SHOWN_SYNONYMS).map(([spelling]) => spelling);
  }

  /** @param {Query} query */
  async #suggestion({ text, tokens }) {
    let changes;
    do {
      changes = /** @type {[import("./analyse.js").Token, string][]} */ ([]);
      for (const token of tokens) {
        const term = this.lexicon.term(token.terms[0][0]);
        const isRare = term && term.articles <= constants.MAX_RARE_ARTICLES;
        const [best] = isRare && edits(token.form) ? this.lexicon.near(token.form) : [];
        if (term && best?.[0] && best[1].articles >= constants.MIN_COMMON_RATIO * term.articles) changes.push([token, best[1].spelling]);
      }
    } while (await this.lexicon.fetch());
    return changes.length ? replaced(text, changes) : null;
  }

  /** @returns {Promise<Record<string, [string, number[]][]>>} values with the articles that have them */
  async #facets() {
    if (!this.store.head.hasFacets) return {};
    const data = await this.store.part("facets", 0);
    try {
      const facets = Object.entries(JSON.parse(decode(data)));
      return Object.fromEntries(facets.map(([facet, rows]) => [facet, rows.map((/** @type {any} */ [value, gaps]) => [value, sums(gaps)])]));
    } catch {
      throw this.store.damaged("facets");
    }
  }
}

/**
 * @param {string} text
 * @param {[import("./analyse.js").Token, string][]} changes
 */
function replaced(text, changes) {
  const chars = Array.from(text);
  for (const [{ start, end }, spelling] of [...changes].reverse()) chars.splice(start, end - start, spelling);
  return chars.join("");
}

/**
 * @param {string[]} row
 * @param {string[]} phrase
 */
function holds(row, phrase) {
  return row.some((_, at) => phrase.every((term, i) => row[at + i] === term));
}

/**
 * @param {Match[]} matches
 * @param {Record<string, [string, number[]][]>} facets
 * @param {[string, string][]} asked facets and the values that an article must have
 */
function filtered(matches, facets, asked) {
  return asked.reduce((left, [facet, value]) => {
    const articles = new Set(facets[facet]?.find?.(([name]) => name === value)?.[1]);
    return left.filter(({ article }) => articles.has(article));
  }, matches);
}

/**
 * Counts each facet's values among what the other facets leave: so another value can be chosen instead.
 * @param {Record<string, [string, number[]][]>} facets
 * @param {Match[]} matches
 * @param {[string, string][]} asked
 * @returns {Facets}
 */
function counted(facets, matches, asked) {
  const rows = Object.entries(facets).map(([facet, values]) => {
    const left = filtered(matches, facets, asked.filter(([other]) => other !== facet));
    const found = new Set(left.map(({ article }) => article));
    const count = (/** @type {number[]} */ articles) => articles.filter((article) => found.has(article)).length;
    return [facet, values.map(([value, articles]) => [value, count(articles)]).filter(([, number]) => number)];
  });
  return Object.fromEntries(rows);
}
