/** Offers the services of the chosen category, and those that belong to none. */

/** @param {HTMLFormElement} form */
export function narrowServices(form) {
  const category = /** @type {HTMLSelectElement | null} */ (form.querySelector("#category"));
  const service = /** @type {HTMLSelectElement | null} */ (form.querySelector("#service"));
  if (!category || !service) return;
  const narrow = () => {
    for (const option of service.options) {
      const own = option.dataset.category;
      option.hidden = option.disabled = Boolean(own && category.value && own !== category.value);
    }
    if (service.selectedOptions[0]?.disabled) service.value = "";
  };
  category.addEventListener("change", narrow);
  narrow();
}
