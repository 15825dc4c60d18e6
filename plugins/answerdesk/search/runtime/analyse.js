/**
 * Turns text into tokens by the tables of an index. `analyse.py` is the twin and says what the steps are.
 *
 * No `\w`, no `\p{…}`, no locale: a browser's own ideas of letters and case must not decide what is found.
 *
 * @typedef {[string, number]} Term a term and its weight
 * @typedef {{form: string, start: number, end: number, terms: Term[]}} Token places count code points
 * @typedef {{keep: number, rules: [string, string][], vowel?: boolean, undouble?: string}} Step
 * @typedef {{name: string, script: string, apostrophe: string, light: string[], forms: Record<string, string>,
 *   prefixes: Step[], suffixes: Step[], words: boolean, weights: Record<string, number>, grams?: number, cut?: number,
 *   fold?: [string, string]}} Rule
 * @typedef {{characters: {fold: [number, string][], classes: Record<string, number[]>}, rules: Record<string, Rule>}} Analysis
 */

const SCRIPTS = ["han", "hangul", "arabic", "kana", "other"]; // after the group of Latin letters and digits
const HEXADECIMAL = /^0x([0-9a-f]{2,})$/;
const VERSION = /^v([0-9][0-9.]*)$/;
const NUMBERED = /^([a-z]+)([0-9]{4,})$/;
const JAMO = /[\u1100-\u1112][\u1161-\u1175]/g;

export class Analyser {
  /** @param {Analysis} analysis */
  constructor(analysis) {
    this.rules = new Map(Object.entries(analysis.rules));
    /** @type {Map<string, string>} */
    this.folds = new Map();
    for (const [start, row] of analysis.characters.fold)
      row.split(" ").forEach((text, i) => this.folds.set(String.fromCodePoint(start + i), text));
    for (const { fold } of this.rules.values()) {
      const to = fold ? Array.from(fold[1]) : [];
      if (fold) Array.from(fold[0]).forEach((char, i) => this.folds.set(char, to[i]));
    }
    this.light = new Map([...this.rules].map(([script, rule]) => [script, new Set(rule.light)]));
    this.runs = runPattern(analysis.characters.classes);
    /** @type {Map<string, Term[]>} */
    this.known = new Map();
  }

  /**
   * @param {string} text
   * @returns {Token[]}
   */
  tokens(text) {
    const pieces = this.#folded(text);
    const origin = pieces.flatMap((piece, i) => Array(piece.length).fill(i)); // per UTF-16 unit of the folded text
    const tokens = [];
    for (const [form, start, terms] of this.#split(pieces.join("")))
      tokens.push({ form, start: origin[start], end: origin[start + form.length - 1] + 1, terms });
    return tokens;
  }

  /** @param {string} text */
  #folded(text) {
    const chars = Array.from(text);
    const pieces = chars.map((char) => this.folds.get(char) ?? char);
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
   * @returns {Generator<[string, number, Term[]]>}
   */
  *#split(folded) {
    let before = -1;
    for (const match of folded.matchAll(this.runs)) {
      const group = match.findIndex((text, i) => i > 0 && text !== undefined);
      const script = group === 1 ? "latin" : SCRIPTS[group - 2];
      const rule = this.rules.get(script);
      const word = match[0];
      if (rule && !rule.words) yield* this.#pairs(word, match.index, rule);
      else if (!(rule && match.index === before && isSuffix(word, rule)))
        yield [word, match.index, this.#terms(word, script, rule)];
      before = match.index + word.length;
    }
  }

  /**
   * @param {string} word
   * @param {number} start
   * @param {Rule} rule
   * @returns {Generator<[string, number, Term[]]>}
   */
  *#pairs(word, start, rule) {
    const chars = Array.from(word);
    for (let i = 0, at = start; i < Math.max(1, chars.length - 1); at += chars[i++].length) {
      const pair = chars.slice(i, i + /** @type {number} */ (rule.grams)).join("");
      yield [pair, at, [[pair, this.#weight(rule, pair, "gram")]]];
    }
  }

  /**
   * @param {string} word
   * @param {string} script
   * @param {Rule | undefined} rule
   */
  #terms(word, script, rule) {
    const key = script + word;
    let terms = this.known.get(key);
    if (!terms) {
      /** @type {Term[]} */
      const found = rule ? this.#reduce(word, rule, script === "latin") : [[word, 16]];
      terms = found.filter(([term], i) => found.findIndex(([other]) => other === term) === i);
      this.known.set(key, terms);
    }
    return terms;
  }

  /**
   * @param {string} word
   * @param {Rule} rule
   * @param {boolean} isLatin
   * @returns {Term[]}
   */
  #reduce(word, rule, isLatin) {
    const { weights } = rule;
    if (!isLatin) {
      const term = reduceWord(word, rule);
      const chars = Array.from(term);
      const { grams: size } = rule;
      const grams = size ? chars.slice(1).map((_, i) => "#" + chars.slice(i, i + size).join("")) : [];
      return [[term, this.#weight(rule, word, "word")], ...grams.map((gram) => /** @type {Term} */ ([gram, weights.gram]))];
    }
    if (word.includes("'")) word = rule.apostrophe === "join" ? word.replaceAll("'", "") : word.replace(/'[^._-]*/g, "");
    const whole = normaliseCode(word.replace(/[_-]/g, ""));
    /** @type {Term[]} */
    const terms = [[reduceLetters(whole, rule), this.#weight(rule, whole, "word")]];
    const parts = NUMBERED.exec(whole)?.slice(1) ?? word.split(/[._-]/);
    if (parts.length > 1 && !VERSION.test("v" + whole))
      for (const part of parts) terms.push([reduceLetters(part, rule), weights.part]);
    else if (rule.cut && whole.length > rule.cut && /^[^0-9.]+$/.test(whole))
      terms.push(["=" + whole.slice(0, rule.cut), weights.cut]);
    return terms;
  }

  /**
   * @param {Rule} rule
   * @param {string} word
   * @param {string} kind
   */
  #weight(rule, word, kind) {
    return rule.weights[this.light.get(rule.script)?.has(word) ? "light" : kind];
  }
}

/** @param {string} word */
export function normaliseCode(word) {
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
    const points = names.flatMap((name) => classes[name] ?? []);
    return `[${points.map((point, i) => (i % 2 ? "-" : "") + escape(point)).join("")}]`;
  };
  const word = inside("latin", "digit");
  const groups = [`(${word}+(?:[._'\\-]${word}+)*)`, ...SCRIPTS.map((script) => `(${inside(script)}+)`)];
  return new RegExp(groups.join("|"), "gu");
}
