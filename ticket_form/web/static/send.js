/**
 * Sends the form without leaving the page before the answer is there: with a progress bar, and when the connection fails,
 * everything, the files too, is still in the form.
 */

import { element, say, statusRegion } from "./phrases.js";

/**
 * @param {HTMLFormElement} form
 * @param {(page: Document) => void} showAgain what to do when the server answers with the form, or with suggestions
 */
export function connectSending(form, showAgain) {
  const bar = /** @type {HTMLProgressElement} */ (element("progress", ""));
  bar.max = 1;
  const status = statusRegion("");
  const progress = element("div", "sending", bar, status);
  progress.hidden = true;
  bar.setAttribute("aria-hidden", "true"); // the status says it
  form.append(progress);
  let isSending = false;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isSending) return;
    setSending(true);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => show(total ? loaded / total : 0));
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", () => tellUnsent(say(form, "unsent-title"), say(form, "unsent")));
    request.open("POST", form.getAttribute("action") ?? "");
    request.send(withButton(new FormData(form), event.submitter));
  });
  // A page that comes back from the browser's memory is no longer sending.
  addEventListener("pageshow", ({ persisted }) => persisted && setSending(false));

  /** @param {XMLHttpRequest} request */
  function answered(request) {
    const wanted = new URL(form.getAttribute("action") ?? "", location.href);
    const came = new URL(request.responseURL || wanted.href);
    // The answer of a ticket that was stored leads to its receipt.
    if (came.pathname !== wanted.pathname && request.status < 400) return location.assign(came.href);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    setSending(false);
    if (page.querySelector("form.ticket-form")) return showAgain(page);
    const title = page.querySelector("main h1")?.textContent || say(form, "unsent-title");
    tellUnsent(title, page.querySelector("main .lead")?.textContent || say(form, "unsent"));
  }

  /**
   * @param {string} title
   * @param {string} text
   */
  function tellUnsent(title, text) {
    setSending(false);
    document.getElementById("summary")?.remove();
    const summary = element("div", "summary", element("h2", "", title), element("p", "", text));
    summary.id = "summary";
    summary.tabIndex = -1;
    summary.setAttribute("role", "alert");
    form.before(summary);
    summary.focus();
  }

  /** @param {boolean} is */
  function setSending(is) {
    isSending = is;
    progress.hidden = !is;
    for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", String(is));
    if (is) show(0);
    else status.textContent = "";
  }

  /** @param {number} part */
  function show(part) {
    bar.value = part;
    const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
    // In tenths: a screen reader is not to read every step.
    status.textContent = say(form, "sending", { percent: percent.format(Math.floor(part * 10) / 10) });
  }
}

/**
 * @param {FormData} entries
 * @param {HTMLElement | null} button
 */
function withButton(entries, button) {
  if (button instanceof HTMLButtonElement && button.name) entries.append(button.name, button.value);
  return entries;
}
