// Sends visitors of an old address on, with what they asked for beside it: the section, the search. From disk too.
{
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const url = new URL(script.dataset.to ?? "./", location.href);
  if (url.protocol === "file:" && url.pathname.endsWith("/")) url.pathname += "index.html";
  url.search = location.search;
  url.hash = location.hash;
  location.replace(url);
}
