/**
 * Registers our analysis with lunr.js 2.3.9, so that it can load and query an index from `answerdesk index --export lunr`.
 *
 * @param {any} lunr the library
 * @param {import("./analyse.js").Analyser} analyser made from `lunr-analysis.json`
 * @param {string} language
 */
export function registerPipeline(lunr, analyser, language) {
  const analyse = (/** @type {any} */ token) =>
    analyser.tokens(token.toString()).flatMap(({ terms }) => terms.map(([term]) => token.clone(() => term)));
  lunr.Pipeline.registerFunction(analyse, `answerdesk-${language}`);
}
