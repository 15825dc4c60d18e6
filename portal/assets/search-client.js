/**
 * Talks to search workers; nothing else knows how one is reached. A worker, its index and all that ranks start on the first
 * call of `warm` or `ask`.
 *
 * @typedef {"exact" | "prefix" | "synonym" | "corrected" | "partial"} Tier best first
 * @typedef {{url: string, title: string, summary: string, excerpt: [string, boolean][], breadcrumb: string[], score: number,
 *   tier: Tier}} Result url: below the language's folder
 * @typedef {{category: [string, number][], appliesTo: [string, number][]}} Facets values as the visitor sees them, with counts
 * @typedef {{results: Result[], total: number, corrected?: string | null, suggested?: string | null, also?: string[],
 *   facets?: Facets | null}} Answer
 * @typedef {{text: string, limit: number, offset?: number, filters?: {category?: string, appliesTo?: string},
 *   facets?: boolean, pause?: number}} Query
 * @typedef {{asker: object, query: Query, resolve: (answer: Answer | null) => void, reject: (error: Error) => void}} Asked
 */

/** Where the addresses of this language begin. */
export const siteBase = new URL(document.body.dataset.base ?? "./", location.href);

/** On a page opened from disk, what `search/index.js` and `search/offline.js` have put there: such a page may fetch nothing. */
const disk = /** @type {{answerdeskIndex?: string, answerdeskWorker?: string}} */ (globalThis);

/** Asks the index of one language. */
export class SearchClient {
  /** Whether the last query could not be answered: the server may be asked instead. */
  isDown = false;

  /** @type {Promise<Worker> | undefined} */
  #starting;
  /** @type {Asked | undefined} */
  #current;
  /** @type {Map<object, Asked>} */
  #waiting = new Map();
  #lastId = 0;

  /** @param {URL} base the language's folder, with its slash */
  constructor(base) {
    this.base = base;
  }

  /**
   * Starts the worker and loads the index.
   * @returns {Promise<Worker>} rejects if search cannot work now; the next call tries again
   */
  warm() {
    if (this.#starting) return this.#starting;
    const starting = this.#start().catch((error) => {
      if (this.#starting === starting) this.#starting = undefined;
      throw error;
    });
    return (this.#starting = starting);
  }

  /**
   * Asks a query. An asker's newer query overtakes its older one; two askers wait for each other.
   * @param {Query} query
   * @param {object} [asker]
   * @returns {Promise<Answer | null>} null: overtaken
   */
  async ask(query, asker = this) {
    try {
      const worker = await this.warm();
      const answer = await new Promise((resolve, reject) => this.#queue(worker, { asker, query, resolve, reject }));
      this.isDown = false;
      return answer;
    } catch (error) {
      this.isDown = true;
      throw error;
    }
  }

  /** Ends the worker and gives its memory back. A query still open is never answered. */
  close() {
    this.#starting?.then((worker) => worker.terminate()).catch(() => undefined);
    this.#starting = this.#current = undefined;
  }

  /** @returns {Promise<Worker>} */
  #start() {
    return new Promise((resolve, reject) => {
      const worker = startWorker(this.base);
      const fail = (/** @type {string} */ reason) => {
        worker.terminate();
        reject(new Error(`${this.base.href}search/: ${reason}`));
        this.#abandon();
      };
      worker.addEventListener("error", () => fail("the search worker does not run"));
      worker.addEventListener("message", ({ data }) => {
        if (data?.type === "results") this.#settle(worker, data);
        else if (data?.type === "ready") data.error ? fail(data.error) : resolve(worker);
      });
      worker.postMessage({ type: "load", baseUrl: new URL("search/", this.base).href, bundle: disk.answerdeskIndex });
    });
  }

  /**
   * @param {Worker} worker
   * @param {Asked} asked
   */
  #queue(worker, asked) {
    if (this.#current && this.#current.asker !== asked.asker) {
      this.#waiting.get(asked.asker)?.resolve(null);
      this.#waiting.set(asked.asker, asked);
      return;
    }
    this.#current?.resolve(null);
    this.#post(worker, asked);
  }

  /**
   * @param {Worker} worker
   * @param {Asked} asked
   */
  #post(worker, asked) {
    this.#current = asked;
    worker.postMessage({ type: "query", id: ++this.#lastId, ...asked.query });
  }

  /**
   * @param {Worker} worker
   * @param {Answer & {id: number, error?: string}} answer
   */
  #settle(worker, answer) {
    if (answer.id !== this.#lastId || !this.#current) return; // overtaken
    const { resolve, reject } = this.#current;
    this.#current = undefined;
    answer.error ? reject(new Error(`${this.base.href}search/: ${answer.error}`)) : resolve(answer);
    const [next] = this.#waiting.values();
    if (!next) return;
    this.#waiting.delete(next.asker);
    this.#post(worker, next);
  }

  /** Gives up what a dead worker will not answer. */
  #abandon() {
    const lost = [...(this.#current ? [this.#current] : []), ...this.#waiting.values()];
    this.#starting = this.#current = undefined;
    this.#waiting.clear();
    for (const { reject } of lost) reject(new Error(`${this.base.href}search/: the search worker stopped`));
  }
}

/** @param {URL} base */
function startWorker(base) {
  if (!disk.answerdeskWorker) return new Worker(new URL("search/worker.js", base), { type: "module" });
  return new Worker(URL.createObjectURL(new Blob([disk.answerdeskWorker], { type: "text/javascript" })));
}

/** This language's search, which box and results page share. */
export const ownSearch = new SearchClient(siteBase);
