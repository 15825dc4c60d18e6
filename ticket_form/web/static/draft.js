/**
 * Keeps what is typed in this browser tab, with the form's key: a form that was sent, though its answer got lost, does not
 * become a second ticket when it is filled in again.
 */

import { element, say, statusRegion } from "./phrases.js";

const KEY = "ticket-draft";
const FIELDS = ["category", "service", "subject", "description", "email", "name"];
const TYPED = ["subject", "description", "email", "name"]; // a link may choose the others
const PAUSE = 300; // milliseconds

/** @param {HTMLFormElement} form */
export function keepDraft(form) {
  const draft = readDraft();
  if (draft && TYPED.every((name) => !field(form, name)?.value)) restore(form, draft);
  let timer = 0;
  const save = () => {
    clearTimeout(timer);
    writeDraft(form);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("change", save);
  addEventListener("pagehide", () => form.isConnected && timer && save());
}

/** Forgets the draft: the ticket is sent, or the problem solved. */
export function dropDraft() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Storage is switched off: there is none.
  }
}

/** @returns {Record<string, string> | null} */
function readDraft() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

/** @param {HTMLFormElement} form */
function writeDraft(form) {
  const values = Object.fromEntries([...FIELDS, "form_key"].map((name) => [name, field(form, name)?.value ?? ""]));
  if (TYPED.every((name) => !values[name])) return dropDraft();
  try {
    sessionStorage.setItem(KEY, JSON.stringify(values));
  } catch {
    // Storage is switched off or full: the form works as without it.
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} draft
 */
function restore(form, draft) {
  for (const name of [...FIELDS, "form_key"]) {
    const input = field(form, name);
    if (!input || !draft[name]) continue;
    const before = input.value;
    input.value = draft[name];
    if (!input.value) input.value = before; // a choice that there is no more
  }
  const discard = /** @type {HTMLButtonElement} */ (element("button", "button quiet", say(form, "draft-discard")));
  discard.type = "button";
  const told = element("p", "", say(form, "draft-restored"));
  const region = statusRegion("");
  const notice = element("div", "notice restored", region, discard);
  discard.addEventListener("click", () => {
    dropDraft();
    location.reload();
  });
  form.prepend(notice);
  region.append(told); // after the region is there, so that it is spoken
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function field(form, name) {
  return /** @type {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement | null} */ (form.querySelector(`[name="${name}"]`));
}
