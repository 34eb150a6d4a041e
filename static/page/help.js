/** The help: its switch for keys of one letter, which nobody has to have. */

const NAME = "letters";

/** @param {HTMLElement} root @param {import("./services.js").Memory} settings */
export function createHelp(root, settings) {
  const menu = /** @type {HTMLElement | null} */ (root.querySelector(".help"));
  const box = /** @type {HTMLInputElement | null} */ (menu?.querySelector("[data-letters]"));
  if (box) box.checked = settings.read(NAME) !== "off";
  box?.addEventListener("change", () => settings.write(NAME, box.checked ? "" : "off"));
  return {
    show: () => menu?.showPopover(),
    hasLetters: () => box?.checked ?? true,
  };
}
