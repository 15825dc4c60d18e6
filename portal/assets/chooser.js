/** Marks the visitor's own language on the chooser: the one read last, else the browser's first that the site has. */

let lastRead = "";
try {
  lastRead = localStorage.getItem("language") ?? "";
} catch {
  // Storage is switched off.
}
const languageLinks = [...document.querySelectorAll(".cards a")].map((link) => /** @type {HTMLAnchorElement} */ (link));
const wantedLanguages = [lastRead, ...navigator.languages].filter(Boolean).map(withScript);
const yourLink = wantedLanguages.map((code) => languageLinks.find(({ lang }) => code === lang || code.split("-")[0] === lang)).find(Boolean);
const yourCard = yourLink?.closest("li");
if (yourCard) {
  yourCard.dataset.yours = "";
  yourCard.parentElement?.prepend(yourCard);
}

/**
 * Returns a language code with the script that decides: zh-TW → zh-Hant.
 * @param {string} code
 */
function withScript(code) {
  const { language, script } = new Intl.Locale(code).maximize();
  return language === "zh" ? `${language}-${script}` : code;
}
