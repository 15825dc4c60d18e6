/** Links lead into tabs too: those around what one leads to are chosen, or the tab that has its name. */

function openTabs() {
  const target = document.querySelector(":target");
  const isHidden = !target?.getClientRects().length;
  if (target instanceof HTMLInputElement) target.checked = true;
  for (let block = target?.closest(".tabbed-block"); block; block = block.parentElement?.closest(".tabbed-block")) {
    const place = [...(block.parentElement?.children ?? [])].indexOf(block);
    const tab = block.closest(".tabbed-set")?.querySelectorAll(":scope > input")[place];
    if (tab instanceof HTMLInputElement) tab.checked = true;
  }
  if (isHidden) target?.scrollIntoView();
}

for (const kind of ["pageshow", "hashchange"]) addEventListener(kind, openTabs);
addEventListener("click", (event) => {
  // A second time it is no change of the address.
  if (/** @type {Element} */ (event.target).closest?.('a[href^="#"]')) setTimeout(openTabs);
});
