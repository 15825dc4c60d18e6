/**
 * What the page runs that `bench/search.py browser` drives: engines that are started, and asked as a visitor would.
 *
 * @typedef {(text: string, limit: number) => Promise<unknown>} Ask resolves when a page of results could be shown
 */

/** @type {Record<string, (base: string) => Promise<Ask>>} */
const engines = {
  async answerdesk(base) {
    const worker = new Worker(new URL("search/worker.js", base), { type: "module" });
    const waiting = new Map();
    const { error } = await new Promise((resolve) => {
      worker.addEventListener("message", ({ data }) => (data.type === "ready" ? resolve(data) : waiting.get(data.id)(data)));
      worker.postMessage({ type: "load", baseUrl: new URL("search/", base).href });
    });
    if (error) throw new Error(`${base}search/: ${error}`);
    let id = 0;
    // A query that was overtaken gets no answer: its promise stays open.
    return (text, limit) =>
      new Promise((resolve) => {
        waiting.set(++id, resolve);
        worker.postMessage({ type: "query", id, text, limit });
      });
  },

  async pagefind(base) {
    const pagefind = await import(new URL("pagefind/pagefind.js", base).href);
    await pagefind.init(); // begins to load and does not wait
    await pagefind.filters();
    return async (text, limit) => {
      const { results } = await pagefind.search(text);
      return Promise.all(results.slice(0, limit).map((/** @type {any} */ result) => result.data()));
    };
  },

  async material(base) {
    const worker = new Worker(new URL("assets/javascripts/workers/search.js", base));
    const post = (/** @type {unknown} */ message) =>
      new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage(message);
      });
    const index = await (await fetch(new URL("search/search_index.json", base))).json();
    await post({ type: 0, data: { ...index, options: { suggest: false } } });
    return (text) => post({ type: 2, data: text });
  },
};

/** @type {Ask} */
let ask;

const now = () => performance.timeOrigin + performance.now();
const pause = (/** @type {number} */ time) => new Promise((resolve) => setTimeout(resolve, time));
const starts = (/** @type {string} */ text) => Array.from(text, (_, i) => Array.from(text).slice(0, i + 1).join(""));

globalThis.bench = {
  /**
   * Starts an engine. Times are milliseconds of the system's clock, as requests have them.
   * @param {string} engine
   */
  async start(engine) {
    const began = now();
    ask = await engines[engine](new URL("./", location.href).href);
    return [began, now()];
  },

  /**
   * @param {string} text
   * @param {number} limit
   */
  async ask(text, limit) {
    await ask(text, limit);
    return now();
  },

  /**
   * Asks at each letter, whether the letter before is answered or not, and once more for a whole page of results.
   * @param {string} text
   * @param {{limit: number, page: number, between: number}} options `between`: milliseconds
   */
  async type(text, { limit, page, between }) {
    for (const start of starts(text)) {
      ask(start, limit);
      await pause(between);
    }
    await ask(text, page);
  },

  /**
   * Types each text twice, each letter when the one before is answered, and returns what each letter took the second
   * time. After each, an idle worker is sent a word and sends it back: what that takes is the machine's doing.
   * @param {string[]} texts
   * @param {number} limit
   */
  async press(texts, limit) {
    const script = new Blob(["onmessage = ({ data }) => postMessage(data)"], { type: "text/javascript" });
    const idle = new Worker(URL.createObjectURL(script));
    const echo = (/** @type {string} */ text) =>
      new Promise((resolve) => {
        idle.onmessage = resolve;
        idle.postMessage(text);
      });
    await echo("");
    /** @type {[string, number][]} */
    const keys = [];
    /** @type {number[]} */
    const echoes = [];
    for (const letters of texts.map(starts)) {
      for (const text of letters) await ask(text, limit);
      for (const text of letters) {
        const began = performance.now();
        await ask(text, limit);
        const answered = performance.now();
        await echo(text);
        keys.push([text, answered - began]);
        echoes.push(performance.now() - answered);
      }
    }
    idle.terminate();
    return { keys, echoes };
  },
};
