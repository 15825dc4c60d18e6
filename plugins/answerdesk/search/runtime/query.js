/**
 * What a visitor typed, taken apart: words, exact phrases, synonyms, words written apart. `query.py` is the twin.
 *
 * @typedef {import("./analyse.js").Token} Token
 * @typedef {import("./analyse.js").Analyser} Analyser
 * @typedef {[string, string[]]} Phrase its spelling and its terms in a row
 * @typedef {{start: number, end: number, phrases: Phrase[]}} Stretch neighbouring tokens and what stands for the same
 * @typedef {{text: string, tokens: Token[], isBegun: boolean, phrases: string[][]}} Query
 */

import constants from "./constants.json" with { type: "json" };

const QUOTED = /["“”„«»「」『』]([^"“”„«»「」『』]+)["“”„«»「」『』]/g;
const APART = /^[ \u00a0]+$/;

/**
 * @param {string} typed
 * @param {Analyser} analyser
 * @returns {Query}
 */
export function parse(typed, analyser) {
  const chars = Array.from(typed).slice(0, constants.MAX_QUERY_CHARACTERS);
  const text = chars.join("");
  const tokens = analyser.tokens(text).slice(0, constants.MAX_QUERY_TOKENS);
  const names = new Set(tokens.map(({ terms }) => terms[0][0]));
  const phrases = [...text.matchAll(QUOTED)].map(([, quoted]) => mainTerms(analyser, quoted));
  const isRead = (/** @type {string[]} */ phrase) => phrase.length > 0 && phrase.every((name) => names.has(name));
  return { text, tokens, isBegun: tokens.at(-1)?.end === chars.length, phrases: phrases.filter(isRead) };
}

/** The synonyms of an index, found by the terms of what is typed. */
export class Thesaurus {
  /**
   * @param {[string[], string[]?][]} synonyms what is typed, and what it finds if that is not the same
   * @param {Analyser} analyser
   */
  constructor(synonyms, analyser) {
    /** @type {Map<string, string[]>} */
    const terms = new Map();
    /** @type {Map<string, Phrase[]>} */
    this.entries = new Map();
    this.longest = 0;
    for (const [typed, found = typed] of synonyms) {
      for (const phrase of [...typed, ...found]) if (!terms.has(phrase)) terms.set(phrase, mainTerms(analyser, phrase));
      for (const phrase of typed) this.#add(/** @type {string[]} */ (terms.get(phrase)), found, terms);
    }
  }

  /**
   * @param {string[]} names
   * @param {string[]} found
   * @param {Map<string, string[]>} terms
   */
  #add(names, found, terms) {
    if (!names.length) return;
    const key = names.join("\n");
    const others = found.map((phrase) => /** @type {Phrase} */ ([phrase, terms.get(phrase)])).filter(([, other]) => other.join("\n") !== key);
    this.entries.set(key, [...(this.entries.get(key) ?? []), ...others]);
    this.longest = Math.max(this.longest, names.length);
  }

  /**
   * @param {Token[]} tokens
   * @returns {Stretch[]}
   */
  stretches(tokens) {
    const names = tokens.map(({ terms }) => terms[0][0]);
    /** @type {Stretch[]} */
    const found = [];
    for (let start = 0; start < names.length; start++)
      for (let length = Math.min(this.longest, names.length - start); length > 0; length--) {
        const phrases = this.entries.get(names.slice(start, start + length).join("\n"));
        if (!phrases?.length) continue;
        found.push({ start, end: start + length, phrases: distinct(phrases).slice(0, constants.MAX_SYNONYM_PHRASES) });
        start += length - 1;
        break;
      }
    return found;
  }
}

/**
 * @param {Query} query
 * @param {Analyser} analyser
 * @param {{has: (form: string) => boolean}} dictionary
 * @returns {Stretch[]}
 */
export function joins({ text, tokens }, analyser, dictionary) {
  const chars = Array.from(text);
  /** @type {Stretch[]} */
  const found = [];
  tokens.slice(1).forEach((two, start) => {
    const one = tokens[start];
    const form = one.form + two.form;
    if (dictionary.has(form) && APART.test(chars.slice(one.end, two.start).join("")))
      found.push({ start, end: start + 2, phrases: [["", [analyser.words(form)[0].terms[0][0]]]] });
  });
  return found;
}

/**
 * @param {Stretch[]} stretches
 * @returns {Map<number, Phrase[]>}
 */
export function answersByPlace(stretches) {
  const found = new Map();
  for (const { start, end, phrases } of stretches)
    for (let place = start; place < end; place++) found.set(place, [...(found.get(place) ?? []), ...phrases]);
  return found;
}

/**
 * @param {Phrase[]} phrases
 * @returns {Phrase[]}
 */
export function distinct(phrases) {
  return [...new Map(phrases.map((phrase) => [JSON.stringify(phrase), phrase])).values()];
}

/**
 * @param {Analyser} analyser
 * @param {string} text
 */
export function mainTerms(analyser, text) {
  return analyser.words(text).map(({ terms }) => terms[0][0]);
}
