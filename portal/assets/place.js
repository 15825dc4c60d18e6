/** Addresses of pages, on a server and on disk, where nobody adds index.html to a folder's address. */

/**
 * @param {string} address
 * @param {string | URL} base
 */
export function pageUrl(address, base) {
  const url = new URL(address, base);
  if (url.protocol === "file:" && url.pathname.endsWith("/")) url.pathname += "index.html";
  return url;
}
