// Solve a proof of work. crypto.subtle is no help: it does not exist without TLS, and is slow for many short texts.

const PRIMES = firstPrimes(64);
const K = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const LONGEST = 55; // bytes that fit one block with their length
const words = new Int32Array(64);
const digest = new Int32Array(8);

/**
 * @param {{ key: string, bits: number }} message
 * @returns {string}
 */
export function handle({ key, bits }) {
  for (let nonce = 0; ; nonce++) {
    if (zeroBits(hash(`${key}.${nonce}`)) >= bits) return String(nonce);
  }
}

/**
 * Return the SHA-256 of a short ASCII text as eight words (FIPS 180-4); the next call overwrites them.
 * @param {string} text
 * @returns {Int32Array}
 */
export function hash(text) {
  if (text.length > LONGEST) throw new RangeError(`${text.length} characters are too long, ${LONGEST} fit.`);
  schedule(text);
  let [a, b, c, d, e, f, g, h] = START;
  for (let at = 0; at < 64; at++) {
    const chosen = (e & f) ^ (~e & g);
    const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + chosen + K[at] + words[at]) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0;
    // One by one: swapped as a list, this takes five times as long.
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  digest.set(START);
  [a, b, c, d, e, f, g, h].forEach((word, at) => (digest[at] += word));
  return digest;
}

/**
 * Write a text, its end and its length into the block, and spread them over the words of all rounds.
 * @param {string} text
 */
function schedule(text) {
  words.fill(0, 0, 16);
  for (let at = 0; at < text.length; at++) words[at >> 2] |= text.charCodeAt(at) << (24 - (at % 4) * 8);
  words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
  words[15] = text.length * 8;
  for (let at = 16; at < 64; at++) {
    const a = words[at - 15];
    const b = words[at - 2];
    const small = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const large = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    words[at] = words[at - 16] + small + words[at - 7] + large;
  }
}

/** @param {Int32Array} found */
function zeroBits(found) {
  const at = found.findIndex((word) => word !== 0);
  return at < 0 ? 256 : at * 32 + Math.clz32(found[at]);
}

/** @param {number} word @param {number} by */
function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits behind the point. @param {number} root */
function fraction(root) {
  return Math.floor((root % 1) * 2 ** 32) | 0;
}

/** @param {number} count */
function firstPrimes(count) {
  /** @type {number[]} */
  const primes = [];
  for (let number = 2; primes.length < count; number++) {
    if (primes.every((prime) => number % prime)) primes.push(number);
  }
  return primes;
}

addEventListener("message", ({ data }) => postMessage(handle(data)));
