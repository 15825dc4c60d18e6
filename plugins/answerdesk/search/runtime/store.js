/** The files of an index: fetched when they are needed, kept once they came. `store.py` is the twin that writes. */

import constants from "./constants.json" with { type: "json" };
import { SearchError } from "./errors.js";
import { Reader, decode, expand } from "./pack.js";


/** @typedef {Record<string, any>} Head what is known of the whole index */

export class Store {
  /**
   * @param {string} baseUrl
   * @param {Map<string, Uint8Array>} parts of an index that is one file
   */
  constructor(baseUrl, parts) {
    this.baseUrl = baseUrl;
    this.isWhole = parts.size > 0;
    /** @type {Map<string, Promise<Uint8Array>>} */
    this.parts = new Map([...parts].map(([key, data]) => [key, Promise.resolve(data)]));
    /** @type {Head} */
    this.head = {};
  }

  /**
   * Opens the index in a folder: two requests, one after the other.
   * @param {string} baseUrl with its slash
   * @throws {SearchError}
   */
  static async open(baseUrl) {
    const url = new URL("manifest.json", baseUrl).href;
    const response = await load(url, "no-cache");
    const manifest = await response.json().catch(() => null);
    if (!manifest || typeof manifest !== "object") throw new SearchError("damaged", url);
    if (manifest.format !== constants.INDEX_FORMAT) throw new SearchError("format", url);
    if (manifest.bundle) return Store.whole(await file(baseUrl, `${manifest.bundle}.bin`, manifest.bundle), baseUrl);
    const store = new Store(baseUrl, new Map());
    return store.#with(await file(baseUrl, `${manifest.head}.bin`, String(manifest.head)));
  }

  /**
   * Opens an index that is one file.
   * @param {Uint8Array} bytes
   * @param {string} baseUrl
   */
  static whole(bytes, baseUrl) {
    const reader = new Reader(bytes);
    /** @type {[string, number][]} */
    const table = [];
    try {
      for (let length = reader.varint(); length; length = reader.varint()) table.push([decode(reader.bytes(length)), reader.varint()]);
      const parts = new Map(table.map(([key, length]) => [key, reader.bytes(length)]));
      return new Store(baseUrl, parts).#with(parts.get("head") ?? new Uint8Array());
    } catch {
      throw new SearchError("damaged", baseUrl);
    }
  }

  /** @param {Uint8Array} bytes */
  #with(bytes) {
    try {
      this.head = JSON.parse(decode(bytes));
    } catch {
      throw new SearchError("damaged", this.baseUrl);
    }
    return this;
  }

  /**
   * Returns a shard of terms, a block of texts, or the facets.
   * @param {"terms" | "texts" | "facets"} kind
   * @param {number} number
   * @returns {Promise<Uint8Array>}
   */
  part(kind, number) {
    const key = `${kind}/${number}`;
    let part = this.parts.get(key);
    if (!part) {
      part = this.#fetch(kind, number).finally(() => this.parts.delete(key)); // who asked keeps it, or tries again
      this.parts.set(key, part);
    }
    return part;
  }

  /**
   * @param {"terms" | "texts" | "facets"} kind
   * @param {number} number
   */
  async #fetch(kind, number) {
    const name = kind === "facets" ? this.head.facets : this.head[kind]?.[Math.floor(number / constants.FILES_PER_FOLDER)];
    if (this.isWhole || !name) throw this.damaged(`${kind}/${number}`);
    if (kind === "facets") return file(this.baseUrl, `${name}.bin`, name);
    return file(this.baseUrl, `${kind}/${name}/${number % constants.FILES_PER_FOLDER}.bin`, "");
  }

  /** @param {string} part that does not hold what it must */
  damaged(part) {
    return new SearchError("damaged", this.baseUrl + part);
  }
}

/**
 * @param {string} baseUrl
 * @param {string} path
 * @param {string} name
 */
async function file(baseUrl, path, name) {
  const url = new URL(path, baseUrl).href;
  const read = async (/** @type {RequestCache} */ cache) => {
    const response = await load(url, cache);
    const bytes = await response.arrayBuffer().catch(() => new ArrayBuffer(0));
    return expand(new Uint8Array(bytes), name, url);
  };
  // Its name changes with its content, so it may be kept for good; so may, alas, a 404 or a network's sign-in page.
  return read("force-cache").catch(() => read("reload"));
}

/**
 * @param {string} url
 * @param {RequestCache} cache
 */
async function load(url, cache) {
  const response = await fetch(url, { cache }).catch(() => null);
  if (!response?.ok) throw new SearchError("missing", url);
  return response;
}
