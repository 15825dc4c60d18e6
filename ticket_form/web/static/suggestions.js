/** Shows help pages that may answer a ticket while it is written. The portal's own search finds them in this browser. */

import { element, say, statusRegion } from "./phrases.js";
import { choose, howMany, queryOf } from "./suggest.js";

const PAUSE = 500; // milliseconds without a letter

/** @param {HTMLFormElement} form */
export function connectSuggestions(form) {
  const panel = /** @type {HTMLElement | null} */ (form.querySelector("[data-suggested]"));
  const list = panel?.querySelector("ul");
  const flag = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=suggested]"));
  const [subject, description] = ["subject", "description"].map(
    (id) => /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ (form.querySelector(`#${id}`)),
  );
  if (!panel || !list || !flag || !subject || !description) return;
  const home = new URL(form.dataset.home ?? "/", location.href);
  const status = statusRegion();
  panel.before(status);
  /** @type {Promise<{ask: (query: object) => Promise<any>}> | undefined} */
  let client;
  let timer = 0;
  let shown = "";

  async function update() {
    const text = queryOf(subject?.value ?? "", description?.value ?? "");
    const seen = [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[name=article]"))].map(({ value }) => value);
    try {
      client ??= open(form.dataset.client ?? "", home);
      const answer = text.trim() ? await (await client).ask({ text, limit: howMany(seen.length) }) : { results: [] };
      if (answer) show(choose(answer.results, seen));
    } catch {
      client = undefined; // search does not work here: the server suggests when the form is sent
    }
  }

  /** @param {import("./suggest.js").Result[]} results */
  function show(results) {
    // Once suggested is enough: the server need not do it again. When it found nothing, neither would the server.
    /** @type {HTMLInputElement} */ (flag).value = "1";
    const urls = results.map(({ url }) => url).join(" ");
    if (urls === shown) return;
    shown = urls;
    list?.replaceChildren(...results.map((result) => itemOf(result)));
    /** @type {HTMLElement} */ (panel).hidden = !results.length;
    status.textContent = results.length ? say(form, "suggestions-found", { count: results.length }) : "";
  }

  /** @param {import("./suggest.js").Result} result */
  function itemOf({ url, title, summary, excerpt }) {
    const link = /** @type {HTMLAnchorElement} */ (element("a", "", title, " ", element("span", "visually-hidden", say(form, "suggestions-new-tab"))));
    link.href = new URL(url, home).href;
    link.target = "_blank";
    link.rel = "noopener";
    return element("li", "", link, element("p", "hint", summary || excerpt.map(([text]) => text).join("")));
  }

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(update, PAUSE);
  };
  for (const field of [subject, description]) field.addEventListener("input", later);
  if (subject.value || description.value) later();
}

/**
 * @param {string} address
 * @param {URL} home
 */
async function open(address, home) {
  const { SearchClient } = await import(new URL(address, location.href).href);
  return new SearchClient(home);
}
