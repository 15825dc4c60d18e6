/**
 * The search box: an ARIA combobox with a listbox of suggestions.
 *
 * Down and Up move through the suggestions, Home and End to the first and last while one is chosen, Enter opens the chosen one
 * or the results page, Escape closes the list, and on a closed list empties the box. The count is spoken politely.
 */

import { addToTrail } from "./trail.js";
import { ask, warm } from "./search-client.js";
import { element, excerptNodes, fill, resultUrl } from "./result.js";

const LIMIT = 7;
const words = document.body.dataset;

/** @param {HTMLFormElement} form */
export function connectSearchBox(form) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input[name=q]"));
  const list = element("ul");
  list.id = `${input.id}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("label")?.textContent ?? "");
  const empty = element("p");
  empty.className = "empty";
  const popup = element("div", list, empty);
  popup.className = "suggestions";
  popup.hidden = true;
  const status = element("div");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  form.append(popup, status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }))
    input.setAttribute(name, value);

  let chosen = -1;
  let isDown = false; // search does not work in this browser now: the server is asked instead

  /** @param {boolean} isOpen */
  function show(isOpen) {
    popup.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen && list.children.length > 0));
    if (!isOpen) choose(-1);
  }

  /** @param {number} next */
  function choose(next) {
    const options = [...list.children];
    chosen = next;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === next)));
    if (next < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", options[next].id);
    options[next].scrollIntoView({ block: "nearest" });
  }

  async function update() {
    const text = input.value;
    if (!text.trim()) return show(false);
    try {
      const { results, total } = await ask(text, LIMIT);
      isDown = false;
      if (input.value !== text) return; // a later query has overtaken this one
      list.replaceChildren(...results.map((result, i) => option(result, `${list.id}-${i}`)));
      list.hidden = !results.length;
      empty.hidden = results.length > 0;
      empty.textContent = results.length ? "" : fill(words.wordNone, { query: text.trim() });
      status.textContent = results.length ? fill(words.wordResults, { count: total }) : empty.textContent;
      choose(-1);
    } catch {
      isDown = true;
      list.replaceChildren();
      list.hidden = true;
      empty.hidden = false;
      empty.textContent = status.textContent = words.wordMissing ?? "";
    }
    show(document.activeElement === input);
  }

  /** @param {number} at */
  function follow(at) {
    addToTrail("searches", input.value);
    location.href = /** @type {HTMLElement} */ (list.children[at]).dataset.url ?? "";
  }

  input.addEventListener("focus", () => warm().catch(() => undefined), { once: true });
  input.addEventListener("input", update);
  input.addEventListener("blur", () => show(false));
  popup.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus in the box
  popup.addEventListener("click", (event) => {
    const at = [...list.children].findIndex((option) => option.contains(/** @type {Node} */ (event.target)));
    if (at >= 0) follow(at);
  });
  input.addEventListener("keydown", (event) => {
    // A Chinese or Korean syllable is still being written; Safari says so by the old key code alone.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = list.children.length - 1;
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
    const page = form.dataset.searchPage;
    if (isDown || !page) return;
    event.preventDefault();
    if (!input.value.trim()) return;
    addToTrail("searches", input.value);
    const url = new URL(page, location.href);
    url.searchParams.set("q", input.value.trim());
    location.href = url.href;
  });
}

/**
 * @param {import("./result.js").Result} result
 * @param {string} id
 */
function option(result, id) {
  const made = element("li", element("strong", result.title), element("small", ...excerptNodes(result.excerpt)));
  made.id = id;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  made.dataset.url = resultUrl(result);
  return made;
}
