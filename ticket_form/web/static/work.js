// Proof of work: solved once, by another thread, from the moment that the visitor begins to write. Without JavaScript,
// or when it is not done in time, the form is sent without it and somebody looks at the ticket first.

/**
 * Have the form's work done.
 * @param {HTMLInputElement} field takes the solution; its data-bits says how much work
 */
export function prepare(field) {
  const form = field.form;
  const key = form?.elements.namedItem("form_key");
  if (!form || !(key instanceof HTMLInputElement)) return;
  const begun = new AbortController();
  const begin = async () => {
    begun.abort(); // once
    field.value = await solve(key.value.split(".")[0], Number(field.dataset.bits));
  };
  for (const sign of ["focusin", "input"]) form.addEventListener(sign, begin, { signal: begun.signal });
  if (form.contains(document.activeElement)) begin(); // the visitor was faster than this script
}

/**
 * Return a number for which SHA-256 of "key.number" begins with so many zero bits.
 * @param {string} key
 * @param {number} bits
 * @returns {Promise<string>}
 */
export function solve(key, bits) {
  const worker = new Worker(new URL("./work-worker.js", import.meta.url), { type: "module" });
  return new Promise((resolve) => {
    worker.addEventListener("message", ({ data }) => {
      worker.terminate();
      resolve(data);
    });
    worker.postMessage({ key, bits });
  });
}
