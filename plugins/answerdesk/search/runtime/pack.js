/** Bytes of an index: variable-length integers, compression, names that change with content. `pack.py` is the twin that writes. */

import constants from "./constants.json" with { type: "json" };
import { SearchError } from "./errors.js";

const utf8 = new TextDecoder();

/** Takes values from the front of some bytes; RangeError when they end too early. */
export class Reader {
  /** @param {Uint8Array} data */
  constructor(data) {
    this.data = data;
    this.at = 0;
  }

  varint() {
    for (let number = 0, shift = 1; ; shift *= 128) {
      if (this.at >= this.data.length) throw new RangeError("a number is cut off");
      const byte = this.data[this.at++];
      number += (byte & 127) * shift;
      if (byte < 128) return number;
    }
  }

  /** @param {number} length */
  bytes(length) {
    if (this.at + length > this.data.length) throw new RangeError("a field is cut off");
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }

  get isDone() {
    return this.at === this.data.length;
  }
}

/** @param {Uint8Array} bytes */
export function decode(bytes) {
  return utf8.decode(bytes);
}

/**
 * Returns the content of a gzip file.
 * @param {Uint8Array} data
 * @param {string} name begins with the CRC-32 of the content, if the file has a name of its own
 * @param {string} url for the message
 */
export async function expand(data, name, url) {
  const end = data.slice(-constants.GZIP_TRAILER_BYTES, -constants.GZIP_TRAILER_BYTES / 2).reverse();
  const checksum = Array.from(end, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (name && !name.startsWith(checksum)) throw new SearchError("damaged", url);
  try {
    const { body } = new Response(/** @type {any} */ (data)); // a Blob would ask the browser's main process
    const stream = /** @type {ReadableStream} */ (body).pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new SearchError("damaged", url);
  }
}
