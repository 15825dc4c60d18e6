/**
 * Chooses the section of an article that answers a query best, and cuts its words around the matches. `excerpt.py` is the twin.
 *
 * @typedef {[string, boolean]} Piece a text, and whether it is to be marked
 * @typedef {[number, number, string]} Hit start and end in code points, term
 * @typedef {Map<string, number>} Values what each term of the query is worth
 */

import constants from "./constants.json" with { type: "json" };

/** @type {WeakMap<import("./shards.js").Article, import("./analyse.js").Token[][]>} */
const known = new WeakMap();

/**
 * @param {import("./shards.js").Article} article
 * @param {import("./analyse.js").Analyser} analyser
 * @param {Values} values
 * @returns {{pieces: Piece[], anchor: string}}
 */
export function cutExcerpt(article, analyser, values) {
  const rows = tokensOf(article, analyser);
  const worth = (/** @type {string[]} */ terms) => worthOf(terms, values);
  const all = sum([...values.values()]);
  let best = { value: 0, text: article.summary, hits: findHits(rows[0], values), anchor: "" };
  article.sections.forEach(({ heading, anchor, text }, i) => {
    const hits = findHits(rows[2 * i + 2], values);
    const inHeading = findHits(rows[2 * i + 1], values).map(([, , term]) => term);
    const value = worth([...inHeading, ...hits.map(([, , term]) => term)]);
    if (value > best.value) best = { value, text: text || heading, hits, anchor: 2 * worth(inHeading) >= all ? anchor : "" };
  });
  return { pieces: cut(Array.from(best.text), best.hits, values), anchor: best.anchor };
}

/**
 * Returns the tokens of the summary, then of each section's heading and text; once an article, as results stay while one types.
 * @param {import("./shards.js").Article} article
 * @param {import("./analyse.js").Analyser} analyser
 */
function tokensOf(article, analyser) {
  let rows = known.get(article);
  if (!rows) {
    const texts = [article.summary, ...article.sections.flatMap(({ heading, text }) => [heading, text])];
    known.set(article, (rows = texts.map((text) => analyser.tokens(text))));
  }
  return rows;
}

/**
 * @param {import("./analyse.js").Token[]} tokens
 * @param {Values} values
 * @returns {Hit[]}
 */
function findHits(tokens, values) {
  /** @type {Hit[]} */
  const hits = [];
  for (const { start, end, terms } of tokens) if (values.has(terms[0][0])) hits.push([start, end, terms[0][0]]);
  return hits;
}

/**
 * @param {string[]} chars
 * @param {Hit[]} hits
 * @returns {Piece[]}
 */
export function mark(chars, hits) {
  /** @type {Piece[]} */
  const pieces = [];
  let at = 0;
  const text = (/** @type {number} */ from, /** @type {number} */ to) => chars.slice(from, to).join("");
  for (const [start, end] of hits) {
    if (start > at) pieces.push([text(at, start), false]);
    if (end <= at) continue;
    const first = Math.max(start, at);
    const last = pieces.at(-1);
    if (last?.[1] && first === at) last[0] += text(first, end);
    else pieces.push([text(first, end), true]);
    at = end;
  }
  if (at < chars.length) pieces.push([text(at, chars.length), false]);
  return pieces;
}

/**
 * @param {string[]} chars
 * @param {Hit[]} hits
 * @param {Values} values
 * @returns {Piece[]}
 */
function cut(chars, hits, values) {
  const start = back(chars, densest(chars, hits, values));
  const end = forward(chars, start);
  /** @type {Hit[]} */
  const inside = hits
    .filter(([s, e]) => s < end && e > start)
    .map(([s, e, term]) => [Math.max(s, start) - start, Math.min(e, end) - start, term]);
  const pieces = mark(chars.slice(start, end), inside);
  if (start > 0) pieces.unshift([constants.ELLIPSIS, false]);
  if (end < chars.length) pieces.push([constants.ELLIPSIS, false]);
  return pieces;
}

/**
 * @param {string[]} chars
 * @param {Hit[]} hits
 * @param {Values} values
 */
function densest(chars, hits, values) {
  const all = worthOf(hits.map(([, , term]) => term), values);
  let bestValue = 0;
  let bestStart = 0;
  for (let i = 0; i < Math.min(hits.length, constants.MAX_EXCERPT_MATCHES) && bestValue < all; i++) {
    const [start] = hits[i];
    const end = forward(chars, start);
    let after = i;
    while (after < hits.length && hits[after][0] < end) after++;
    const value = worthOf(hits.slice(i, after).map(([, , term]) => term), values);
    if (value > bestValue) [bestValue, bestStart] = [value, start];
  }
  return bestStart;
}

/**
 * @param {string[]} chars
 * @param {number} at
 */
function back(chars, at) {
  let first = at;
  for (let columns = 0; first > 0 && columns < constants.EXCERPT_LEAD_COLUMNS && chars[first - 1] !== "\n"; )
    columns += columnsOf(chars[--first]);
  if (first === 0 || chars[first - 1] === "\n") return first;
  const space = chars.indexOf(" ", first);
  return space >= 0 && space < at ? space + 1 : first;
}

/**
 * @param {string[]} chars
 * @param {number} start
 */
function forward(chars, start) {
  let end = start;
  for (let columns = 0; end < chars.length && columns < constants.EXCERPT_COLUMNS; ) columns += columnsOf(chars[end++]);
  const space = chars.lastIndexOf(" ", end - 1);
  return end < chars.length && space > start + Math.floor((end - start) / 2) ? space : end;
}

/** @param {string} char */
function columnsOf(char) {
  const code = char.charCodeAt(0);
  return char.length === 1 && code >= 0x1100 && code <= 0xffdc ? 2 : 1;
}

/**
 * @param {string[]} terms each counts once
 * @param {Values} values
 */
function worthOf(terms, values) {
  return sum([...new Set(terms)].map((term) => values.get(term) ?? 0));
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
