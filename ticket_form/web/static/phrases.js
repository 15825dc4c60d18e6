/** The phrases that scripts say: the form carries them in its language, «{name} was added.» */

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 */
export function say(form, name, values = {}) {
  const phrase = form.getAttribute(`data-say-${name}`) ?? "";
  return phrase.replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
}

/**
 * Returns an element with text, which never becomes markup.
 * @param {string} name
 * @param {string} className
 * @param {...(string | Node)} children
 */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/**
 * Returns a region whose text is spoken when it changes.
 * @param {string} [className]
 */
export function statusRegion(className = "visually-hidden") {
  const region = element("div", className);
  region.setAttribute("role", "status");
  return region;
}
