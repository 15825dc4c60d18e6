/**
 * Turns text into tokens by the tables of an index. `analyse.py` is the twin and says what the steps are.
 *
 * No `\w`, no `\p{…}`, no locale: a browser's own ideas of letters and case must not decide what is found.
 *
 * @typedef {[string, number]} Term a term and its weight
 * @typedef {{form: string, start: number, end: number, terms: Term[]}} Token places count code points
 * @typedef {{keep: number, rules: [string, string][], vowel?: boolean, undouble?: string}} Step
 * @typedef {{apostrophe: string, light: string[], forms: Record<string, string>, prefixes: Step[], suffixes: Step[],
 *   words: boolean, weights: Record<string, number>, grams?: number, cut?: number, function?: string,
 *   variants?: [string, string, string], keyboard?: [string, string]}} Rule
 * @typedef {{characters: {fold: [number, string][], classes: Record<string, number[]>}, rules: Record<string, Rule>}} Analysis
 */

import constants from "./constants.json" with { type: "json" };

const SCRIPTS = ["han", "hangul", "arabic", "hiragana", "katakana", "other"]; // after the group of Latin letters and digits
const HEXADECIMAL = /^0x([0-9a-f]{2,})$/;
const VERSION = /^v([0-9][0-9.]*)$/;
const NUMBERED = /^([a-z]+)([0-9]{4,})$/;
const DECIMAL = /^[0-9]{10}$/;
const ASCII = /^[\0-\x7f]*$/;
const JAMO = /[\u1100-\u1112][\u1161-\u1175]/g;
const VOICED = /[かきくけこさしすせそたちつてとはひふへほカキクケコサシスセソタチツテトハヒフヘホｶ-ﾄﾊ-ﾎ][\u3099\u309a\uff9e\uff9f]/;

export class Analyser {
  /** @param {Analysis} analysis */
  constructor(analysis) {
    this.rules = new Map(Object.entries(analysis.rules));
    /** @type {Map<string, string>} */
    this.folds = new Map();
    for (const [start, row] of analysis.characters.fold)
      row.split(" ").forEach((text, i) => this.folds.set(String.fromCodePoint(start + i), text));
    for (const rule of this.rules.values()) for (const [char, to] of variantsOf(rule)) this.folds.set(char, to);
    this.light = new Map([...this.rules].map(([script, rule]) => [script, new Set(rule.light)]));
    this.runs = runPattern(analysis.characters.classes);
    /** @type {Map<string, Map<string, Term[]>>} */
    this.known = new Map(["latin", ...SCRIPTS].map((script) => [script, new Map()]));
  }

  /**
   * Returns form and terms of every word of a text, without places.
   * @param {string} text
   * @returns {{form: string, terms: Term[]}[]}
   */
  words(text) {
    return this.#split(this.fold(text)).map(([form, , terms]) => ({ form, terms }));
  }

  /** @param {string} text */
  fold(text) {
    return ASCII.test(text) ? text.toLowerCase() : this.#folded(text).join("");
  }

  /**
   * @param {string} text
   * @returns {Token[]}
   */
  tokens(text) {
    if (ASCII.test(text))
      return this.#split(text.toLowerCase()).map(([form, start, terms]) => ({ form, start, end: start + form.length, terms }));
    const pieces = this.#folded(text);
    const folded = pieces.join("");
    const origin = new Uint32Array(folded.length + 1).fill(pieces.length); // per UTF-16 unit of the folded text
    pieces.reduce((at, piece, i) => (origin.fill(i, at, at + piece.length), at + piece.length), 0);
    return this.#split(folded).map(([form, start, terms]) => ({
      form,
      start: origin[start],
      end: Math.max(origin[start + form.length - 1] + 1, origin[start + form.length]), // with the marks of its last letter
      terms,
    }));
  }

  /** @param {string} text */
  #folded(text) {
    const chars = Array.from(text);
    const pieces = chars.map((char) => this.folds.get(char) ?? char);
    if (VOICED.test(text))
      for (let i = 1; i < chars.length; i++)
        if (VOICED.test(chars[i - 1] + chars[i])) {
          const step = /[\u3099\uff9e]/.test(chars[i]) ? 1 : 2;
          pieces[i - 1] = String.fromCharCode(pieces[i - 1].charCodeAt(0) + step);
          pieces[i] = "";
        }
    if (text.search(JAMO) < 0) return pieces;
    for (let i = 0; i + 1 < chars.length; i++) {
      if ((chars[i] + chars[i + 1]).search(JAMO) !== 0) continue;
      const code = i + 2 < chars.length ? /** @type {number} */ (chars[i + 2].codePointAt(0)) - 0x11a7 : 0;
      const last = code > 0 && code < 28 ? code : 0;
      const lead = chars[i].charCodeAt(0) - 0x1100;
      const vowel = chars[i + 1].charCodeAt(0) - 0x1161;
      pieces[i] = String.fromCharCode(0xac00 + (lead * 21 + vowel) * 28 + last);
      pieces[i + 1] = "";
      if (last) pieces[i + 2] = "";
      i++;
    }
    return pieces;
  }

  /**
   * @param {string} folded
   * @returns {[string, number, Term[]][]}
   */
  #split(folded) {
    /** @type {[string, number, Term[]][]} */
    const found = [];
    let before = -1;
    for (const match of folded.matchAll(this.runs)) {
      let group = 1;
      while (match[group] === undefined) group++;
      const script = group === 1 ? "latin" : SCRIPTS[group - 2];
      const rule = this.rules.get(script);
      const word = match[0];
      const start = /** @type {number} */ (match.index);
      if (rule && !rule.words) this.#pairs(word, start, script, rule, found);
      else if (!(rule && start === before && isSuffix(word, rule))) found.push([word, start, this.#terms(word, script, rule)]);
      before = start + word.length;
    }
    return found;
  }

  /**
   * @param {string} word
   * @param {number} start
   * @param {string} script
   * @param {Rule} rule
   * @param {[string, number, Term[]][]} found
   */
  #pairs(word, start, script, rule, found) {
    const chars = Array.from(word);
    const known = this.#knownOf(script);
    for (let i = 0, at = start; i < Math.max(1, chars.length - 1); at += chars[i++].length) {
      const pair = chars.slice(i, i + /** @type {number} */ (rule.grams)).join("");
      let terms = known.get(pair);
      if (!terms) {
        const isLight = this.light.get(script)?.has(pair) || Array.from(pair).some((char) => rule.function?.includes(char));
        known.set(pair, (terms = [[pair, rule.weights[isLight ? "light" : "gram"]]]));
      }
      found.push([pair, at, terms]);
    }
  }

  /**
   * @param {string} word
   * @param {string} script
   * @param {Rule | undefined} rule
   */
  #terms(word, script, rule) {
    const known = this.#knownOf(script);
    let terms = known.get(word);
    if (!terms) {
      /** @type {Term[]} */
      const found = rule ? this.#reduce(word, rule, script) : [[word, 16]];
      terms = found.filter(([term], i) => found.findIndex(([other]) => other === term) === i);
      known.set(word, terms);
    }
    return terms;
  }

  /**
   * Returns the terms of words seen before: a map a script, as joining script and word would take longer than the look-up.
   * @param {string} script
   */
  #knownOf(script) {
    return /** @type {Map<string, Term[]>} */ (this.known.get(script));
  }

  /**
   * @param {string} word
   * @param {Rule} rule
   * @param {string} script
   * @returns {Term[]}
   */
  #reduce(word, rule, script) {
    const { weights } = rule;
    const kind = (/** @type {string} */ text) => weights[this.light.get(script)?.has(text) ? "light" : "word"];
    if (script !== "latin") {
      const term = reduceWord(word, rule);
      const chars = Array.from(term);
      const { grams: size } = rule;
      const grams = size ? chars.slice(1).map((_, i) => "#" + chars.slice(i, i + size).join("")) : [];
      return [[term, kind(word)], ...grams.map((gram) => /** @type {Term} */ ([gram, weights.gram]))];
    }
    if (word.includes("'")) word = rule.apostrophe === "join" ? word.replaceAll("'", "") : word.replace(/'[^._-]*/g, "");
    const whole = normaliseCode(word.replace(/[_-]/g, ""));
    /** @type {Term[]} */
    const terms = [[reduceLetters(whole, rule), kind(whole)]];
    const parts = NUMBERED.exec(whole)?.slice(1) ?? word.split(/[._-]/);
    if (VERSION.test("v" + whole)) {
      const numbers = whole.split(".");
      for (let count = 2; count < numbers.length; count++) terms.push([numbers.slice(0, count).join("."), weights.part]);
    } else if (parts.length > 1) for (const part of parts) terms.push([reduceLetters(part, rule), weights.part]);
    else if (rule.cut && whole.length > rule.cut && /^[^0-9.]+$/.test(whole))
      terms.push(["=" + whole.slice(0, rule.cut), weights.cut]);
    return terms;
  }
}

/** @param {string} word */
export function normaliseCode(word) {
  const number = DECIMAL.test(word) ? Number(word) : 0;
  if (number > constants.FIRST_SIGNED_ERROR_CODE && number <= constants.FIRST_ERROR_CODE)
    return (2 * constants.FIRST_ERROR_CODE - number).toString(16);
  if (number > constants.FIRST_ERROR_CODE && number <= constants.LAST_ERROR_CODE) return number.toString(16);
  return (HEXADECIMAL.exec(word) ?? VERSION.exec(word))?.[1] ?? word;
}

/**
 * @param {string} word
 * @param {Rule} rule
 */
export function reduceWord(word, rule) {
  if (Object.hasOwn(rule.forms, word)) return rule.forms[word];
  for (const step of rule.prefixes) {
    const found = step.rules.find(([prefix]) => word.startsWith(prefix) && word.length - prefix.length >= step.keep);
    if (found) word = found[1] + word.slice(found[0].length);
  }
  return rule.suffixes.reduce(strip, word);
}

/**
 * @param {string} word
 * @param {Rule} rule
 */
function reduceLetters(word, rule) {
  return /[0-9.]/.test(word) ? word : reduceWord(word, rule);
}

/**
 * @param {string} word
 * @param {Step} step
 */
function strip(word, step) {
  for (const [suffix, replacement] of step.rules) {
    const stem = word.slice(0, word.length - suffix.length);
    if (!word.endsWith(suffix) || stem.length < step.keep) continue;
    if (step.vowel && !/[aeiouy]/.test(stem)) continue;
    const last = stem.slice(-1);
    const doubled = stem.length > 3 && last === stem.slice(-2, -1) && (step.undouble ?? "").includes(last);
    return doubled && !replacement ? stem.slice(0, -1) : stem + replacement;
  }
  return word;
}

/**
 * @param {string} word
 * @param {Rule} rule
 */
function isSuffix(word, rule) {
  return rule.suffixes.some((step) => step.rules.some(([suffix]) => suffix === word));
}

/** @param {Record<string, number[]>} classes */
function runPattern(classes) {
  const escape = (/** @type {number} */ point) => `\\u{${point.toString(16)}}`;
  const inside = (/** @type {string[]} */ ...names) => {
    const points = names.flatMap((name) => {
      let point = 0;
      return (classes[name] ?? []).map((gap) => (point += gap));
    });
    return `[${points.map((point, i) => (i % 2 ? "-" : "") + escape(point)).join("")}]`;
  };
  const word = inside("latin", "digit");
  const groups = [`(${word}+(?:[._'\\-]${word}+)*)`, ...SCRIPTS.map((script) => `(${inside(script)}+)`)];
  return new RegExp(groups.join("|"), "gu");
}

/**
 * Yields the characters that a rule folds and what each becomes.
 * @param {Rule} rule
 * @returns {Generator<[string, string]>}
 */
function* variantsOf({ variants: [gaps, low, high] = ["", "", ""] }) {
  for (let i = 0, point = 0; i < gaps.length; i++) {
    point += gaps.charCodeAt(i) - 32;
    const zigzag = (high.charCodeAt(i) - 48) * 64 + low.charCodeAt(i) - 48;
    yield [String.fromCharCode(point), String.fromCharCode(point + (zigzag % 2 ? -(zigzag + 1) / 2 : zigzag / 2))];
  }
}
