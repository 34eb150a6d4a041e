/** What is wrong with a table, and what would read it: each offer is a button. */

/** @typedef {import("./source.js").Offer} Offer */

/** @param {HTMLElement} root @param {(read: string) => void} taken with the parameter that an offer stands for */
export function createFaults(root, taken) {
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (root.querySelector(`[data-part=${id}]`));
  const [fault, offered, box] = [part("fault"), part("offers"), part("text")];
  const problem = /** @type {HTMLTemplateElement} */ (part("problem"));
  const choice = /** @type {HTMLTemplateElement} */ (part("offer"));

  /** @param {HTMLTemplateElement} template */
  const clone = (template) => /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));

  /** @param {Offer} offer */
  function button({ label, read }) {
    const made = clone(choice);
    made.textContent = label;
    made.dataset.read = read;
    return made;
  }

  offered.addEventListener("click", ({ target }) => {
    const read = target instanceof HTMLElement ? target.dataset.read : undefined;
    if (read === undefined) return;
    box.focus(); // the button goes
    taken(read);
  });

  return {
    /** Tells a mistake, or none. @param {string} message @param {readonly Offer[]} [offers] */
    tell(message, offers = []) {
      box.setAttribute("aria-invalid", String(message !== ""));
      offered.replaceChildren(...offers.map(button));
      if ((fault.textContent ?? "").trim() === message) return; // it is not said twice
      const told = clone(problem);
      /** @type {HTMLElement} */ (told.querySelector("span")).textContent = message;
      fault.replaceChildren(...(message ? [told] : []));
    },
  };
}
