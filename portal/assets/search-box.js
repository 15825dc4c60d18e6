/**
 * The search box: an ARIA combobox with a listbox of suggestions.
 *
 * Down and Up move through the options, Home and End to the first and last while one is chosen, Enter follows the chosen one or
 * opens the results page, Escape closes the list, and on a closed list empties the box. Below the articles stand the options that
 * lead on: what was probably meant, a ticket where nothing good was found, all results. The count is spoken politely.
 */

import { say, sayNodes } from "./phrase.js";
import { pageUrl } from "./place.js";
import { element, excerptNodes, breadcrumbText, directed, resultUrl, withClass } from "./result.js";
import { ownSearch, siteBase } from "./search-client.js";
import { keepOrder } from "./steady.js";
import { addToTrail, readTrail, withTrail } from "./trail.js";
import { alsoLines, judge, leadLines, suggestionOf } from "./verdict.js";

const SUGGESTIONS = 7;
const PAUSE = 120; // milliseconds in which the next letter comes, and texts for this one would be fetched in vain

/** @param {HTMLFormElement} form */
export function connectSearchBox(form) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input[name=q]"));
  const articles = withClass("articles", element("div"));
  const onward = withClass("onward", element("div"));
  const list = element("div", articles, onward);
  list.id = `${input.id}-list`;
  list.setAttribute("role", "listbox");
  for (const part of [articles, onward]) part.setAttribute("role", "presentation");
  list.setAttribute("aria-label", form.querySelector("label")?.textContent ?? "");
  const lead = withClass("lead-lines", element("div"));
  const foot = withClass("foot-lines", element("div"));
  const popup = withClass("suggestions", element("div", lead, list, foot));
  popup.hidden = true;
  const status = withClass("visually-hidden", element("div"));
  status.setAttribute("role", "status");
  form.append(popup, status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }))
    input.setAttribute(name, value);

  const options = () => [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[role=option]"))];
  let chosen = -1;
  /** @type {import("./steady.js").Shown | null} */
  let shown = null;

  /** @param {boolean} isOpen */
  function show(isOpen) {
    popup.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen && options().length > 0));
    if (!isOpen) return choose(-1);
    // On a wide screen what leads on from the articles stays in sight, and they scroll behind it.
    popup.style.setProperty("--room", `${Math.floor(innerHeight - popup.getBoundingClientRect().top)}px`);
    list.style.scrollPaddingBlockEnd = `${onward.offsetHeight}px`;
  }

  /** @param {number} next */
  function choose(next) {
    const all = options();
    chosen = next;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === next)));
    if (next < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", all[next].id);
    all[next].scrollIntoView({ block: "nearest" });
  }

  async function update() {
    const text = input.value;
    if (!text.trim()) {
      shown = null;
      return show(false);
    }
    const answer = await ownSearch.ask({ text, limit: SUGGESTIONS, pause: PAUSE }, form).catch(() => undefined);
    if (answer === null || input.value !== text) return; // a later text has overtaken this one
    if (answer) draw(answer, text);
    else drawMissing();
    show(document.activeElement === input);
  }

  /**
   * @param {import("./search-client.js").Answer} answer
   * @param {string} text
   */
  function draw(answer, text) {
    const before = options()[chosen]?.dataset.url;
    const results = keepOrder(shown, { text, results: answer.results });
    shown = { text, results };
    const lines = leadLines(answer, text.trim());
    lead.replaceChildren(...lines);
    articles.replaceChildren(...results.map(articleOption));
    onward.replaceChildren(...leadingOn(answer, text.trim()));
    list.hidden = false;
    options().forEach((option, i) => (option.id = `${list.id}-${i}`));
    foot.replaceChildren(...alsoLines(answer));
    const count = results.length ? [element("p", say("results-count", { count: answer.total }))] : [];
    status.replaceChildren(...count, ...lines.map((line) => element("p", line.textContent ?? "")));
    // What was chosen since the last letter stays chosen, wherever it stands now.
    choose(before ? options().findIndex(({ dataset }) => dataset.url === before) : -1);
  }

  function drawMissing() {
    shown = null;
    chosen = -1;
    lead.replaceChildren(element("p", say("search-missing")));
    articles.replaceChildren();
    onward.replaceChildren();
    list.hidden = true;
    foot.replaceChildren();
    status.replaceChildren(element("p", say("search-missing")));
  }

  /**
   * Returns the options that lead on from an answer.
   * @param {import("./search-client.js").Answer} answer
   * @param {string} text
   */
  function leadingOn(answer, text) {
    const verdict = judge(answer);
    const found = [];
    const suggested = suggestionOf(answer);
    if (suggested) {
      const meant = optionOf(...sayNodes("did-you-mean", { query: element("bdi", suggested) }));
      meant.dataset.text = suggested;
      found.push(meant);
    }
    const ticket = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a[data-ticket-link]"));
    if (ticket && (verdict === "none" || verdict === "nearest")) {
      const made = optionOf(...sayNodes("ticket-about", { query: element("bdi", text) }));
      const url = new URL(ticket.dataset.own ?? ticket.href);
      url.searchParams.set("q", text.slice(0, 200));
      made.dataset.ticket = made.dataset.url = url.href;
      found.push(made);
    }
    const page = resultsPageUrl(text);
    if (page && verdict !== "none") {
      const all = optionOf(say("all-results", { count: answer.total }));
      all.dataset.url = page;
      found.push(all);
    }
    return found;
  }

  /** @param {string} text */
  function resultsPageUrl(text) {
    if (!form.dataset.searchPage) return "";
    const url = pageUrl(form.dataset.searchPage, location.href);
    url.searchParams.set("q", text);
    return url.href;
  }

  /** @param {number} at */
  function follow(at) {
    const { text, url, ticket } = options()[at].dataset;
    if (text) {
      input.value = text;
      update();
      return;
    }
    addToTrail("searches", input.value);
    location.href = ticket ? withTrail(ticket, readTrail()) : (url ?? "");
  }

  input.addEventListener("focus", () => ownSearch.warm().catch(() => undefined), { once: true });
  input.addEventListener("input", () => {
    choose(-1);
    update();
  });
  input.addEventListener("blur", () => show(false));
  popup.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus in the box
  popup.addEventListener("click", (event) => {
    const at = options().findIndex((option) => option.contains(/** @type {Node} */ (event.target)));
    if (at >= 0) follow(at);
  });
  input.addEventListener("keydown", (event) => {
    // A Chinese or Korean syllable is still being written; Safari says so by the old key code alone.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = options().length - 1;
    const isOpen = !popup.hidden && last >= 0;
    const moves = { ArrowDown: chosen < last ? chosen + 1 : 0, ArrowUp: chosen > 0 ? chosen - 1 : last };
    const jumps = chosen >= 0 ? { Home: 0, End: last } : {};
    const next = /** @type {Record<string, number>} */ ({ ...moves, ...jumps })[event.key];
    if (next !== undefined && isOpen) choose(next);
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !isOpen) update();
    else if (event.key === "Enter" && chosen >= 0 && isOpen) follow(chosen);
    else if (event.key === "Escape" && !popup.hidden) show(false);
    else if (event.key === "Escape") input.value = "";
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    const text = input.value.trim();
    const url = resultsPageUrl(text);
    if (ownSearch.isDown || !url) return; // search does not work in this browser now: the server is asked instead
    event.preventDefault();
    if (!text) return;
    addToTrail("searches", text);
    location.href = url;
  });
}

/** @param {import("./search-client.js").Result} result */
function articleOption(result) {
  const where = withClass("where", element("small", breadcrumbText(result)));
  const title = directed(result.title, element("strong", result.title));
  const excerpt = withClass("excerpt", directed(result.summary, element("small", ...excerptNodes(result))));
  const made = optionOf(where, title, excerpt);
  made.dataset.url = resultUrl(result, siteBase);
  return made;
}

/** @param {...(string | Node)} children */
function optionOf(...children) {
  const made = element("div", ...children);
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  return made;
}
