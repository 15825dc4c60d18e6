/**
 * Reads an index; `docs/search-index.md` specifies the files, `index.py` writes them.
 *
 * @typedef {{heading: string, anchor: string, text: string}} Section
 * @typedef {{url: string, title: string, summary: string, breadcrumb: string[], sections: Section[]}} Article
 * @typedef {{language: string, analysis: import("./analyse.js").Analysis, articles: Article[], terms: string[],
 *   postings: number[][], forms: string[], formTerms: number[], rarities: number[]}} Index postings: article, impact …
 */

import { SearchError } from "./errors.js";

export const FORMAT = 1;

/**
 * @param {string} baseUrl the folder of the index, with its slash
 * @returns {Promise<Index>}
 */
export async function readIndex(baseUrl) {
  const manifestUrl = new URL("manifest.json", baseUrl).href;
  const manifest = await fetchJson(manifestUrl, { cache: "no-cache" });
  if (manifest.format !== FORMAT) throw new SearchError("format", manifestUrl);
  const url = new URL(manifest.index, baseUrl).href;
  return decode(await fetchJson(url), url);
}

/**
 * @param {string} url
 * @param {RequestInit} [options]
 */
async function fetchJson(url, options) {
  const response = await fetch(url, options).catch(() => null);
  if (!response?.ok) throw new SearchError("missing", url);
  return response.json().catch(() => {
    throw new SearchError("damaged", url);
  });
}

/**
 * @param {any} data
 * @param {string} url
 * @returns {Index}
 */
export function decode(data, url) {
  const terms = lines(data.terms);
  const forms = lines(data.forms);
  if (terms.length !== data.postings?.length || forms.length !== data.formTerms?.length) throw new SearchError("damaged", url);
  return {
    language: data.language,
    analysis: data.analysis,
    articles: data.articles.map(toArticle),
    terms,
    postings: data.postings.map(ungap),
    forms,
    formTerms: data.formTerms,
    rarities: data.rarities,
  };
}

/**
 * @param {[string, string, string, string[], [string, string, string][], string]} row
 * @returns {Article}
 */
function toArticle([url, title, summary, breadcrumb, sections]) {
  return { url, title, summary, breadcrumb, sections: sections.map(([heading, anchor, text]) => ({ heading, anchor, text })) };
}

/** @param {number[]} flat */
function ungap(flat) {
  let article = 0;
  return flat.map((value, i) => (i % 2 ? value : (article += value)));
}

/** @param {unknown} text */
function lines(text) {
  return typeof text === "string" && text ? text.split("\n") : [];
}
