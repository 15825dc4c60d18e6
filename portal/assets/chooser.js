/** Marks the visitor's own language on the chooser: the one read last, else the browser's first that the site has. */

let last = "";
try {
  last = localStorage.getItem("language") ?? "";
} catch {
  // Storage is switched off.
}
const links = [...document.querySelectorAll(".cards a")].map((link) => /** @type {HTMLAnchorElement} */ (link));
const wanted = [last, ...navigator.languages].filter(Boolean).map(expand);
const yours = wanted.map((code) => links.find(({ lang }) => code === lang || code.split("-")[0] === lang)).find(Boolean);
const card = yours?.closest("li");
if (card) {
  card.dataset.yours = "";
  card.parentElement?.prepend(card);
}

/**
 * Returns a language code with the script that decides: zh-TW → zh-Hant.
 * @param {string} code
 */
function expand(code) {
  const { language, script } = new Intl.Locale(code).maximize();
  return language === "zh" ? `${language}-${script}` : code;
}
