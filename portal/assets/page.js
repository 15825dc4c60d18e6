/** What every page does: the theme switch, the trail, the ticket links, the search boxes, tabs, the `/` key. */

import { connectSearchBox } from "./search-box.js";
import "./tabs.js";
import { addToTrail, readTrail, withTrail } from "./trail.js";

const readArticle = /** @type {HTMLElement | null} */ (document.querySelector("[data-article]"));
if (readArticle?.dataset.article) addToTrail("articles", readArticle.dataset.article);

for (const form of document.querySelectorAll("form.search-form")) connectSearchBox(/** @type {HTMLFormElement} */ (form));

// On the way to the form, not before: the trail may have grown since the page was shown.
for (const kind of ["click", "auxclick", "contextmenu"])
  document.addEventListener(kind, (event) => {
    const link = /** @type {Element} */ (event.target).closest?.("a[data-ticket-link]");
    if (!(link instanceof HTMLAnchorElement)) return;
    link.dataset.own ??= link.href; // a link that is used again must not keep an older trail before the newest
    link.href = withTrail(link.dataset.own, readTrail());
  });

document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const isTyping = target.isContentEditable || target.matches("input, textarea, select");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const input = /** @type {HTMLInputElement | null} */ (document.querySelector("form.search-form input[name=q]"));
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.select();
});

const themeSwitch = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-theme-switch]"));
if (themeSwitch) {
  themeSwitch.hidden = false;
  themeSwitch.addEventListener("click", () => {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Storage is switched off: the choice holds for this page.
    }
  });
}

const solved = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-solved]"));
if (solved) {
  solved.hidden = false;
  solved.addEventListener("click", () => {
    const thanks = /** @type {HTMLElement} */ (document.querySelector("[data-solved-thanks]"));
    thanks.textContent = thanks.dataset.text ?? "";
    for (const rest of document.querySelectorAll(".solved .actions, [data-solved-lead]")) /** @type {HTMLElement} */ (rest).hidden = true;
    thanks.tabIndex = -1;
    thanks.focus();
  });
}

try {
  localStorage.setItem("language", document.documentElement.lang);
} catch {
  // Storage is switched off: the chooser goes by the browser's languages.
}
