/**
 * The four messages between the page and the search worker. Plain objects, nothing else crosses.
 *
 * @typedef {"missing" | "format" | "damaged"} Reason
 * @typedef {{type: "load", baseUrl: string, bundle?: string}} Load bundle: the index itself, for pages opened from disk
 * @typedef {{type: "ready", error?: Reason}} Ready
 * @typedef {{type: "query", id: number, text: string, limit: number, offset?: number, filters?: Record<string, string>,
 *   facets?: boolean, pause?: number}} Query pause: milliseconds to wait for a newer query before texts are fetched
 * @typedef {{type: "results", id: number, error: Reason} | ({type: "results", id: number} & import("./searcher.js").Results)} Results
 */

export {};
