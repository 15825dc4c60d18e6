/** The search index cannot be used; `reason` is one of `missing`, `format`, `damaged`. */
export class SearchError extends Error {
  /**
   * @param {"missing" | "format" | "damaged"} reason
   * @param {string} url
   */
  constructor(reason, url) {
    super(`${url}: the search index is ${reason === "format" ? "of another format" : reason}`);
    this.name = "SearchError";
    this.reason = reason;
  }
}
