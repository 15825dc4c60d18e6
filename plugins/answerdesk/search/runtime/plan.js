/**
 * Turns a query into groups of terms: exact, begun, written otherwise, meant otherwise. `plan.py` is the twin.
 *
 * @typedef {import("./analyse.js").Token} Token
 * @typedef {import("./query.js").Phrase} Phrase
 * @typedef {import("./rank.js").Answer} Answer
 * @typedef {import("./rank.js").Group} Group
 * @typedef {{groups: Group[], corrections: [Token, string][], synonyms: Phrase[]}} Plan
 */

import { edits } from "./dictionary.js";
import { answersByPlace, distinct, joins } from "./query.js";
import { EXACT } from "./rank.js";

const PREFIX = 6;
const SYNONYM = 10;
const JOINED = 14;
const EDITED = [0, 13, 9];
const FULL = 16;
const SHORTEST_BEGUN = 2;
const SHORTEST_HALF = 3;
const MOST_GROUPS = 48;
const MOST_GUESSED = 4;

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
      answers.push(...this.#others(written.get(place), JOINED, 0), ...this.#others(others.get(place), SYNONYM, 2));
      if (!answers.length && guessed++ < MOST_GUESSED) {
        const { guesses, spelling } = this.#guesses(token);
        const stem = isBegun && this.lexicon.stem(token.form);
        answers = stem ? [...guesses, { terms: [stem], share: PREFIX, kind: 1 }] : guesses;
        if (spelling && !stem) corrections.push([token, spelling]); // with a stem it may go on to be right
      }
      groups.push(...this.#groups(token, answers, seen));
    });
    return { groups: groups.slice(0, MOST_GROUPS), corrections, synonyms: distinct(synonyms.flatMap(({ phrases }) => phrases)) };
  }

  /**
   * @param {Token} token
   * @param {boolean} isBegun
   * @returns {Answer[]}
   */
  #answers({ form, terms: [[main, weight]] }, isBegun) {
    const term = this.lexicon.term(main);
    /** @type {Answer[]} */
    const answers = term ? [{ terms: [term], share: EXACT, kind: 0 }] : [];
    const isAscii = /^[\0-\x7f]*$/.test(form);
    if (!isBegun || (weight < FULL && term) || (isAscii && form.length < SHORTEST_BEGUN)) return answers;
    for (const other of this.lexicon.begun(!isAscii && !form.startsWith(main) ? main : form))
      if (other !== term) answers.push({ terms: [other], share: PREFIX, kind: 1 });
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
    if (halves.length) return { guesses: [{ terms: halves, share: JOINED, kind: 0 }], spelling };
    for (const [gap, word] of edits(form) ? lexicon.near(form) : []) {
      const term = lexicon.term(lexicon.termOf(word));
      if (!term) continue;
      guesses.push({ terms: [term], share: EDITED[gap], kind: 3 });
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
    for (let at = SHORTEST_HALF; at <= chars.length - SHORTEST_HALF; at++) {
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
        groups.push({ weight: isMain ? terms[0][1] : weight, answers: term ? [{ terms: [term], share: EXACT, kind: 0 }] : [], isMain });
      }
      seen.add(name);
    });
    return groups;
  }
}
