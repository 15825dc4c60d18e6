// What scripts add to the ticket form. Without them it works too: one form, one post, and the browser's own fields.

import { dropDraft, keepDraft } from "./draft.js";
import { connectFiles, filesOf } from "./files.js";
import { connectSending } from "./send.js";
import { narrowServices } from "./services.js";
import { connectSuggestions } from "./suggestions.js";

/**
 * Connects what is on the page.
 * @param {File[]} [files] those that the form had before it was shown again
 */
function start(files = []) {
  // Lead keyboard and screen reader to what went wrong. Without JavaScript the summary is still first on the page.
  document.getElementById("summary")?.focus();
  // Forms that ask for work have it done while the visitor writes.
  const work = document.querySelector("input[data-bits]");
  if (work instanceof HTMLInputElement) import("./work.js").then(({ prepare }) => prepare(work));
  if (document.querySelector("[data-draft-done]")) dropDraft();
  for (const button of document.querySelectorAll("button[data-copies]")) connectCopy(/** @type {HTMLButtonElement} */ (button));
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.ticket-form"));
  if (!form) return;
  connectSending(form, (page) => showAgain(page, filesOf(form)));
  if (!form.querySelector("#description")) return; // the step with suggestions
  keepDraft(form);
  narrowServices(form);
  connectFiles(form, files);
  connectSuggestions(form);
}

/**
 * Shows what the server answered in place of the form, and gives the new form the files that the old one had.
 * @param {Document} page
 * @param {File[]} files
 */
function showAgain(page, files) {
  const [main, next] = [document, page].map((where) => where.querySelector("main"));
  if (!main || !next) return;
  document.title = page.title;
  main.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
  scrollTo(0, 0);
  start(files);
  if (!document.getElementById("summary")) main.focus();
}

/** @param {HTMLButtonElement} button copies the address of a link */
function connectCopy(button) {
  const link = document.getElementById(button.dataset.copies ?? "");
  const status = document.querySelector("[data-copy-status]");
  if (!(link instanceof HTMLAnchorElement) || !status || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link.href);
    status.textContent = button.dataset.copied ?? "";
  });
}

start();
