/** Reads a query as if the keyboard had been set to another language. `keyboard.py` is the twin. */

const LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
const FINALS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
const PAIRS = new Map(
  "ㅗㅏㅘ ㅗㅐㅙ ㅗㅣㅚ ㅜㅓㅝ ㅜㅔㅞ ㅜㅣㅟ ㅡㅣㅢ ㄱㅅㄳ ㄴㅈㄵ ㄴㅎㄶ ㄹㄱㄺ ㄹㅁㄻ ㄹㅂㄼ ㄹㅅㄽ ㄹㅌㄾ ㄹㅍㄿ ㄹㅎㅀ ㅂㅅㅄ".split(" ").map((row) => [row.slice(0, 2), row[2]]),
);
const KEYS = new Map([...PAIRS].map(([keys, pair]) => [pair, keys]));

/**
 * @param {string} text
 * @param {Record<string, {keyboard?: [string, string]}>} rules
 */
export function retyped(text, rules) {
  const found = [];
  for (const { keyboard } of Object.values(rules)) {
    if (!keyboard) continue;
    const [latin, own] = keyboard;
    found.push(compose(mapped(text, latin, own)), mapped(decompose(text), own, latin));
  }
  return found.filter((other) => other !== text);
}

/** @param {string} typed */
function compose(typed) {
  const text = Array.from(typed);
  let found = "";
  for (let at = 0; at < text.length; ) {
    const [vowel, after] = longestKey(text, at + 1, VOWELS);
    if (!LEADS.includes(text[at]) || !vowel) {
      found += text[at++];
      continue;
    }
    let [final, end] = longestKey(text, after, FINALS);
    if (final && end < text.length && VOWELS.includes(text[end])) [final, end] = end - after > 1 ? [text[after], after + 1] : ["", after];
    const last = final ? FINALS.indexOf(final) + 1 : 0;
    found += String.fromCharCode(0xac00 + (LEADS.indexOf(text[at]) * 21 + VOWELS.indexOf(vowel)) * 28 + last);
    at = end;
  }
  return found;
}

/** @param {string} text */
function decompose(text) {
  return Array.from(text, (char) => {
    const at = char.charCodeAt(0) - 0xac00;
    if (at < 0 || at > 11171) return KEYS.get(char) ?? char;
    const letters = [LEADS[Math.floor(at / 588)], VOWELS[Math.floor((at % 588) / 28)], at % 28 ? FINALS[(at % 28) - 1] : ""];
    return letters.map((letter) => KEYS.get(letter) ?? letter).join("");
  }).join("");
}

/**
 * @param {string[]} text
 * @param {number} at
 * @param {string} kind
 * @returns {[string, number]}
 */
function longestKey(text, at, kind) {
  const pair = PAIRS.get(text.slice(at, at + 2).join(""));
  if (pair && kind.includes(pair)) return [pair, at + 2];
  return at < text.length && kind.includes(text[at]) ? [text[at], at + 1] : ["", at];
}

/**
 * @param {string} text
 * @param {string} keys
 * @param {string} others
 */
function mapped(text, keys, others) {
  const table = new Map(Array.from(keys, (key, i) => [key, others[i]]));
  return Array.from(text, (char) => {
    const other = table.get(char) ?? (/[A-Z]/.test(char) ? table.get(char.toLowerCase()) : undefined);
    return other === undefined || other === " " ? char : other;
  }).join("");
}
