/** Reloads a previewed page when it has changed, and shows what is wrong with the content. */

const MOST = 8; // problems that are shown at once
const PATIENCE = 5000; // milliseconds that the next page may take
let isLeaving = false;
let isOld = false;
const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);
const events = new EventSource(`/_preview/events${new URL(src).search}`);

events.addEventListener("message", ({ data }) => {
  const news = JSON.parse(data);
  if (news.kind === "problems") show(news.problems, news.failed);
  else if (news.changed.some(concerns)) renew();
});

// A reload takes the place of whatever else the browser is about to show: whoever has just followed a link would come
// back to the old page. But a link may lead to a download or another tab, so this page goes on after a while. Not by
// `beforeunload`: a tab that is closed while its page with such a listener is reloaded may never close.
addEventListener("click", ({ target }) => {
  const link = target instanceof Element ? target.closest("a") : null;
  if (link?.href && link.pathname !== location.pathname) leave();
});
addEventListener("submit", leave);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload(); // it heard no news while it lay in the browser's memory
});

function leave() {
  isLeaving = true;
  setTimeout(() => {
    isLeaving = false;
    if (isOld) renew();
  }, PATIENCE);
}

function renew() {
  isOld = true;
  if (!isLeaving) location.reload();
}

/** @param {string} address of a file that has changed */
function concerns(address) {
  const own = decodeURI(location.pathname);
  return decodeURI(address) === own || /\.(css|js|svg|png|jpe?g|webp|gif)$/.test(address);
}

/**
 * @param {string[]} problems
 * @param {string[]} failed languages that could not be built
 */
function show(problems, failed) {
  document.querySelector("[data-problems]")?.remove();
  document.body.style.paddingBottom = "";
  if (!problems.length) return;
  const box = document.createElement("section");
  box.dataset.problems = "";
  box.dir = "ltr";
  box.setAttribute("role", "alert");
  box.style.cssText =
    "position:fixed;inset:auto 0 0 0;z-index:99;max-height:50vh;overflow:auto;padding:1rem 1.25rem;font:14px/1.5 system-ui;" +
    "background:#5b1220;color:#fff;border-top:3px solid #ff8a9a;white-space:pre-wrap;overflow-wrap:anywhere";
  const title = document.createElement("strong");
  title.textContent = problems.length > 1 ? `${problems.length} problems` : "A problem";
  if (failed.length) title.textContent += `; as they were built last: ${failed.join(", ")}`;
  box.append(title);
  for (const problem of problems.slice(0, MOST)) {
    const line = document.createElement("div");
    line.textContent = problem;
    line.style.marginTop = "0.4rem";
    box.append(line);
  }
  document.body.append(box);
  document.body.style.paddingBottom = `${box.offsetHeight}px`; // else the foot of the page could not be read
}
