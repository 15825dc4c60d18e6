/** The results page: answers `?q=…&category=…&applies=…` as it stands in the address. */

import { readSearch, searchAddress } from "./address.js";
import { filterNodes, searchLink } from "./filters.js";
import { OtherLanguages } from "./other-languages.js";
import { say, sayNodes } from "./phrase.js";
import { element, resultItem } from "./result.js";
import { ownSearch, siteBase } from "./search-client.js";
import { articleOf } from "./steady.js";
import { addToTrail } from "./trail.js";
import { alsoLines, judge, leadLines, suggestionOf } from "./verdict.js";

const PAGE_SIZE = 10;
const FEW = 3; // fewer results than this, and other languages are asked without waiting

const resultsPage = /** @type {HTMLElement | null} */ (document.querySelector("[data-results-page]"));
if (resultsPage) connectResultsPage(resultsPage);

/** @param {HTMLElement} page */
function connectResultsPage(page) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (page.querySelector(`[data-${name}]`));
  const input = /** @type {HTMLInputElement} */ (document.querySelector("form.search-form input[name=q]"));
  const filters = /** @type {HTMLDetailsElement} */ (part("filters"));
  const wide = matchMedia("(min-width: 64rem)");
  let search = readSearch(location.href);
  /** @type {Set<string>} */
  let shown = new Set(); // articles
  let received = 0;
  let isNone = false;
  const others = new OtherLanguages(part("others"), (languages) => {
    if (isNone && languages === 1) part("status").append(element("p", say("other-languages")));
  });

  async function show() {
    const asked = (search = readSearch(location.href));
    if (!asked.text) return input.focus();
    document.title = `${say("search-title", { query: asked.text })} · ${page.dataset.site}`;
    addToTrail("searches", asked.text);
    carry(asked.text);
    const answer = await ownSearch.ask({ ...queryOf(asked), facets: true }, page).catch(() => undefined);
    if (asked !== search || answer === null) return; // another search has overtaken this one
    if (answer) draw(answer);
    else drawMissing();
    part("found").hidden = false;
  }

  /** @param {import("./search-client.js").Answer} answer */
  function draw(answer) {
    const { results, total } = answer;
    const suggested = suggestionOf(answer);
    isNone = judge(answer) === "none";
    shown = new Set(results.map(articleOf));
    received = results.length;
    const count = isNone ? "" : say("results-count", { count: total });
    const lead = isNone ? [] : leadLines(answer, search.text);
    part("count").textContent = count;
    part("lead").replaceChildren(...lead, ...meantLine(suggested));
    part("also").replaceChildren(...alsoLines(answer));
    part("list").replaceChildren(...results.map((result) => resultItem(result, siteBase)));
    part("more").hidden = received >= total;
    drawFilters(answer);
    part("none-title").textContent = say("no-results", { query: search.text });
    part("none-hint").hidden = false;
    part("none").hidden = !isNone;
    part("help").hidden = isNone;
    const said = [count || part("none-title").textContent, ...lead.map((line) => line.textContent)];
    part("status").replaceChildren(...said.map((text) => element("p", text ?? "")));
    const isWhole = !search.category && !search.appliesTo;
    others.show(search.text, results, { isUrgent: isWhole && total < FEW, takesPartial: isWhole && isNone });
  }

  function drawMissing() {
    for (const name of ["lead", "also", "list", "facets"]) part(name).replaceChildren();
    part("count").textContent = "";
    for (const name of ["more", "help", "none-hint", "filters"]) part(name).hidden = true;
    part("none-title").textContent = say("search-missing");
    part("none").hidden = false;
    part("status").replaceChildren(element("p", say("search-missing")));
  }

  /** @param {import("./search-client.js").Answer} answer */
  function drawFilters(answer) {
    const key = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.key;
    const nodes = filterNodes(answer, search);
    part("facets").replaceChildren(...nodes);
    filters.hidden = !nodes.length;
    if (!key) return;
    const links = [.../** @type {NodeListOf<HTMLElement>} */ (filters.querySelectorAll("[data-key]"))];
    (links.find((link) => link.dataset.key === key) ?? part("count")).focus();
  }

  /**
   * @param {string | null} suggested
   * @returns {HTMLElement[]}
   */
  function meantLine(suggested) {
    if (!suggested) return [];
    const link = searchLink(searchAddress({ text: suggested, category: "", appliesTo: "" }), element("bdi", suggested));
    return [element("p", ...sayNodes("did-you-mean", { query: link }))];
  }

  async function showMore() {
    const asked = search;
    const answer = await ownSearch.ask({ ...queryOf(asked), offset: received }, page).catch(() => undefined);
    if (asked !== search || answer === null) return;
    if (!answer) return part("status").replaceChildren(element("p", say("search-missing")));
    // The site may have changed in between: nothing is shown twice.
    const fresh = answer.results.filter((result) => !shown.has(articleOf(result)));
    const items = fresh.map((result) => resultItem(result, siteBase));
    for (const result of fresh) shown.add(articleOf(result));
    received += answer.results.length;
    part("list").append(...items);
    others.leaveOut(fresh);
    part("more").hidden = received >= answer.total || !fresh.length;
    items[0]?.querySelector("a")?.focus();
  }

  /**
   * Lets the links that leave the page carry the query: to the ticket form, and to the other languages' results.
   * @param {string} text
   */
  function carry(text) {
    const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[data-ticket-link], .lang-links a"));
    for (const link of links) {
      const url = new URL(link.href);
      url.searchParams.set("q", text);
      link.href = url.href;
      delete link.dataset.own;
    }
  }

  page.addEventListener("click", (event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest("a[data-search-link]");
    if (!(link instanceof HTMLAnchorElement) || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    // A filter's link is found again; another one is gone once it was followed.
    if (!link.dataset.key) part("count").focus();
    input.value = readSearch(location.href).text;
    show();
  });
  part("more").addEventListener("click", showMore);
  addEventListener("popstate", () => {
    const wanted = readSearch(location.href);
    if (searchAddress(wanted) === searchAddress(search)) return; // a fragment alone has changed
    input.value = wanted.text;
    show();
  });
  filters.open = wide.matches || Boolean(search.category || search.appliesTo);
  wide.addEventListener("change", () => (filters.open = wide.matches));
  input.value = search.text;
  show();
}

/**
 * @param {import("./address.js").Search} search
 * @returns {import("./search-client.js").Query}
 */
function queryOf({ text, category, appliesTo }) {
  const filters = { ...(category && { category }), ...(appliesTo && { appliesTo }) };
  return { text, limit: PAGE_SIZE, ...((category || appliesTo) && { filters }) };
}
