/**
 * Reads the parts of an index; `docs/search-index.md` specifies every byte, `shards.py` is the twin that writes.
 *
 * @typedef {{name: string, spelling: string, articles: number, postings: Uint32Array, levels: Uint8Array}} Term
 * @typedef {{form: string, spelling: string, articles: number}} Word
 * @typedef {{heading: string, anchor: string, text: string}} Section
 * @typedef {{url: string, id: string, title: string, summary: string, breadcrumb: string[], sections: Section[]}} Article
 */

import { Reader, decode } from "./pack.js";

/**
 * @param {Uint8Array} data
 * @returns {Map<string, Term>}
 * @throws {RangeError}
 */
export function readShard(data) {
  const reader = new Reader(data);
  const count = reader.varint();
  /** @type {Uint8Array[]} */
  const keys = [];
  for (let i = 0; i < count; i++) keys.push(extend(keys.at(-1) ?? new Uint8Array(), reader.varint(), reader));
  const spellings = keys.map((key) => {
    const shared = reader.varint();
    return shared ? decode(extend(key, shared - 1, reader)) : "";
  });
  const articles = keys.map(() => reader.varint());
  const lengths = keys.map(() => reader.varint());
  const lists = lengths.map((length) => {
    const numbers = new Uint32Array(length);
    for (let i = 0, number = 0; i < length; i++) numbers[i] = number += reader.varint();
    return numbers;
  });
  const terms = new Map();
  keys.forEach((key, i) => {
    const name = decode(key);
    const levels = reader.bytes(lengths[i]);
    terms.set(name, { name, spelling: spellings[i] || name, articles: articles[i], postings: lists[i], levels });
  });
  reader.bytes(reader.varint()); // what later versions add
  if (!reader.isDone) throw new RangeError("there is more than a shard");
  return terms;
}

/**
 * @param {{words: string, frequencies: string}} head
 * @param {(text: string) => string} fold
 * @returns {Word[]}
 */
export function readWords({ words, frequencies }, fold) {
  return unfoldFront(words).map((spelling, i) => ({ form: fold(spelling), spelling, articles: 2 ** (frequencies.charCodeAt(i) - 48) }));
}

/**
 * @param {Uint8Array} data
 * @param {number} first the number of its first article
 * @returns {Article[]}
 */
export function readBlock(data, first) {
  const [number, ...rows] = JSON.parse(decode(data));
  if (number !== first) throw new RangeError("another block");
  return rows.map((/** @type {any} */ [url, id, title, summary, breadcrumb, sections]) => ({
    url, id, title, summary, breadcrumb,
    sections: sections.map((/** @type {string[]} */ [heading, anchor, text]) => ({ heading, anchor, text })),
  })); // prettier-ignore
}

/**
 * Returns the place of the first of the sorted texts that is not before `text`.
 * @param {string[]} texts
 * @param {string} text
 */
export function bisect(texts, text) {
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (texts[middle] < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Returns the number of the shard that would have a term.
 * @param {string} term
 * @param {string[]} starts
 */
export function shardOf(term, starts) {
  const at = bisect(starts, term);
  return starts[at] === term ? at : Math.max(at - 1, 0);
}

/** @param {number[]} numbers gaps */
export function sums(numbers) {
  let total = 0;
  return numbers.map((number) => (total += number));
}

/** @param {string} text */
export function unfoldFront(text) {
  /** @type {string[]} */
  const found = [];
  for (const line of text ? text.split("\n") : []) {
    const shared = line.charCodeAt(0) - 48;
    found.push((shared ? Array.from(found[found.length - 1]).slice(0, shared).join("") : "") + line.slice(1));
  }
  return found;
}

/**
 * @param {Uint8Array} start
 * @param {number} shared
 * @param {Reader} reader
 */
function extend(start, shared, reader) {
  const rest = reader.bytes(reader.varint());
  const bytes = new Uint8Array(shared + rest.length);
  bytes.set(start.subarray(0, shared));
  bytes.set(rest, shared);
  return bytes;
}
