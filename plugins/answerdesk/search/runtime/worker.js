/** Keeps the index and the ranking off the page's thread. */

import { SearchError } from "./errors.js";
import { open } from "./searcher.js";

/** @type {Promise<import("./searcher.js").Searcher> | undefined} */
let opening;

/**
 * @param {import("./messages.js").Load | import("./messages.js").Query} message
 * @returns {Promise<import("./messages.js").Ready | import("./messages.js").Results | undefined>}
 */
async function handle(message) {
  if (message.type === "load") {
    opening = open(message.baseUrl);
    return opening.then(
      () => ({ type: "ready" }),
      (error) => ({ type: "ready", error: error instanceof SearchError ? error.reason : "damaged" }),
    );
  }
  const searcher = await opening?.catch(() => undefined);
  if (!searcher) return undefined; // the page was told by `ready` that there is none
  return { type: "results", id: message.id, ...(await searcher.search(message.text, { limit: message.limit })) };
}

addEventListener("message", async ({ data }) => postMessage(await handle(data)));
