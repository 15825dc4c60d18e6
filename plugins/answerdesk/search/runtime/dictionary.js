/**
 * The words of an index: what a begun word may become, and what a misspelt one may have been meant to be.
 * `dictionary.py` is the twin and says why.
 *
 * @typedef {import("./shards.js").Word} Word
 */

import constants from "./constants.json" with { type: "json" };
import { bisect } from "./shards.js";


export class Dictionary {
  /** @param {Word[]} words */
  constructor(words) {
    this.words = words;
    this.forms = words.map(({ form }) => form);
    this.known = new Set(this.forms);
    /** @type {Map<number, number[]>} */
    this.lengths = new Map();
    this.masks = new Uint32Array(words.length);
    this.forms.forEach((form, i) => {
      const text = letters(form);
      const numbers = this.lengths.get(text.length);
      numbers ? numbers.push(i) : this.lengths.set(text.length, [i]);
      this.masks[i] = maskOf(text);
    });
  }

  /** @param {string} form */
  has(form) {
    return this.known.has(form);
  }

  /** @param {string} start */
  begun(start) {
    const words = this.words.slice(bisect(this.forms, start), bisect(this.forms, after(start)));
    return words.sort((a, b) => b.articles - a.articles).slice(0, constants.MAX_COMPLETIONS);
  }

  /** @param {string} form */
  near(form) {
    const text = letters(form);
    const most = edits(form);
    const mask = maskOf(text);
    const numbers = [];
    for (let length = text.length - most; length <= text.length + most; length++)
      for (const i of this.lengths.get(length) ?? []) if (bitsOf(mask ^ this.masks[i]) <= 2 * most) numbers.push(i);
    return nearest(form, numbers.sort((a, b) => a - b).map((number) => this.words[number]));
  }
}

/**
 * @param {string} form
 * @param {Word[]} words
 * @returns {[number, Word][]}
 */
export function nearest(form, words) {
  const wanted = letters(form);
  const most = edits(form);
  /** @type {[number, number, Word][]} */
  const found = [];
  for (const word of words) {
    const other = letters(word.form);
    if (Math.abs(other.length - wanted.length) > most) continue;
    const gap = distance(wanted, other, most);
    if (gap > 0 && gap <= most) found.push([gap, Number(other[0] !== wanted[0]), word]);
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || b[2].articles - a[2].articles || (a[2].form < b[2].form ? -1 : 1));
  return found.filter(([gap]) => gap === found[0][0]).slice(0, constants.MAX_CORRECTIONS).map(([gap, , word]) => [gap, word]);
}

/** @param {string} form */
export function edits(form) {
  if (!isWord(form)) return 0;
  if (isSyllable(form)) return Number(form.length >= constants.MIN_SYLLABLES_FOR_ONE_EDIT);
  return Number(form.length >= constants.MIN_LETTERS_FOR_ONE_EDIT) + Number(form.length >= constants.MIN_LETTERS_FOR_TWO_EDITS);
}

/** @param {string} form */
function isWord(form) {
  return (/** @type {number} */ (form.codePointAt(0)) < constants.FIRST_KANA || isSyllable(form)) && !/[0-9._'-]/.test(form);
}

/** @param {string} form */
function letters(form) {
  if (!isSyllable(form)) return form;
  return Array.from(form, (char) => {
    const at = char.charCodeAt(0) - constants.FIRST_HANGUL_SYLLABLE;
    if (at < 0 || at > constants.LAST_HANGUL_SYLLABLE - constants.FIRST_HANGUL_SYLLABLE) return char;
    const final = at % constants.HANGUL_FINALS ? String.fromCharCode(0x11a7 + (at % constants.HANGUL_FINALS)) : "";
    return String.fromCharCode(0x1100 + Math.floor(at / 588), 0x1161 + Math.floor((at % 588) / constants.HANGUL_FINALS)) + final;
  }).join("");
}

/**
 * Returns which letters a text has, as bits: an edit changes two at most, and that is far quicker to see than a distance.
 * @param {string} text
 */
function maskOf(text) {
  let mask = 0;
  for (let i = 0; i < text.length; i++) mask |= 1 << (text.charCodeAt(i) & 31);
  return mask >>> 0;
}

/** @param {number} mask */
function bitsOf(mask) {
  let count = 0;
  for (; mask; mask &= mask - 1) count++;
  return count;
}

/**
 * @param {string} one
 * @param {string} other
 * @param {number} most
 */
function distance(one, other, most) {
  /** @type {number[]} */
  let last = [];
  /** @type {number[]} */
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    [last, before, row] = [before, row, [i]];
    let least = i;
    for (let j = 1; j <= other.length; j++) {
      let best = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + Number(one[i - 1] !== other[j - 1]));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) best = Math.min(best, last[j - 2] + 1);
      row.push(best);
      if (best < least) least = best;
    }
    if (least > most) return most + 1;
  }
  return Math.min(row[other.length], most + 1);
}

/** @param {string} start */
export function after(start) {
  const chars = Array.from(start);
  const last = /** @type {number} */ (/** @type {string} */ (chars.pop()).codePointAt(0));
  const isOpen =
    isSyllable(String.fromCodePoint(last)) && (last - constants.FIRST_HANGUL_SYLLABLE) % constants.HANGUL_FINALS === 0;
  return chars.join("") + String.fromCodePoint(last + (isOpen ? constants.HANGUL_FINALS : 1));
}

/** @param {string} text */
function isSyllable(text) {
  const code = text.charCodeAt(0);
  return code >= constants.FIRST_HANGUL_SYLLABLE && code <= constants.LAST_HANGUL_SYLLABLE;
}
