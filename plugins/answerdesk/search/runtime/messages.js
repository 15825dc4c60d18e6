/**
 * The four messages between the page and the search worker. Plain objects, nothing else crosses.
 *
 * @typedef {{type: "load", baseUrl: string}} Load
 * @typedef {{type: "ready"} | {type: "ready", error: "missing" | "format" | "damaged"}} Ready
 * @typedef {{type: "query", id: number, text: string, limit: number}} Query
 * @typedef {{type: "results", id: number} & import("./searcher.js").Results} Results
 */

export {};
