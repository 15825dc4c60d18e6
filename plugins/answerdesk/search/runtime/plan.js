/**
 * Turns a query into groups of terms: exact, begun, written otherwise, meant otherwise. `plan.py` is the twin.
 *
 * @typedef {import("./analyse.js").Token} Token
 * @typedef {import("./query.js").Phrase} Phrase
 * @typedef {import("./rank.js").Answer} Answer
 * @typedef {import("./rank.js").Group} Group
 * @typedef {{groups: Group[], corrections: [Token, string][], synonyms: Phrase[]}} Plan
 */

import constants from "./constants.json" with { type: "json" };
import { edits } from "./dictionary.js";
import { answersByPlace, distinct, joins } from "./query.js";


export class Planner {
  /**
   * @param {import("./lexicon.js").Lexicon} lexicon
   * @param {import("./query.js").Thesaurus} thesaurus
   * @param {import("./analyse.js").Analyser} analyser
   */
  constructor(lexicon, thesaurus, analyser) {
    this.lexicon = lexicon;
    this.thesaurus = thesaurus;
    this.analyser = analyser;
  }

  /**
   * @param {import("./query.js").Query} query
   * @param {AbortSignal} [signal]
   * @returns {Promise<Plan>}
   */
  async plan(query, signal) {
    let plan = this.#plan(query);
    while (await this.lexicon.fetch()) {
      signal?.throwIfAborted();
      plan = this.#plan(query);
    }
    return plan;
  }

  /**
   * @param {import("./query.js").Query} query
   * @returns {Plan}
   */
  #plan(query) {
    const { tokens } = query;
    const synonyms = query.phrases.length ? [] : this.thesaurus.stretches(tokens); // who quotes means it
    const others = answersByPlace(synonyms);
    const written = answersByPlace(joins(query, this.analyser, this.lexicon.dictionary));
    /** @type {Group[]} */
    const groups = [];
    /** @type {[Token, string][]} */
    const corrections = [];
    const seen = new Set();
    let guessed = 0;
    tokens.forEach((token, place) => {
      const isBegun = query.isBegun && place === tokens.length - 1;
      let answers = this.#answers(token, isBegun);
      answers.push(...this.#others(written.get(place), constants.JOINED_SHARE, 0));
      answers.push(...this.#others(others.get(place), constants.SYNONYM_SHARE, 2));
      if (!answers.length && guessed++ < constants.MAX_GUESSED_WORDS) {
        const { guesses, spelling } = this.#guesses(token);
        const stem = isBegun && this.lexicon.stem(token.form);
        answers = stem ? [...guesses, { terms: [stem], share: constants.PREFIX_SHARE, kind: 1 }] : guesses;
        if (spelling && !stem) corrections.push([token, spelling]); // with a stem it may go on to be right
      }
      groups.push(...this.#groups(token, answers, seen));
    });
    const found = distinct(synonyms.flatMap(({ phrases }) => phrases));
    return { groups: groups.slice(0, constants.MAX_GROUPS), corrections, synonyms: found };
  }

  /**
   * @param {Token} token
   * @param {boolean} isBegun
   * @returns {Answer[]}
   */
  #answers({ form, terms: [[main, weight]] }, isBegun) {
    const term = this.lexicon.term(main);
    /** @type {Answer[]} */
    const answers = term ? [{ terms: [term], share: constants.EXACT_SHARE, kind: 0 }] : [];
    const isAscii = /^[\0-\x7f]*$/.test(form);
    const isFiller = weight < constants.FULL_WEIGHT && term;
    if (!isBegun || isFiller || (isAscii && form.length < constants.MIN_COMPLETED_LETTERS)) return answers;
    for (const other of this.lexicon.begun(!isAscii && !form.startsWith(main) ? main : form))
      if (other !== term) answers.push({ terms: [other], share: constants.PREFIX_SHARE, kind: 1 });
    return answers;
  }

  /**
   * @param {Phrase[] | undefined} phrases
   * @param {number} share
   * @param {number} kind
   */
  #others(phrases, share, kind) {
    const found = (phrases ?? []).map(([, names]) => this.lexicon.all(names));
    return found.filter(({ length }) => length).map((terms) => ({ terms, share, kind }));
  }

  /**
   * A word whose shard is not here yet is guessed about only if the dictionary does not have it either: its shard and
   * those of what it may mean come together then.
   * @param {Token} token
   * @returns {{guesses: Answer[], spelling: string}}
   */
  #guesses({ form, terms }) {
    const { lexicon } = this;
    /** @type {Answer[]} */
    const guesses = [];
    let spelling = "";
    if (!lexicon.isHere(terms[0][0]) && lexicon.dictionary.has(form)) return { guesses, spelling };
    const halves = this.#halves(form);
    if (halves.length) return { guesses: [{ terms: halves, share: constants.JOINED_SHARE, kind: 0 }], spelling };
    for (const [gap, word] of edits(form) ? lexicon.near(form) : []) {
      const term = lexicon.term(lexicon.termOf(word));
      if (!term) continue;
      guesses.push({ terms: [term], share: constants.EDITED_SHARES[gap], kind: 3 });
      spelling ||= word.spelling;
    }
    return { guesses, spelling };
  }

  /** @param {string} form */
  #halves(form) {
    const { lexicon, analyser } = this;
    /** @type {import("./shards.js").Term[]} */
    let best = [];
    const common = (/** @type {import("./shards.js").Term[]} */ terms) => Math.min(...terms.map(({ articles }) => articles));
    const chars = Array.from(form);
    for (let at = constants.MIN_HALF_LETTERS; at <= chars.length - constants.MIN_HALF_LETTERS; at++) {
      const halves = [chars.slice(0, at).join(""), chars.slice(at).join("")];
      if (!halves.every((half) => lexicon.dictionary.has(half))) continue;
      const terms = lexicon.all(halves.flatMap((half) => analyser.words(half).map(({ terms }) => terms[0][0])));
      if (terms.length && common(terms) > (best.length ? common(best) : 0)) best = terms;
    }
    return best;
  }

  /**
   * @param {Token} token
   * @param {Answer[]} answers
   * @param {Set<string>} seen
   * @returns {Group[]}
   */
  #groups({ terms }, answers, seen) {
    const isPart = (/** @type {string} */ name) => name[0] !== "#" && name[0] !== "=" && !name.includes(".");
    const isApart = !answers.length && terms.slice(1).some(([name]) => isPart(name));
    /** @type {Group[]} */
    const groups = [];
    terms.forEach(([name, weight], rank) => {
      if (seen.has(name) || (isApart && !rank)) return;
      if (!rank) groups.push({ weight, answers, isMain: true });
      else {
        const isMain = isApart && isPart(name);
        const term = this.lexicon.term(name);
        if (!term && !isMain) return;
        const own = term ? [{ terms: [term], share: constants.EXACT_SHARE, kind: 0 }] : [];
        groups.push({ weight: isMain ? terms[0][1] : weight, answers: own, isMain });
      }
      seen.add(name);
    });
    return groups;
  }
}
