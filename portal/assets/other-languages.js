/** Results in the site's other languages, below one's own. */

import { element, resultItem, withClass } from "./result.js";
import { SearchClient, siteBase } from "./search-client.js";

const MOST_A_LANGUAGE = 3;
const NEAR = "600px";

/**
 * Returns a function that shows what the other languages have on a text: at once when it is urgent, else when the block comes
 * near the viewport. They are asked one after another, so that a phone holds one of their indexes at a time.
 * @param {HTMLElement} block
 * @param {(languages: number) => void} onFound
 */
export function connectOtherLanguages(block, onFound) {
  const title = /** @type {HTMLElement} */ (block.querySelector("h2"));
  let turn = 0; // an answer to an earlier text is dropped
  let asked = "";
  let begin = () => {};
  const observer = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && begin(), { rootMargin: NEAR });

  /**
   * @param {string} text
   * @param {{isUrgent: boolean, takesPartial: boolean}} options takesPartial: one's own language has nothing at all
   */
  return (text, { isUrgent, takesPartial }) => {
    if (text === asked) return;
    asked = text;
    turn += 1;
    title.hidden = true;
    block.replaceChildren(title);
    begin = () => {
      observer.disconnect();
      begin = () => {};
      askAll(text, takesPartial);
    };
    if (isUrgent) begin();
    else observer.observe(block);
  };

  /**
   * @param {string} text
   * @param {boolean} takesPartial
   */
  async function askAll(text, takesPartial) {
    const mine = turn;
    let languages = 0;
    for (const language of otherLanguages()) {
      const results = await search(language.base, text);
      if (mine !== turn) return;
      const good = results.filter(({ tier }) => takesPartial || tier !== "partial");
      if (!good.length) continue;
      title.hidden = false;
      block.append(languageBlock(language, good));
      onFound(++languages);
    }
  }
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
  const answer = await client.ask({ text, limit: MOST_A_LANGUAGE }).catch(() => null); // a language without search has no results
  client.close();
  return answer?.results ?? [];
}

/**
 * @param {{code: string, dir: string, name: string, base: URL}} language
 * @param {import("./search-client.js").Result[]} results
 */
function languageBlock({ code, dir, name, base }, results) {
  const items = results.map((result) => resultItem(result, base));
  for (const item of items) item.querySelector("a")?.setAttribute("hreflang", code);
  const block = withClass("language", element("section", element("h3", name), withClass("results", element("ol", ...items))));
  block.lang = code;
  block.dir = dir;
  return block;
}
