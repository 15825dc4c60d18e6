/**
 * The terms of an index, looked up in its shards. `lexicon.py` is the twin.
 *
 * What is asked of a shard that is not here yet is answered with nothing and noted; `fetch` gets what was noted, and
 * whoever asked asks again.
 *
 * @typedef {import("./shards.js").Term} Term
 * @typedef {import("./shards.js").Word} Word
 */

import constants from "./constants.json" with { type: "json" };
import { Dictionary, after, nearest } from "./dictionary.js";
import { Recent } from "./recent.js";
import { bisect, readShard, readWords, shardOf, unfoldFront } from "./shards.js";

const MOST_SHARDS = 300; // a query needs no more than a third of them at once

export class Lexicon {
  /**
   * @param {import("./store.js").Store} store
   * @param {import("./analyse.js").Analyser} analyser
   */
  constructor(store, analyser) {
    this.store = store;
    this.analyser = analyser;
    this.starts = unfoldFront(store.head.starts);
    /** @type {Recent<number, Map<string, Term>>} */
    this.shards = new Recent(MOST_SHARDS);
    /** @type {Set<number>} */
    this.wanted = new Set();
    this.dictionary = new Dictionary(readWords(/** @type {any} */ (store.head), (text) => analyser.fold(text)));
  }

  /** Gets the shards that were asked for in vain; tells whether there were any. */
  async fetch() {
    const numbers = [...this.wanted];
    this.wanted.clear();
    await Promise.all(
      numbers.map(async (number) => {
        const data = await this.store.part("terms", number);
        try {
          const shard = readShard(data);
          for (const name of shard.keys()) if (shardOf(name, this.starts) !== number) throw new RangeError("another shard");
          this.shards.set(number, shard);
        } catch {
          throw this.store.damaged(`terms/${number}`);
        }
      }),
    );
    return numbers.length > 0;
  }

  /** @param {string} name */
  isHere(name) {
    return this.#shard(shardOf(name, this.starts)) !== undefined;
  }

  /**
   * @param {string} name
   * @returns {Term | undefined}
   */
  term(name) {
    return this.#shard(shardOf(name, this.starts))?.get(name);
  }

  /** @param {string[]} names */
  all(names) {
    const terms = names.map((name) => this.term(name)).filter((term) => term !== undefined);
    return terms.length === names.length ? terms : [];
  }

  /** @param {string} form */
  begun(form) {
    const home = shardOf(form, this.starts);
    const limit = this.dictionary.has(form) ? 0 : constants.MAX_COMPLETION_SHARDS;
    const near = new Set();
    /** @type {Map<string, Term>} */
    const found = new Map();
    for (const word of this.dictionary.begun(form)) {
      const name = this.termOf(word);
      const shard = shardOf(name, this.starts);
      if (shard !== home) {
        if (!near.has(shard) && near.size === limit) continue;
        near.add(shard);
      }
      const term = this.#shard(shard)?.get(name);
      if (term) found.set(name, term);
    }
    const terms = this.#shard(home) ?? new Map();
    const names = [...terms.keys()];
    for (const name of names.slice(bisect(names, form), bisect(names, after(form)))) found.set(name, terms.get(name));
    return [...found.values()].sort((a, b) => b.articles - a.articles).slice(0, constants.MAX_COMPLETIONS);
  }

  /**
   * @param {string} form
   * @returns {Term | undefined}
   */
  stem(form) {
    const shard = this.#shard(shardOf(form, this.starts)) ?? new Map();
    const isStem = (/** @type {string} */ name) => name.length >= constants.MIN_STEM_LETTERS && form.startsWith(name);
    return shard.get(longest([...shard.keys()].filter(isStem)));
  }

  /**
   * @param {string} form
   * @returns {[number, Word][]}
   */
  near(form) {
    const shard = this.#shard(shardOf(form, this.starts)) ?? new Map();
    const own = [];
    for (const { name, spelling, articles } of shard.values())
      if (name[0] !== "#" && name[0] !== "=") own.push({ form: this.analyser.fold(spelling), spelling, articles });
    const known = this.dictionary.near(form).map(([, word]) => word);
    return nearest(form, [...known, ...own.filter((word) => !this.dictionary.has(word.form))]);
  }

  /** @param {Word} word */
  termOf(word) {
    return this.analyser.words(word.spelling)[0].terms[0][0];
  }

  /** @param {number} number */
  #shard(number) {
    const shard = this.shards.get(number);
    if (!shard) this.wanted.add(number);
    return shard;
  }
}

/** @param {string[]} names */
function longest(names) {
  return names.reduce((best, name) => (name.length > best.length ? name : best), "");
}
