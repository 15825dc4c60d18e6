/** Results in the site's other languages, below one's own. */

import { element, resultItem, withClass } from "./result.js";
import { SearchClient, siteBase } from "./search-client.js";
import { articleOf } from "./steady.js";

/** @typedef {import("./search-client.js").Result} Result */

const MOST_A_LANGUAGE = 3;
const MOST_ASKED = 2 * MOST_A_LANGUAGE; // some may be listed already
const NEAR = "600px";

/**
 * Shows below a page's own results what the other languages have on a text: at once when it is urgent, else when the block comes
 * near the viewport. They are asked one after another, so that a phone holds one of their indexes at a time.
 *
 * A language shows the source's article where it has no translation of it. Such an article is listed once: among the own
 * results, else below the language that is asked first.
 */
export class OtherLanguages {
  #turn = 0; // an answer to an earlier text is dropped
  #asked = "";
  #begin = () => {};
  /** @type {Map<string, HTMLElement | null>} articles to their items here; those of the page's own results have none */
  #listed = new Map();

  /**
   * @param {HTMLElement} block
   * @param {(languages: number) => void} onFound
   */
  constructor(block, onFound) {
    this.block = block;
    this.onFound = onFound;
    this.title = /** @type {HTMLElement} */ (block.querySelector("h2"));
    const options = { rootMargin: NEAR };
    this.observer = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && this.#begin(), options);
  }

  /**
   * @param {string} text
   * @param {Result[]} own the page's own results
   * @param {{isUrgent: boolean, takesPartial: boolean}} options takesPartial: one's own language has nothing at all
   */
  show(text, own, { isUrgent, takesPartial }) {
    if (text === this.#asked) return this.leaveOut(own);
    this.#asked = text;
    this.#turn += 1;
    this.#listed = new Map(own.map((result) => [sameText(result), null]));
    this.title.hidden = true;
    this.block.replaceChildren(this.title);
    this.#begin = () => {
      this.observer.disconnect();
      this.#begin = () => {};
      this.#askAll(text, takesPartial);
    };
    if (isUrgent) this.#begin();
    else this.observer.observe(this.block);
  }

  /**
   * Takes away what the page lists itself by now.
   * @param {Result[]} own
   */
  leaveOut(own) {
    for (const key of own.map(sameText)) {
      const item = this.#listed.get(key);
      this.#listed.set(key, null);
      const language = item?.closest(".language");
      item?.remove();
      if (language && !language.querySelector("li")) language.remove();
    }
    this.title.hidden ||= !this.block.querySelector(".language");
  }

  /**
   * @param {string} text
   * @param {boolean} takesPartial
   */
  async #askAll(text, takesPartial) {
    const mine = this.#turn;
    let languages = 0;
    for (const language of otherLanguages()) {
      const results = await search(language.base, text);
      if (mine !== this.#turn) return;
      const good = results.filter(({ tier }) => takesPartial || tier !== "partial");
      const fresh = good.filter((result) => !this.#listed.has(sameText(result))).slice(0, MOST_A_LANGUAGE);
      if (!fresh.length) continue;
      this.title.hidden = false;
      this.block.append(this.#languageBlock(language, fresh));
      this.onFound(++languages);
    }
  }

  /**
   * @param {{code: string, dir: string, name: string, base: URL}} language
   * @param {Result[]} results
   */
  #languageBlock({ code, dir, name, base }, results) {
    const items = results.map((result) => resultItem(result, base));
    results.forEach((result, number) => this.#listed.set(sameText(result), items[number]));
    for (const item of items) item.querySelector("a")?.setAttribute("hreflang", code);
    const block = withClass("language", element("section", element("h3", name), withClass("results", element("ol", ...items))));
    block.lang = code;
    block.dir = dir;
    return block;
  }
}

/**
 * Returns what tells a text from others: a translation stands at the same place as its source, but has a summary of its own.
 * @param {Result} result
 */
function sameText(result) {
  return `${articleOf(result)}\n${result.summary}`;
}

/** Returns the languages that the page's foot links to, but for the page's own. */
function otherLanguages() {
  const links = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".lang-links a[hreflang]"))];
  const others = links.filter(({ hreflang }) => hreflang !== document.documentElement.lang);
  return others.map(({ hreflang: code, dir, textContent }) => {
    return { code, dir, name: textContent ?? "", base: new URL(`../${code}/`, siteBase) };
  });
}

/**
 * @param {URL} base
 * @param {string} text
 */
async function search(base, text) {
  const client = new SearchClient(base);
  const answer = await client.ask({ text, limit: MOST_ASKED }).catch(() => null); // a language without search has no results
  client.close();
  return answer?.results ?? [];
}
