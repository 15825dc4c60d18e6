/**
 * Files of the form: chosen one after another, dropped, or pasted as a screenshot; each with its size and a button to remove it.
 * The browser's own field holds them all, so that the form sends them with or without this script.
 */

import { element, say, statusRegion } from "./phrases.js";

const MEGABYTE = 1024 * 1024;

/**
 * @param {HTMLFormElement} form
 * @param {File[]} kept files that the form had before it was shown again
 */
export function connectFiles(form, kept) {
  const field = /** @type {HTMLElement | null} */ (form.querySelector("[data-files]"));
  const input = /** @type {HTMLInputElement | null} */ (form.querySelector("#files"));
  if (!field || !input) return;
  const limits = {
    count: Number(field.dataset.count),
    size: Number(field.dataset.size),
    total: Number(field.dataset.total),
    types: (field.dataset.types ?? "").split(" "),
  };
  const list = element("ul", "file-list");
  list.setAttribute("aria-label", say(form, "files-chosen"));
  const problems = element("div", "error");
  problems.setAttribute("role", "alert");
  const status = statusRegion();
  field.append(element("p", "hint drop-hint", say(form, "files-drop")), problems, list, status);

  /** @type {File[]} */
  let chosen = [];

  /** @param {Iterable<File>} files */
  function add(files) {
    const found = [];
    const added = [];
    for (const file of files) {
      if (chosen.some((other) => isSame(other, file))) continue;
      const problem = problemOf(file);
      if (problem) found.push(problem);
      else {
        chosen = [...chosen, file];
        added.push(say(form, "files-added", { name: file.name }));
      }
    }
    problems.replaceChildren(...found.map((text) => element("p", "", text)));
    status.textContent = added.join(" ");
    show();
  }

  /** @param {File} file */
  function problemOf(file) {
    const { name, size } = file;
    const extension = name.includes(".") ? (name.split(".").at(-1) ?? "").toLowerCase() : "";
    if (!limits.types.includes(extension)) return say(form, "not-taken", { name });
    if (!size) return say(form, "empty", { name });
    if (size > limits.size) return say(form, "too-large", { name, limit: limits.size / MEGABYTE });
    if (chosen.length >= limits.count) return say(form, "too-many", { limit: limits.count });
    if (chosen.reduce((sum, other) => sum + other.size, size) > limits.total) return say(form, "too-much", { limit: limits.total / MEGABYTE });
    return "";
  }

  /** @param {File} file */
  function remove(file) {
    const at = chosen.indexOf(file);
    chosen = chosen.filter((other) => other !== file);
    problems.replaceChildren();
    status.textContent = say(form, "files-removed", { name: file.name });
    show();
    const buttons = list.querySelectorAll("button");
    (buttons[Math.min(at, buttons.length - 1)] ?? input)?.focus();
  }

  function show() {
    const transfer = new DataTransfer();
    for (const file of chosen) transfer.items.add(file);
    /** @type {HTMLInputElement} */ (input).files = transfer.files;
    list.replaceChildren(...chosen.map(item));
    list.hidden = !chosen.length;
    if (chosen.length) form.querySelector("[data-files-again]")?.remove();
  }

  /** @param {File} file */
  function item(file) {
    const button = /** @type {HTMLButtonElement} */ (element("button", "button quiet", "×"));
    button.type = "button";
    button.setAttribute("aria-label", say(form, "files-remove", { name: file.name }));
    button.addEventListener("click", () => remove(file));
    return element("li", "", element("bdi", "name", file.name), element("span", "size", sizeText(file.size)), button);
  }

  input.addEventListener("change", () => add([...(input.files ?? [])]));
  connectDrops(field, add);
  onPaste(form, add);
  if (kept.length) add(kept);
  else if (input.files?.length) add([...input.files]); // a browser that came back with them
  else show();
}

/**
 * Returns the files that a form holds.
 * @param {HTMLFormElement} form
 */
export function filesOf(form) {
  const input = /** @type {HTMLInputElement | null} */ (form.querySelector("#files"));
  return [...(input?.files ?? [])];
}

/**
 * @param {HTMLElement} field
 * @param {(files: File[]) => void} add
 */
function connectDrops(field, add) {
  for (const kind of ["dragenter", "dragover"])
    field.addEventListener(kind, (event) => {
      if (!(/** @type {DragEvent} */ (event).dataTransfer?.types.includes("Files"))) return;
      event.preventDefault();
      field.classList.add("is-over");
    });
  for (const kind of ["dragleave", "drop"]) field.addEventListener(kind, () => field.classList.remove("is-over"));
  field.addEventListener("drop", (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    add(files);
  });
}

/**
 * Takes pasted pictures wherever the cursor is in the page; text goes where it always does.
 * @param {HTMLFormElement} form
 * @param {(files: File[]) => void} add
 */
function onPaste(form, add) {
  const controller = new AbortController();
  document.addEventListener(
    "paste",
    (event) => {
      if (!form.isConnected) return controller.abort();
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length || event.clipboardData?.types.includes("text/plain")) return;
      event.preventDefault();
      add(files);
    },
    { signal: controller.signal },
  );
}

/**
 * @param {File} one
 * @param {File} other
 */
function isSame(one, other) {
  // A screenshot has always the same name, but not the same time.
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}

/** @param {number} size */
function sizeText(size) {
  const [value, unit] = size < MEGABYTE ? [size / 1024, "kilobyte"] : [size / MEGABYTE, "megabyte"];
  const shown = value < 10 ? Math.max(value, 0.1) : Math.round(value);
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: 1 }).format(shown);
}
