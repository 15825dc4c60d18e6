/** How good an answer is, and the lines that say so. Box and results page say the same. */

import { say, sayNodes } from "./phrase.js";
import { element, withClass } from "./result.js";

/** @typedef {import("./search-client.js").Answer} Answer */

/**
 * @param {Answer} answer
 * @returns {"found" | "corrected" | "nearest" | "none"} nearest: no article has all the words
 */
export function judge({ results, corrected }) {
  if (!results.length) return "none";
  if (corrected) return "corrected";
  return results.every(({ tier }) => tier === "partial") ? "nearest" : "found";
}

/**
 * Returns the lines that stand above the results.
 * @param {Answer} answer
 * @param {string} typed
 * @returns {HTMLElement[]}
 */
export function leadLines(answer, typed) {
  switch (judge(answer)) {
    case "none":
      return [line("no-results", typed)];
    case "nearest":
      return [withClass("said", line("nearest", typed))];
    case "corrected":
      return [withClass("said", line("corrected", answer.corrected ?? "")), withClass("hint", line("you-typed", typed))];
    default:
      return [];
  }
}

/**
 * Returns the text that was probably meant. A corrected answer is one guess already: beside it stands nothing but what was typed.
 * @param {Answer} answer
 */
export function suggestionOf({ corrected, suggested }) {
  return corrected ? null : (suggested ?? null);
}

/**
 * Returns the line that names the words found besides the typed ones.
 * @param {Answer} answer
 * @returns {HTMLElement[]}
 */
export function alsoLines({ results, also = [] }) {
  if (!also.length || !results.length) return [];
  const words = element("span");
  also.forEach((word, i) => words.append(...(i ? [say("comma")] : []), element("bdi", word)));
  return [withClass("hint also", element("p", ...sayNodes("also-matched", { words })))];
}

/**
 * @param {string} name
 * @param {string} text what the visitor typed, or what stands for it
 */
function line(name, text) {
  return element("p", ...sayNodes(name, { query: element("bdi", text) }));
}
