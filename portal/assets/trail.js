/**
 * The visitor's trail: what was searched and read in this tab. It stays in the browser; a ticket link carries it to the form,
 * which shows it and lets the visitor remove it.
 *
 * @typedef {{searches: string[], articles: string[]}} Trail newest last
 */

const TRAIL_KEY = "trail";
const TRAIL_LENGTH = 5;

/** @returns {Trail} */
export function readTrail() {
  try {
    const { searches = [], articles = [] } = JSON.parse(sessionStorage.getItem(TRAIL_KEY) ?? "{}");
    return { searches, articles };
  } catch {
    return { searches: [], articles: [] };
  }
}

/**
 * @param {keyof Trail} kind
 * @param {string} entry
 */
export function addToTrail(kind, entry) {
  const trail = readTrail();
  const text = entry.trim().slice(0, 200);
  if (!text) return;
  trail[kind] = [...trail[kind].filter((other) => other !== text), text].slice(-TRAIL_LENGTH);
  try {
    sessionStorage.setItem(TRAIL_KEY, JSON.stringify(trail));
  } catch {
    // Storage is switched off or full: the ticket then carries only what its link says.
  }
}

/**
 * Returns a ticket link's address with the trail, the newest first.
 * @param {string} href
 * @param {Trail} trail
 */
export function withTrail(href, trail) {
  const url = new URL(href, location.href);
  const articles = [...url.searchParams.getAll("article"), ...trail.articles.toReversed()];
  const searches = [...url.searchParams.getAll("q"), ...trail.searches.toReversed()];
  url.searchParams.delete("article");
  url.searchParams.delete("q");
  for (const article of new Set(articles)) url.searchParams.append("article", article);
  for (const search of new Set(searches)) url.searchParams.append("q", search);
  return url.href;
}
