/** Keeps the index and the ranking off the page's thread. A query that was overtaken is given up and gets no answer. */

import { SearchError } from "./errors.js";
import { open, openBundle } from "./searcher.js";

/** @type {Promise<import("./searcher.js").Searcher> | undefined} */
let opening;
let asking = new AbortController();

/** @param {unknown} error */
function reason(error) {
  return error instanceof SearchError ? error.reason : "damaged";
}

/**
 * @param {import("./messages.js").Load} message
 * @returns {Promise<import("./messages.js").Ready>}
 */
async function load({ baseUrl, bundle }) {
  opening = bundle ? openBundle(bundle, baseUrl) : open(baseUrl);
  return opening.then(
    () => ({ type: "ready" }),
    (error) => ({ type: "ready", error: reason(error) }),
  );
}

/**
 * @param {import("./messages.js").Query} message
 * @returns {Promise<import("./messages.js").Results | undefined>}
 */
async function answer({ id, text, limit, offset, filters, facets, pause }) {
  asking.abort();
  const { signal } = (asking = new AbortController());
  const searcher = await opening?.catch(() => undefined);
  if (!searcher || signal.aborted) return undefined; // the page was told by `ready` that there is none
  try {
    return { type: "results", id, ...(await searcher.search(text, { limit, offset, filters, facets, pause, signal })) };
  } catch (error) {
    return signal.aborted ? undefined : { type: "results", id, error: reason(error) };
  }
}

addEventListener("message", async ({ data }) => {
  const reply = await (data.type === "load" ? load(data) : answer(data));
  if (reply) postMessage(reply);
});
