/** Talks to the search worker. The worker, the index and all that ranks start on the first call of `warm` or `ask`. */

/** @typedef {import("../../plugins/answerdesk/search/runtime/searcher.js").Results} Results */

const base = new URL(document.body.dataset.base ?? "./", location.href);
/** @type {Promise<Worker> | undefined} */
let worker;
let lastId = 0;

/** Where results' addresses begin. */
export const siteBase = base;

/** Starts the worker and loads the index. @returns {Promise<Worker>} rejects if search cannot work now; the next call tries again */
export function warm() {
  worker ??= start().catch((error) => {
    worker = undefined;
    throw error;
  });
  return worker;
}

/** @returns {Promise<Worker>} */
function start() {
  return new Promise((resolve, reject) => {
    const started = new Worker(new URL("search/worker.js", base), { type: "module" });
    started.addEventListener("error", () => reject(new Error("the search worker does not start")), { once: true });
    started.addEventListener("message", ({ data }) => {
      if (data?.type === "ready") data.error ? reject(new Error(data.error)) : resolve(started);
    });
    started.postMessage({ type: "load", baseUrl: new URL("search/", base).href });
  });
}

/**
 * Asks a query.
 * @param {string} text
 * @param {number} limit
 * @returns {Promise<Results>}
 */
export async function ask(text, limit) {
  const id = ++lastId;
  const started = await warm();
  return new Promise((resolve) => {
    const listen = (/** @type {MessageEvent} */ { data }) => {
      if (data?.type !== "results" || data.id !== id) return;
      started.removeEventListener("message", listen);
      resolve(data);
    };
    started.addEventListener("message", listen);
    started.postMessage({ type: "query", id, text, limit });
  });
}
