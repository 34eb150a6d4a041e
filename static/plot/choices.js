/** The choice of the variables that are plotted. */

/**
 * @param {HTMLElement} section
 * @param {Pick<import("../workbench.js").Page, "choose">} page
 * @param {() => readonly string[]} names those that are plotted
 */
export function createChoices(section, { choose }, names) {
  const choices = /** @type {HTMLSelectElement[]} */ ([...section.querySelectorAll("[data-plot-choice]")]);

  section.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLSelectElement) || !choices.includes(target)) return;
    const [first, second] = choices.map(({ value }) => value);
    const before = target === choices[0] ? names()[0] : ""; // the two change places
    choose({ plot: [first, second === first ? before : second].filter(Boolean).join(), box: "" });
  });

  return {
    show() {
      choices.forEach((choice, at) => {
        const name = names()[at] ?? "";
        if (choice.value !== name) choice.value = name;
      });
    },
  };
}
