/**
 * A map that keeps what was used last, so that a long visit does not fill the memory.
 * @template K, V
 */
export class Recent {
  /** @param {number} most */
  constructor(most) {
    this.most = most;
    /** @type {Map<K, V>} */
    this.values = new Map();
  }

  /**
   * @param {K} key
   * @returns {V | undefined}
   */
  get(key) {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    this.values.delete(key);
    this.values.set(key, value);
    return value;
  }

  /**
   * @param {K} key
   * @param {V} value
   */
  set(key, value) {
    this.values.set(key, value);
    if (this.values.size > this.most) this.values.delete(/** @type {K} */ (this.values.keys().next().value));
  }
}
