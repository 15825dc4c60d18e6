// A page opened from disk may load no modules: one plain script has them all, beside the index and the worker.
if (location.protocol === "file:") {
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  addEventListener("DOMContentLoaded", () => {
    const base = new URL(document.body.dataset.base ?? "./", location.href);
    for (const url of [new URL("search/index.js", base), new URL("search/offline.js", base), new URL("offline.js", here)]) {
      const script = document.createElement("script");
      script.async = false; // in this order
      script.src = url.href;
      document.head.append(script);
    }
  });
}

// Runs before the first paint, so that a page never flashes in the wrong theme.
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's choice holds.
}
