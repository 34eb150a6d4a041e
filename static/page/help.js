/** The help: its switch for keys of one letter, which nobody has to have. */

const NAME = "letters";

/** @param {HTMLElement} root @param {import("./services.js").Memory} settings */
export function createHelp(root, settings) {
  const menu = /** @type {HTMLElement | null} */ (root.querySelector(".help"));
  const box = /** @type {HTMLInputElement | null} */ (menu?.querySelector("[data-letters]"));
  /** @type {boolean | null} */
  let letters = null;
  const hasLetters = () => (letters ??= settings.read(NAME) !== "off");
  menu?.addEventListener("beforetoggle", () => {
    if (box) box.checked = hasLetters();
  });
  box?.addEventListener("change", () => {
    letters = box.checked;
    settings.write(NAME, letters ? "" : "off");
  });
  return {
    show: () => menu?.showPopover(),
    hasLetters,
  };
}
